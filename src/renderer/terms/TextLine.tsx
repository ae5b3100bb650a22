import { FieldRow } from '#renderer/ui/FieldRow.tsx';
import type { CannedGroup } from '#shared/domain/canned-text.ts';
import { CannedTextInput } from './CannedTextInput.tsx';
import { useTextProblem } from './text-problem.ts';

interface TextLineProps {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Most characters (UTF-16 units) of it; more are kept in the field and said to be too many. */
  readonly max: number;
  /** What else is wrong with it. */
  readonly problem?: string | null;
  readonly help?: string;
  readonly placeholder?: string;
  /** The field a dialog begins with. */
  readonly isFirst?: boolean;
  readonly prefer?: CannedGroup;
  readonly testId: string;
}

/** A field of one line with its label: nothing typed or pasted is cut off, what cannot be taken is said at the field. */
export function TextLine(props: TextLineProps) {
  const { label, value, onText, max, help, placeholder, isFirst = false, prefer = 'note', testId } = props;
  const problem = useTextProblem()(value, max) ?? props.problem ?? null;
  return (
    <FieldRow label={label} error={problem} {...(help === undefined ? {} : { help })}>
      {({ id, invalid, describedBy }) => (
        <CannedTextInput
          id={id}
          value={value}
          error={invalid}
          aria-describedby={describedBy}
          data-autofocus={isFirst || undefined}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          onText={onText}
          prefer={prefer}
          data-testid={testId}
        />
      )}
    </FieldRow>
  );
}
