import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import classes from './FormFields.module.css';
import { readWritten, showWritten, type WrittenFieldType } from './written-value.ts';

interface WrittenFieldProps {
  readonly control: FieldControl;
  readonly field: WrittenFieldType;
  readonly value: FormValue | undefined;
  readonly onChange: (value: FormValue) => void;
  readonly placeholder: string;
  /** What is counted, at the end of the field. */
  readonly unit: string;
  readonly disabled: boolean;
  readonly testId: string;
}

/** Room for a unit beside the value, in px: Chinese characters are twice as wide as Latin ones. */
function widthOf(unit: string): number {
  return Array.from(unit).reduce((width, character) => width + (character > '\u2e80' ? 13 : 7), 20);
}

/** What was read out of words for a day or an hour, while they still stand in the field; null when there is nothing to say. */
function readAs(field: WrittenFieldType, typed: string | null): string | null {
  if (typed === null || !['date', 'date-time', 'time'].includes(field.type)) return null;
  const value = readWritten(field, typed);
  if (value === typed) return null;
  const shown = showWritten(field.type, value);
  return shown === '' || shown === typed.trim() ? null : shown;
}

/**
 * A value that is typed as one says it and shown in its usual form once the field is left. Nothing typed is ever cut off, and what is
 * made of a day in words (6月, 昨天) is said while it is typed.
 */
export function WrittenField(props: WrittenFieldProps) {
  const { control, field, value, onChange, placeholder, unit, disabled, testId } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const understood = readAs(field, typed);
  return (
    <>
      <TextInput
        id={control.id}
        error={control.invalid}
        aria-describedby={control.describedBy}
        value={typed ?? showWritten(field.type, value)}
        placeholder={placeholder}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        rightSection={unit === '' ? null : <span style={{ color: 'var(--c-muted)', fontSize: 12 }}>{unit}</span>}
        rightSectionWidth={unit === '' ? undefined : widthOf(unit)}
        rightSectionPointerEvents="none"
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          onChange(readWritten(field, text));
        }}
        onBlur={() => setTyped(null)}
        data-testid={testId}
      />
      {understood !== null && (
        <span className={classes.understood} role="status" data-testid={TEST_IDS.formFieldRead(field.id)}>
          {t('forms.readAs', { value: understood })}
        </span>
      )}
    </>
  );
}
