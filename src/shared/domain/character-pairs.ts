import { foldText } from '../kernel/text.ts';

/** How telling a pair of characters (by its code) is: −ln of the share of tickets that have it. */
export type PairWeight = (code: number) => number;

/**
 * The pairs of neighbouring characters of a text, in the order of their codes: lists of the same length that two texts are compared
 * by walking along both.
 */
export interface CharacterPairs {
  /** One number per pair, rising. */
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  /** How often the pair is said, at most 255. */
  readonly times: Uint8Array;
  /** 1 for a pair of the title. */
  readonly inTitle: Uint8Array;
}

const FIRST_HAN = 0x4e00;
const LAST_HAN = 0x9fff;
const LETTERS = 36;
/** Letters and digits, then the Chinese characters: every pair of them has a code below 2³⁰. */
const ALPHABET = LETTERS + LAST_HAN - FIRST_HAN + 1;

/** The place of a UTF-16 unit in the alphabet, −1 for signs, blanks and whatever is rare. */
function letterOf(unit: number): number {
  if (unit >= FIRST_HAN && unit <= LAST_HAN) return LETTERS + unit - FIRST_HAN;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61;
  if (unit >= 0x30 && unit <= 0x39) return 26 + unit - 0x30;
  return -1;
}

function unitOf(letter: number): number {
  if (letter >= LETTERS) return FIRST_HAN + letter - LETTERS;
  return letter < 26 ? 0x61 + letter : 0x30 + letter - 26;
}

/** The two characters of a code, as they stand in a folded text. */
export function pairText(code: number): string {
  return String.fromCharCode(unitOf(Math.floor(code / ALPHABET)), unitOf(code % ALPHABET));
}

/** Codes of the pairs of a text, one for every time a pair is said. Signs and blanks part pairs; capitals count as small letters. */
export function pairCodes(text: string): readonly number[] {
  const codes: number[] = [];
  const folded = foldText(text);
  let before = -1;
  for (let i = 0; i < folded.length; i++) {
    const letter = letterOf(folded.charCodeAt(i));
    if (before >= 0 && letter >= 0) codes.push(before * ALPHABET + letter);
    before = letter;
  }
  return codes;
}

/** The pairs of a title and of the text below it. */
export function countPairs(title: string, text: string, weight: PairWeight): CharacterPairs {
  const ofTitle = pairCodes(title);
  const all = Int32Array.from([...ofTitle, ...pairCodes(text)]).sort();
  const titled = new Set(ofTitle);
  const distinct = all.filter((code, i) => i === 0 || code !== all[i - 1]);
  const times = new Uint8Array(distinct.length);
  const weights = new Float64Array(distinct.length);
  const inTitle = new Uint8Array(distinct.length);
  let from = 0;
  for (let i = 0; i < distinct.length; i++) {
    const code = distinct[i] ?? 0;
    let to = from;
    while (all[to] === code) to += 1;
    times[i] = Math.min(255, to - from);
    from = to;
    weights[i] = weight(code);
    inTitle[i] = titled.has(code) ? 1 : 0;
  }
  return { codes: distinct, weights, times, inTitle };
}
