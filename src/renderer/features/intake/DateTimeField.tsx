import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { fromDateTimeInput, toDateTimeInput } from '#renderer/ui/format-time.ts';

interface DateTimeFieldProps {
  readonly control: FieldControl;
  readonly value: number | null;
  readonly onChange: (at: number | null) => void;
  readonly disabled: boolean;
  readonly testId: string;
}

/** The time an input means, or undefined while it is half typed (a year of 0002 is on its way to 2026). */
function parseInput(text: string): number | null | undefined {
  if (text === '') return null;
  const at = fromDateTimeInput(text);
  return at !== null && at >= 0 ? at : undefined;
}

/** Date and time of day in Beijing. What is half typed stays in the field and does not reach the form. */
export function DateTimeField({ control, value, onChange, disabled, testId }: DateTimeFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      id={control.id}
      type="datetime-local"
      w={210}
      value={typed ?? toDateTimeInput(value)}
      disabled={disabled}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const at = parseInput(text);
        if (at !== undefined) onChange(at);
      }}
      onBlur={() => setTyped(null)}
      data-testid={testId}
    />
  );
}
