import { TextInput, type TextInputProps } from '@mantine/core';
import type { CannedGroup } from '#shared/domain/canned-text.ts';
import { CannedTextList } from './CannedTextList.tsx';
import { useCannedText } from './use-canned-text.ts';

interface CannedTextInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'ref'> {
  readonly value: string;
  readonly onText: (text: string) => void;
  /** Texts of this place come first. */
  readonly prefer: CannedGroup;
}

/** A text field of one line that offers canned texts by `/`. */
export function CannedTextInput({ value, onText, prefer, onKeyDown, onBlur, ...rest }: CannedTextInputProps) {
  const { field, choices } = useCannedText<HTMLInputElement>({ onText, prefer, isOneLine: true, onKeyDown, onBlur });
  return (
    <CannedTextList choices={choices}>
      <TextInput {...rest} value={value} {...field} />
    </CannedTextList>
  );
}
