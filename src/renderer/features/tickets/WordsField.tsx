import { CannedTextArea } from '#renderer/terms/CannedTextArea.tsx';
import { FieldRow } from '#renderer/ui/FieldRow.tsx';

interface WordsFieldProps {
  readonly label: string;
  /** Why the words cannot be taken as they are. */
  readonly error: string | null;
  readonly help: string;
  readonly value: string;
  readonly onText: (words: string) => void;
  /** Not the field the dialog begins with. */
  readonly isLater?: boolean;
  readonly maxRows?: number;
  readonly testId: string;
}

/** What somebody writes about a step of a ticket: reason, answer, remark; with canned texts. */
export function WordsField(props: WordsFieldProps) {
  const { label, error, help, value, onText, isLater = false, maxRows = 5, testId } = props;
  return (
    <FieldRow label={label} error={error} help={help}>
      {({ id, invalid, describedBy }) => (
        <CannedTextArea
          id={id}
          value={value}
          error={invalid}
          aria-describedby={describedBy}
          data-autofocus={!isLater || undefined}
          autosize
          minRows={2}
          maxRows={maxRows}
          spellCheck={false}
          onText={onText}
          prefer="note"
          data-testid={testId}
        />
      )}
    </FieldRow>
  );
}
