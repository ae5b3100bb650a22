import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { readAttachment } from '#shared/domain/form/attachment-ref.ts';
import { dataClient } from '../../platform/data-client.ts';
import { useLiveQuery } from '../../platform/live-query.ts';
import classes from './Attachments.module.css';
import { FileAdder } from './FileAdder.tsx';
import { FileDropZone } from './FileDropZone.tsx';
import { FileLine } from './FileLine.tsx';
import { useFileIntake } from './use-file-intake.ts';

interface DraftFilesProps {
  /** Lines that name files (attachment-ref.ts). */
  readonly value: readonly string[];
  readonly onChange: (files: string[]) => void;
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
  const latest = useRef(value);
  latest.current = value;
  const intake = useFileIntake((written) => {
    const sameFile = (line: string) => line.slice(0, 64) === written.slice(0, 64);
    if (latest.current.length >= most || latest.current.some(sameFile)) return;
    const files = [...latest.current, written];
    latest.current = files;
    onChange(files);
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
              onRemove={() => onChange(value.filter((written) => !written.startsWith(file.sha256)))}
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
