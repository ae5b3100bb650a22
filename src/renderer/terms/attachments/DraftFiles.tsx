import { useTranslation } from 'react-i18next';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import { dataClient } from '../../platform/data-client.ts';
import { useLiveQuery } from '../../platform/live-query.ts';
import classes from './Attachments.module.css';
import { FileAdder } from './FileAdder.tsx';
import { FileDropZone } from './FileDropZone.tsx';
import { FileLine } from './FileLine.tsx';
import { FileNotTaken, useFileIntake } from './use-file-intake.ts';

interface DraftFilesProps {
  /** Lines that name files (attachment-ref.ts). */
  readonly value: readonly string[];
  /** Changes the files as they are at that moment: a stored file may come after this was drawn. Runs the change at once. */
  readonly onChange: (change: (files: readonly string[]) => string[]) => void;
  readonly disabled: boolean;
  readonly most: number;
  readonly testId: string;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  /** Files dropped or pasted outside of it are handed in by whoever owns that place. */
  readonly takeRef?: { current: ((files: readonly File[]) => void) | null };
}

/** The files of a draft or of one question of its form: stored encrypted at once, sent when a ticket is made of it. */
export function DraftFiles({ value, onChange, disabled, most, testId, id, describedBy, takeRef }: DraftFilesProps) {
  const { t } = useTranslation();
  const intake = useFileIntake((written) => {
    let isFull = false;
    onChange((files) => {
      if (files.some((line) => line.slice(0, 64) === written.slice(0, 64))) return [...files];
      isFull = files.length >= most;
      return isFull ? [...files] : [...files, written];
    });
    if (isFull) throw new FileNotTaken(t('attachments.tooMany', { count: most }));
  });
  if (takeRef) takeRef.current = (files) => void intake.take(files);
  const files = value.flatMap((written) => readAttachment(written) ?? []);
  const hashes = files.map(({ sha256 }) => sha256);
  const { data } = useLiveQuery(
    ['attachments'],
    async () => (hashes.length === 0 ? [] : dataClient.attachments.states({ hashes })),
    [hashes],
  );
  return (
    <FileDropZone onFiles={(dropped) => void intake.take(dropped)} disabled={disabled}>
      {files.length > 0 && (
        <ul className={classes.files}>
          {files.map((file) => (
            <FileLine
              key={file.sha256}
              file={file}
              state={data?.find(({ sha256 }) => sha256 === file.sha256)}
              ticketUid={null}
              removeLabel={t('attachments.remove', { name: file.name })}
              disabled={disabled}
              onRemove={() => onChange((now) => now.filter((written) => !written.startsWith(file.sha256)))}
            />
          ))}
        </ul>
      )}
      <FileAdder
        intake={intake}
        disabled={disabled || value.length >= most}
        testId={testId}
        id={id}
        describedBy={describedBy}
      />
    </FileDropZone>
  );
}
