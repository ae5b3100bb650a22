import { CannedTextInput } from '#renderer/terms/CannedTextInput.tsx';
import type { FieldControl } from '#renderer/ui/FieldRow.tsx';

interface ShortTextFieldProps {
  readonly control: FieldControl;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
  readonly disabled: boolean;
  readonly testId: string;
}

/**
 * One line of text, taken as it is typed or pasted: what is too long is said at the field, never cut in silence. `/` offers canned
 * texts.
 */
export function ShortTextField({ control, value, onChange, placeholder, disabled, testId }: ShortTextFieldProps) {
  return (
    <CannedTextInput
      id={control.id}
      error={control.invalid}
      aria-describedby={control.describedBy}
      value={value}
      placeholder={placeholder}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      onText={onChange}
      prefer="content"
      data-testid={testId}
    />
  );
}
