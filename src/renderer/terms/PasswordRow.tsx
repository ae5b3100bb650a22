import { PasswordInput } from '@mantine/core';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';

interface PasswordRowProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly onText: (text: string) => void;
  readonly autoFocus?: boolean;
  readonly testId: string;
}

/** A line of a form for something secret: hidden while it is typed, and kept by nobody. */
export function PasswordRow({ label, value, error, onText, autoFocus = false, testId }: PasswordRowProps) {
  return (
    <FieldRow label={label} error={error}>
      {({ id, invalid, describedBy }) => (
        <PasswordInput
          id={id}
          value={value}
          error={invalid}
          aria-invalid={invalid}
          aria-describedby={describedBy}
          autoComplete="off"
          {...(autoFocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => onText(event.currentTarget.value)}
          data-testid={testId}
        />
      )}
    </FieldRow>
  );
}
