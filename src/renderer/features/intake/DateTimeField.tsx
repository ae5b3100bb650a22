import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { clock } from '#renderer/ui/now.ts';
import { parseWhen } from '#renderer/ui/parse-time.ts';

interface DateTimeFieldProps {
  readonly control: FieldControl;
  readonly value: number | null;
  readonly onChange: (at: number | null) => void;
  /** Tells whether what is typed can be read as a time. */
  readonly onReadable: (readable: boolean) => void;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly testId: string;
}

/** A moment, typed as one says it; shown as date and time once the field is left. */
export function DateTimeField(props: DateTimeFieldProps) {
  const { control, value, onChange, onReadable, placeholder, disabled, testId } = props;
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      id={control.id}
      w={310}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={typed ?? (value === null ? '' : formatMinute(value))}
      placeholder={placeholder}
      maxLength={40}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onReadable(true);
        const at = parseWhen(text, clock.now());
        if (at !== null || text.trim() === '') onChange(at);
      }}
      onBlur={() => {
        const readable = typed === null || typed.trim() === '' || parseWhen(typed, clock.now()) !== null;
        onReadable(readable);
        if (readable) setTyped(null);
      }}
      data-testid={testId}
    />
  );
}
