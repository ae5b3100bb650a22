import { ActionIcon, Button } from '@mantine/core';
import { IconFile, IconFilePlus, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatBytes } from '#renderer/terms/form-text.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { type AttachmentRef, readAttachment, writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import classes from './FormFields.module.css';

/** A file is read as a whole to compute its fingerprint. */
const MAX_MB = 200;

interface AttachmentFieldProps {
  readonly control: FieldControl;
  readonly value: readonly string[];
  readonly onChange: (files: string[] | null) => void;
  readonly disabled: boolean;
  readonly testId: string;
}

async function fingerprint(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Registers files of a citizen by name, size and hash. The files stay where they are: sending them is not part of the form,
 * and the field says so.
 */
export function AttachmentField({ control, value, onChange, disabled, testId }: AttachmentFieldProps) {
  const { t } = useTranslation();
  const inputRef = useRef<HTMLInputElement>(null);
  const [working, setWorking] = useState(false);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const latest = useRef(value);
  latest.current = value;

  const take = async (chosen: readonly File[]) => {
    setWorking(true);
    const problems: string[] = [];
    for (const file of chosen) {
      const { name, size, type } = file;
      if (size > MAX_MB * 1024 * 1024) {
        problems.push(t('forms.attachment.tooLarge', { name, max: MAX_MB }));
        continue;
      }
      const sha256 = await fingerprint(file).catch(() => null);
      const written = sha256 === null ? null : writeAttachment({ sha256, size, type, name });
      if (written === null) problems.push(t('forms.attachment.unreadable', { name }));
      else if (!readAttachment(written)) problems.push(t('forms.attachment.badName', { name: name.slice(0, 40) }));
      else if (!latest.current.includes(written)) {
        const files = [...latest.current, written];
        latest.current = files;
        onChange(files);
      }
    }
    setRefused(problems);
    setWorking(false);
  };
  const refs = value.map((written) => [written, readAttachment(written)] as const);
  return (
    <div className={classes.files}>
      {refs.map(([written, ref]) => (
        <FileLine
          key={written}
          file={ref}
          disabled={disabled}
          onRemove={() => {
            const rest = value.filter((one) => one !== written);
            onChange(rest.length === 0 ? null : rest);
          }}
        />
      ))}
      <div>
        <input
          ref={inputRef}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          onChange={(event) => {
            void take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
          data-testid={`${testId}-input`}
        />
        <Button
          id={control.id}
          variant="default"
          size="compact-md"
          aria-describedby={control.describedBy}
          disabled={disabled || working}
          leftSection={<IconFilePlus size={15} aria-hidden />}
          onClick={() => inputRef.current?.click()}
          data-testid={testId}
        >
          {t(working ? 'forms.attachment.working' : 'forms.attachment.add')}
        </Button>
      </div>
      {refused.map((text) => (
        <div key={text} className={classes.refused} role="alert">
          {text}
        </div>
      ))}
      <div className={classes.note}>{t('forms.attachment.note')}</div>
    </div>
  );
}

interface FileLineProps {
  readonly file: AttachmentRef | null;
  readonly disabled: boolean;
  readonly onRemove: () => void;
}

function FileLine({ file, disabled, onRemove }: FileLineProps) {
  const { t } = useTranslation();
  const name = file?.name ?? '';
  return (
    <div className={classes.file} data-testid={TEST_IDS.formFile(name)}>
      <IconFile size={15} aria-hidden />
      <span className={classes.fileName}>{name}</span>
      {file && (
        <span className={classes.note}>
          {formatBytes(file.size)} · {t('forms.attachment.fingerprint', { hash: file.sha256.slice(0, 8) })}
        </span>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        disabled={disabled}
        aria-label={t('forms.attachment.remove', { name })}
        onClick={onRemove}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
