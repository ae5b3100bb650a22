import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexTokens, tokenText, toTokenChar } from '#main/data/search/search-tokens.ts';

const END = toTokenChar(0x20);
const charsOf = (text: string) => Array.from({ length: text.length }, (_, i) => toTokenChar(text.charCodeAt(i)));

/** What {@link indexTokens} says it gives, written down as plainly as possible. */
function plainTokens(text: string): ReadonlySet<string> {
  const chars = charsOf(text);
  const tokens = new Set<string>(chars.filter((char) => char !== END));
  for (const [i, char] of chars.entries()) if (char !== END) tokens.add(char + (chars[i + 1] ?? END));
  for (const { 0: digits } of text.matchAll(/\d{3,}/g)) {
    for (const size of [3, 4]) for (let i = 0; i + size <= digits.length; i++) tokens.add(digits.slice(i, i + size));
  }
  for (const { 0: digits, index } of text.matchAll(/(?<=[^\d])\d{1,4}(?=[^\d])/g)) {
    tokens.add(`${chars[index - 1]}${digits}${chars[index + digits.length]}`);
  }
  return tokens;
}

const texts = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.stringMatching(/^[路3号0-9 \n市a]{0,60}$/),
  fc
    .array(fc.constantFrom('文苑路', '12', '号', '夜间施工', ' ', '13951990011', '😀', '，'), { maxLength: 2_000 })
    .map((parts) => parts.join('')),
);

test('property: a text has the tokens of its units, pairs, groups of digits and numbers, whatever was written before it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(indexTokens(text, [])).toEqual(plainTokens(text));
    }),
    { numRuns: 1_000 },
  );
});

test('units and pairs are written once, further tokens as they are', () => {
  expect(tokenText('路路路', [], ['甲', '甲']).split(' ').sort()).toEqual(
    ['甲', '甲', '路', '路路', `路${END}`].sort(),
  );
  expect(tokenText('', [])).toBe('');
});
