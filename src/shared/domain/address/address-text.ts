/**
 * An address in the form it is read in: full-width letters, digits and signs as ASCII, small letters as capitals, every kind of
 * dash as a hyphen. Same length as what was typed, so positions mean the same in both.
 */
export function foldAddress(text: string): string {
  return text.replace(/[\uFF01-\uFF5E\u3000a-z‐-―−]/g, foldCharacter);
}

function foldCharacter(character: string): string {
  const unit = character.charCodeAt(0);
  if (unit === 0x3000) return ' ';
  if (unit >= 0x2010 && unit <= 0x2212) return '-';
  const ascii = unit >= 0xff01 ? unit - 0xfee0 : unit;
  return String.fromCharCode(ascii >= 0x61 && ascii <= 0x7a ? ascii - 0x20 : ascii);
}

export const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
export const isCapital = (unit: number): boolean => unit >= 0x41 && unit <= 0x5a;

/** The Chinese characters that nearly all texts are written with. */
export const isPlainHan = (unit: number): boolean => unit >= 0x4e00 && unit <= 0x9fff;

/** A set of UTF-16 units that is asked for every character of every text. One bit for each: a dozen of these sets stay in the cache. */
export class UnitSet {
  readonly #marks = new Int32Array(0x800);

  constructor(units: Iterable<number>) {
    for (const unit of units) this.#marks[unit >> 5] = (this.#marks[unit >> 5] ?? 0) | (1 << (unit & 31));
  }

  /** The set of the characters of a text. */
  static of(text: string): UnitSet {
    return new UnitSet(Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  /** The units of all of these sets. */
  static union(...sets: readonly UnitSet[]): UnitSet {
    const all = new UnitSet([]);
    for (const set of sets) for (const [i, marks] of set.#marks.entries()) all.#marks[i] = (all.#marks[i] ?? 0) | marks;
    return all;
  }

  has(unit: number): boolean {
    return (((this.#marks[unit >> 5] ?? 0) >> (unit & 31)) & 1) === 1;
  }
}

/** What `\s` matches. */
export const BLANK_UNITS = UnitSet.of(
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
);

/** The UTF-16 unit at a position; 0 behind the end, because numbers that may be NaN are many times as slow. */
export function unitAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : 0;
}

/** `text.startsWith(word, at)`, several times as fast for the short words of addresses. */
export function hasWordAt(text: string, word: string, at: number): boolean {
  for (let i = 0; i < word.length; i++) if (unitAt(text, at + i) !== word.charCodeAt(i)) return false;
  return true;
}

/** Tells where words of a list may start by their first two units: true for each of them, and for few other pairs. */
export class PairFilter {
  readonly #hashes: UnitSet;

  constructor(words: Iterable<string>) {
    this.#hashes = new UnitSet(Array.from(words, (word) => pairHash(unitAt(word, 0), unitAt(word, 1))));
  }

  may(first: number, second: number): boolean {
    return this.#hashes.has(pairHash(first, second));
  }
}

function pairHash(first: number, second: number): number {
  return (first * 337 + second) & 0xffff;
}

const NONE: readonly never[] = [];

/** Things with names of two characters or more, by the first two of them. */
export class NamesByStart<Named extends { readonly text: string }> {
  readonly #starts: PairFilter;
  readonly #named: ReadonlyMap<number, ReadonlyMap<number, readonly Named[]>>;

  constructor(all: readonly Named[]) {
    this.#starts = new PairFilter(all.map(({ text }) => text));
    const byFirst = Map.groupBy(all, ({ text }) => unitAt(text, 0));
    this.#named = new Map(
      [...byFirst].map(([first, list]) => [first, Map.groupBy(list, ({ text }) => unitAt(text, 1))]),
    );
  }

  /** The first of them, in the order given, whose name stands at a position of a text. */
  at(text: string, position: number): Named | null {
    const first = unitAt(text, position);
    const second = unitAt(text, position + 1);
    if (!this.#starts.may(first, second)) return null;
    for (const named of this.#named.get(first)?.get(second) ?? NONE) {
      if (hasWordAt(text, named.text, position)) return named;
    }
    return null;
  }
}

/** Chinese numerals as they occur in addresses, up to 999. */
export const HAN_NUMBER = '[〇零一二两三四五六七八九十百]';

const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** 十二 → 12, 二百六十 → 260, 二六〇 → 260; null when it is no number. */
export function readHanNumber(text: string): number | null {
  if (text === '') return null;
  if (!/[十百]/.test(text)) {
    let value = 0;
    for (const character of text) {
      const digit = DIGITS[character];
      if (digit === undefined) return null;
      value = value * 10 + digit;
    }
    return value;
  }
  const match = /^(?:([一二两三四五六七八九])百)?零?(?:([一二两三四五六七八九])?(十))?([一二两三四五六七八九])?$/.exec(
    text,
  );
  if (!match) return null;
  const [, hundreds, tens, ten, ones] = match;
  const digit = (character: string | undefined, none: number) =>
    character === undefined ? none : (DIGITS[character] ?? none);
  return digit(hundreds, 0) * 100 + (ten === undefined ? 0 : digit(tens, 1) * 10) + digit(ones, 0);
}

/** A numeral, but not the beginning of a name (七里组). */
const HAN_NUMERAL = new RegExp(`${HAN_NUMBER}+(?![\\p{Script=Han}--[弄巷至和、]])`, 'gv');

/** True for numbers that are written as they are compared, as most are. */
export function isPlainNumber(text: string): boolean {
  return /^[1-9]\d*$/.test(text);
}

/** A number of an address as it is compared: ASCII, Chinese numerals read, without blanks and leading zeros. */
export function comparableNumber(text: string): string {
  return text
    .replaceAll(/\s/g, '')
    .replaceAll(HAN_NUMERAL, (numeral) => String(readHanNumber(numeral) ?? numeral))
    .replaceAll(/(?<![\dA-Z])0+(?=\d)/g, '');
}
