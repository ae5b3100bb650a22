import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { clock } from '#renderer/ui/now.ts';
import { parsePast } from '#renderer/ui/parse-time.ts';

interface DateTimeFieldProps {
  readonly control: FieldControl;
  readonly value: number | null;
  /** What was typed here and cannot be read as a time. */
  readonly unreadable: string;
  /** The moment that is read, or null with the text that cannot be read (empty for an empty field). */
  readonly onChange: (at: number | null, unreadable: string) => void;
  /** Somebody types, or has left the field. */
  readonly onTyping: (isTyping: boolean) => void;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly testId: string;
  /** Reads what is typed; a moment that has been when left out. */
  readonly parse?: (text: string, now: number) => number | null;
}

/** A moment, typed as one says it; shown as date and time once the field is left. What cannot be read stays as it was typed. */
export function DateTimeField(props: DateTimeFieldProps) {
  const { control, value, unreadable, onChange, onTyping, placeholder, disabled, testId, parse = parsePast } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const kept = unreadable === '' && value !== null ? formatMinute(value) : unreadable;
  return (
    <TextInput
      id={control.id}
      w={310}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={typed ?? kept}
      placeholder={placeholder}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onTyping(true);
        const at = parse(text, clock.now());
        onChange(at, at === null && text.trim() !== '' ? text : '');
      }}
      onBlur={() => {
        onTyping(false);
        setTyped(null);
      }}
      data-testid={testId}
    />
  );
}
