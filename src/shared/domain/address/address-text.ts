/**
 * An address in the form it is read in: full-width letters, digits and signs as ASCII, small letters as capitals, every kind of
 * dash as a hyphen. Same length as what was typed, so positions mean the same in both.
 */
export function foldAddress(text: string): string {
  return text.replace(/[\uFF01-\uFF5E\u3000a-z‐-―−]/g, (character) => {
    if (character === '\u3000') return ' ';
    const code = character.charCodeAt(0);
    if (code >= 0x2010 && code <= 0x2212) return '-';
    const ascii = code >= 0xff01 ? String.fromCharCode(code - 0xfee0) : character;
    return ascii >= 'a' && ascii <= 'z' ? ascii.toUpperCase() : ascii;
  });
}

/** A set of UTF-16 units that is asked for every character of every text. */
export class UnitSet {
  readonly #marks = new Uint8Array(0x10000);

  constructor(units: Iterable<number>) {
    for (const unit of units) this.#marks[unit] = 1;
  }

  /** The set of the characters of a text. */
  static of(text: string): UnitSet {
    return new UnitSet(Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  has(unit: number): boolean {
    return this.#marks[unit] === 1;
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

/** A number of an address as it is compared: ASCII, Chinese numerals read, without blanks and leading zeros. */
export function comparableNumber(text: string): string {
  return text
    .replaceAll(/\s/g, '')
    .replaceAll(HAN_NUMERAL, (numeral) => String(readHanNumber(numeral) ?? numeral))
    .replaceAll(/(?<![\dA-Z])0+(?=\d)/g, '');
}
