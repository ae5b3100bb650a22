import { expect, test } from 'vitest';
import { splitByWords } from '#renderer/ui/Highlight.tsx';

/** A text with what is marked in brackets. */
function marked(text: string, words: readonly string[], skipped?: string): string {
  return splitByWords(text, words, skipped)
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join('');
}

test('every place of every word is marked, whatever its case and width', () => {
  expect(marked('路灯坏了，路灯两年不亮', ['路灯'])).toBe('[路灯]坏了，[路灯]两年不亮');
  expect(marked('ABC Company ａｂｃ', ['abc'])).toBe('[ABC] Company [ａｂｃ]');
  expect(marked('中央路260号', ['中央路', '路260'])).toBe('[中央路260]号');
  expect(marked('a.c abc', ['a.c'])).toBe('[a.c] abc');
  expect(marked('没有', ['路灯', ''])).toBe('没有');
  expect(marked('', ['路'])).toBe('');
});

test('a number is marked across the gaps it is written with', () => {
  expect(marked('138 0000 1234', ['00001'], ' ')).toBe('138 [0000 1]234');
  expect(marked('025-8400 0001', ['02584'], ' -')).toBe('[025-84]00 0001');
});
