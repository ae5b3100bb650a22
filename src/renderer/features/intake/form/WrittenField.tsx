import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import type { Words } from '#shared/domain/form/form-definition.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { readWritten, showWritten, type WrittenType } from './written-value.ts';

interface WrittenFieldProps {
  readonly control: FieldControl;
  readonly type: WrittenType;
  readonly value: FormValue | undefined;
  readonly onChange: (value: FormValue) => void;
  readonly placeholder: string;
  /** What is counted, at the end of the field. */
  readonly unit: string;
  /** The same in both languages: a number may be written with either. */
  readonly counts: Words | undefined;
  readonly disabled: boolean;
  readonly testId: string;
}

/** Room for a unit beside the value, in px: Chinese characters are twice as wide as Latin ones. */
function widthOf(unit: string): number {
  return Array.from(unit).reduce((width, character) => width + (character > '\u2e80' ? 13 : 7), 20);
}

/** A value that is typed as one says it and shown in its usual form once the field is left. Nothing typed is ever cut off. */
export function WrittenField({
  control,
  type,
  value,
  onChange,
  placeholder,
  unit,
  counts,
  disabled,
  testId,
}: WrittenFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      id={control.id}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={typed ?? showWritten(type, value)}
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
        onChange(readWritten(type, text, counts));
      }}
      onBlur={() => setTyped(null)}
      data-testid={testId}
    />
  );
}
