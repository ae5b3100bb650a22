import { eachReadingToken } from './reading-match.ts';
import { TokenWriter } from './token-writer.ts';

/** Stands for ASCII white space and the end of a text, so that the last character of a word has a pair too. */
const END = 0xe0ff;
/** Runs of digits are also cut into groups: a pair of digits is in nearly every phone number, a group of four in one of a thousand. */
const DIGIT_GROUPS = [3, 4] as const;
/** A house number, a floor, a sum: a short run of digits with what stands on both sides of it. */
const LONGEST_NUMBER = 4;
const NUMBER_INSIDE = /(?<=[^\d])\d{1,4}(?=[^\d])/g;

/**
 * One UTF-16 unit as a unit of a token. Letters and digits stand for themselves, other ASCII moves to the private use
 * area (the tokenizer would split there), and so do the halves of surrogate pairs (alone they are not UTF-8). A real
 * private-use character may look the same: that only makes a candidate that the check afterwards removes.
 */
function tokenUnit(unit: number): number {
  if (unit < 0x80) {
    if (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)) return END;
    const isWord = (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
    return isWord ? unit : 0xe000 + unit;
  }
  return unit >= 0xd800 && unit <= 0xdfff ? 0xe100 + (unit - 0xd800) : unit;
}

/** {@link tokenUnit} as a character. */
export function toTokenChar(unit: number): string {
  return String.fromCharCode(tokenUnit(unit));
}

const writer = new TokenWriter();

/**
 * Index tokens of a folded text, with a space between two: every unit, every pair of neighbouring units, groups of neighbouring digits, and
 * short numbers with their neighbours (路3号 is in a thousandth of the tickets that have both 路3 and 3号). Units and pairs come once; of
 * the others some may come again, which is nothing to the index.
 * @param names what of it is also found by how it is read
 * @param more further tokens
 */
export function tokenText(text: string, names: readonly string[], more: readonly string[] = []): string {
  writer.begin(text.length);
  eachReadingToken(names, (token) => writer.addToken(token));
  for (const token of more) writer.addToken(token);
  let previous = END;
  /** Where the digits before this place begin. */
  let run = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0x20;
    const current = tokenUnit(unit);
    if (previous !== END) writer.addPair(previous, current);
    if (current !== END) writer.addUnit(current);
    previous = current;
    if (unit >= 0x30 && unit <= 0x39) continue;
    if (run < i) addDigits(text, run, i);
    run = i + 1;
  }
  return writer.text();
}

function addDigits(text: string, from: number, to: number): void {
  for (const size of DIGIT_GROUPS) {
    for (let at = from; at + size <= to; at++) {
      writer.beginToken();
      for (let i = at; i < at + size; i++) writer.put(text.charCodeAt(i));
    }
  }
  if (to - from > LONGEST_NUMBER || from === 0 || to === text.length) return;
  writer.beginToken();
  writer.put(tokenUnit(text.charCodeAt(from - 1)));
  for (let i = from; i < to; i++) writer.put(text.charCodeAt(i));
  writer.put(tokenUnit(text.charCodeAt(to)));
}

/** The tokens of {@link tokenText}, each once. */
export function indexTokens(text: string, names: readonly string[]): ReadonlySet<string> {
  const tokens = tokenText(text, names);
  return new Set(tokens === '' ? [] : tokens.split(' '));
}

/** A token with its place in the text. */
export interface PlacedToken {
  readonly token: string;
  readonly at: number;
}

/** Groups of neighbouring digits of the largest size that fits into each run. */
function digitGroups(text: string): readonly PlacedToken[] {
  const groups: PlacedToken[] = [];
  for (const run of text.matchAll(/\d{3,}/g)) {
    const size = Math.min(Math.max(...DIGIT_GROUPS), run[0].length);
    for (let i = 0; i + size <= run[0].length; i++) {
      groups.push({ token: run[0].slice(i, i + size), at: run.index + i });
    }
  }
  return groups;
}

/** Short numbers that neither begin nor end the text, with the unit before and after them. */
function numbersInside(text: string): readonly PlacedToken[] {
  return Array.from(text.matchAll(NUMBER_INSIDE), ({ 0: digits, index }) => ({
    token: toTokenChar(text.charCodeAt(index - 1)) + digits + toTokenChar(text.charCodeAt(index + digits.length)),
    at: index - 1,
  }));
}

/** Share of the tickets (0–1) that have a token, as far as known. */
export type TokenFrequency = (token: string) => number;

/**
 * Tokens that a text with this term in it has: the only unit of a short term; else numbers with their neighbours, groups of digits and
 * pairs, but nothing inside another one, which would add nothing to it.
 */
export function termTokens(term: string): readonly PlacedToken[] {
  if (term.length === 1) return [{ token: toTokenChar(term.charCodeAt(0)), at: 0 }];
  const numbers = numbersInside(term);
  const isInside = ({ token, at }: PlacedToken) =>
    numbers.some((number) => number.at <= at && at + token.length <= number.at + number.token.length);
  return [...numbers, ...[...digitGroups(term), ...termPairs(term)].filter((part) => !isInside(part))];
}

function termPairs(term: string): readonly PlacedToken[] {
  const inGroup = new Set<number>();
  for (const run of term.matchAll(/\d{3,}/g)) {
    for (let i = run.index; i + 1 < run.index + run[0].length; i++) inGroup.add(i);
  }
  const pairs: PlacedToken[] = [];
  for (let i = 0; i + 1 < term.length; i++) {
    if (inGroup.has(i)) continue;
    pairs.push({ token: toTokenChar(term.charCodeAt(i)) + toTokenChar(term.charCodeAt(i + 1)), at: i });
  }
  return pairs;
}
