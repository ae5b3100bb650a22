import { Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Attachments.module.css';
import type { useFileIntake } from './use-file-intake.ts';

interface FileAdderProps {
  readonly intake: ReturnType<typeof useFileIntake>;
  readonly disabled: boolean;
  readonly testId: string;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
}

/** The button that opens the file picker, and what was not taken. */
export function FileAdder({ intake, disabled, testId, id, describedBy }: FileAdderProps) {
  const { t } = useTranslation();
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <div className={classes.adder}>
        <input
          ref={inputRef}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          onChange={(event) => {
            void intake.take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
          data-testid={`${testId}-input`}
        />
        <Button
          {...(id === undefined ? {} : { id })}
          variant="default"
          size="compact-md"
          aria-describedby={describedBy}
          disabled={disabled || intake.isWorking}
          leftSection={<IconPaperclip size={15} aria-hidden />}
          onClick={() => inputRef.current?.click()}
          data-testid={testId}
        >
          {t(intake.isWorking ? 'attachments.storing' : 'attachments.add')}
        </Button>
        <span className={classes.note}>{t('attachments.how')}</span>
      </div>
      {intake.refused.map((text) => (
        <div key={text} className={classes.refused} role="alert" data-testid={`${testId}-refused`}>
          {text}
        </div>
      ))}
    </>
  );
}
