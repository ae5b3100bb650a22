import { Textarea, type TextareaProps } from '@mantine/core';
import type { CannedGroup } from '#shared/domain/canned-text.ts';
import { CannedTextList } from './CannedTextList.tsx';
import { useCannedText } from './use-canned-text.ts';

interface CannedTextAreaProps extends Omit<TextareaProps, 'value' | 'onChange' | 'ref'> {
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Texts of this place come first. */
  readonly prefer: CannedGroup;
}

/** A text field of several lines that offers canned texts by `/`. */
export function CannedTextArea({ value, onText, prefer, onKeyDown, onBlur, ...rest }: CannedTextAreaProps) {
  const { field, choices } = useCannedText<HTMLTextAreaElement>({
    onText,
    prefer,
    isOneLine: false,
    onKeyDown,
    onBlur,
  });
  return (
    <CannedTextList choices={choices}>
      <Textarea {...rest} value={value} {...field} />
    </CannedTextList>
  );
}
