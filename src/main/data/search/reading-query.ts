import { SYLLABLES } from '#shared/kernel/readings.ts';

/** A piece of a typed reading: a whole syllable (or digit), or only how the syllable begins. */
export interface ReadingPart {
  readonly text: string;
  readonly isWhole: boolean;
}

/** One way to understand typed letters as consecutive syllables: wangxm → wang, x…, m… */
export type Reading = readonly ReadingPart[];

/** Longer words are no names typed by how they are read. */
const LONGEST = 40;
/** Most ways one word is understood in, and most steps to find them: 'ananananan' has hundreds. */
const MOST_READINGS = 24;
const MOST_IN_FULL = 12;
const MOST_STEPS = 400;
const LONGEST_SYLLABLE = 6;
/** Initials typed with two letters. */
const DOUBLE = ['zh', 'ch', 'sh'] as const;
const MOST_DOUBLES = 3;

/** The initial of a syllable, or of how one begins, when it is typed with two letters. */
export function doubleInitialOf(syllable: string): string | undefined {
  return DOUBLE.find((double) => syllable.startsWith(double));
}

const begins = new Map<string, readonly string[]>();

/** The syllables that begin with some letters: wa → wa, wai, wan, wang. */
export function syllablesFrom(start: string): readonly string[] {
  const before = begins.get(start);
  if (before) return before;
  const found = [...SYLLABLES].filter((syllable) => syllable.startsWith(start));
  begins.set(start, found);
  return found;
}

/**
 * The ways in which a folded word can be a reading: whole syllables (zhongyanglu), initials (zyl, zhyl), or whole syllables
 * and then initials (wangxm). The last syllable may be half typed. Digits stand for themselves (zyl260). None for a word that
 * is no reading, and for a single letter.
 */
export function readingsOf(word: string): readonly Reading[] {
  const letters = word.replaceAll(/['’]/g, '');
  if (letters.length < 2 || letters.length > LONGEST || !/^[a-z0-9]+$/.test(letters) || !/[a-z]/.test(letters))
    return [];
  const inFull: Reading[] = [];
  const mixed: Reading[] = [];
  let steps = 0;
  const walk = (at: number, whole: Reading) => {
    if (++steps > MOST_STEPS) return;
    const rest = letters.slice(at);
    const last = whole.at(-1);
    if (rest === '') {
      if (last) inFull.push([...whole.slice(0, -1), { text: last.text, isWhole: isDigit(last.text) }]);
      return;
    }
    if (rest.length > 1 && !SYLLABLES.has(rest) && syllablesFrom(rest).length > 0) {
      inFull.push([...whole, { text: rest, isWhole: false }]);
    }
    if (last) mixed.push(...initialsOf(rest, whole));
    for (const part of wholeParts(letters, at)) walk(at + part.length, [...whole, { text: part, isWhole: true }]);
  };
  walk(0, []);
  return [...inFull.slice(0, MOST_IN_FULL), ...initialsOf(letters, []), ...mixed].slice(0, MOST_READINGS);
}

function isDigit(text: string): boolean {
  return /^\d$/.test(text);
}

/** Syllables (longest first) or the digit that stand at a place. */
function wholeParts(letters: string, at: number): readonly string[] {
  if (isDigit(letters.charAt(at))) return [letters.charAt(at)];
  const parts: string[] = [];
  for (let length = Math.min(LONGEST_SYLLABLE, letters.length - at); length > 0; length--) {
    const part = letters.slice(at, at + length);
    if (SYLLABLES.has(part)) parts.push(part);
  }
  return parts;
}

/** The rest of a word as initials, one letter each, or two for zh, ch, sh. No syllable begins with i, u or v. */
function initialsOf(rest: string, before: Reading): readonly Reading[] {
  if (/[iuv]/.test(rest)) return [];
  let ways: ReadingPart[][] = [[]];
  let doubles = 0;
  for (let at = 0; at < rest.length; at++) {
    const one = rest.charAt(at);
    const two = doubleInitialOf(rest.slice(at));
    if (two && doubles < MOST_DOUBLES) {
      doubles++;
      // The h is a syllable of its own, or it belongs to the letter before it.
      ways = ways.flatMap((way) => [
        [...way, { text: one, isWhole: false }, { text: 'h', isWhole: false }],
        [...way, { text: two, isWhole: false }],
      ]);
      at++;
    } else for (const way of ways) way.push({ text: one, isWhole: isDigit(one) });
  }
  return ways.map((way) => [...before, ...way]);
}
