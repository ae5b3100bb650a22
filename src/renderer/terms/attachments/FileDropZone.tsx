import { type ClipboardEvent, type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../../ui/format-time.ts';
import { clock } from '../../ui/now.ts';
import classes from './Attachments.module.css';

interface FileDropZoneProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly disabled: boolean;
  /** The zone takes the place of what it surrounds in the layout, instead of being a box of its own. */
  readonly transparent?: boolean;
  readonly children: ReactNode;
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Takes files that are dropped or pasted anywhere inside. Pasted words stay words. */
export function FileDropZone({ onFiles, disabled, transparent = false, children }: FileDropZoneProps) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const paste = (event: ClipboardEvent) => {
    const { files, types } = event.clipboardData;
    // Office programs put a picture beside every piece of text.
    if (disabled || files.length === 0 || types.includes('text/plain')) return;
    event.preventDefault();
    event.stopPropagation();
    const time = formatClock(clock.now());
    onFiles(
      [...files].map((file) => (file.name === 'image.png' ? renamed(file, t('attachments.pasted', { time })) : file)),
    );
  };
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!disabled) onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a further way beside the button that opens the file picker
    <div
      className={transparent ? classes.transparentZone : classes.zone}
      data-over={isOver}
      onPaste={paste}
      // A zone inside takes the file and stops the event: this one must not look as if it waited still.
      onDropCapture={() => setOver(false)}
      onDrop={drop}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = disabled ? 'none' : 'copy';
        setOver(!disabled);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false);
      }}
    >
      {children}
    </div>
  );
}

function renamed(file: File, name: string): File {
  return new File([file], `${name}.png`, { type: file.type });
}
