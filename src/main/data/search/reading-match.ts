import { readCharacter } from '#shared/kernel/readings.ts';
import { foldText } from '#shared/kernel/text.ts';
import { doubleInitialOf, type Reading, type ReadingPart, syllablesFrom } from './reading-query.ts';

/** Part of a name that is read in one go: its characters and the readings of each; a letter or digit reads as itself. */
export interface ReadRun {
  readonly characters: readonly string[];
  readonly readings: readonly (readonly string[])[];
}

/** Marks tokens of readings, which live beside those of the text; from the private use area, a text never holds them. */
const READ = '\uF8F0';
const NEXT = '\uF8F1';
/** After the first letter of an initial that is typed with two. */
const TWO = '\uF8F2';

/** Syllables that the half typed end of a longer reading may become; more would cost more to look up than they spare. */
const MOST_ENDS = 6;

/** Cuts names into what can be read in one go; a space or a sign ends it. */
export function readNames(names: readonly string[]): readonly ReadRun[] {
  const runs: ReadRun[] = [];
  for (const name of names) {
    let characters: string[] = [];
    let readings: (readonly string[])[] = [];
    for (const character of foldText(name)) {
      const readable = readingsOfCharacter(character);
      if (readable) {
        if (characters.length === 0) runs.push({ characters, readings });
        characters.push(character);
        readings.push(readable);
      } else if (characters.length > 0) {
        characters = [];
        readings = [];
      }
    }
  }
  return runs;
}

const literals = new Map<string, readonly string[]>();

function readingsOfCharacter(character: string): readonly string[] | null {
  if (character.charCodeAt(0) >= 0x2e80) {
    const readings = readCharacter(character);
    return readings[0] === character ? null : readings;
  }
  if (!/^[a-z0-9]$/.test(character)) return null;
  const known = literals.get(character);
  if (known) return known;
  const itself = [character];
  literals.set(character, itself);
  return itself;
}

/** The characters of a name that can be read so, or null. */
export function findReadAs({ characters, readings }: ReadRun, reading: Reading): string | null {
  for (let start = 0; start + reading.length <= readings.length; start++) {
    const fits = reading.every(({ text, isWhole }, i) =>
      readings[start + i]?.some((syllable) => (isWhole ? syllable === text : syllable.startsWith(text))),
    );
    if (fits) return characters.slice(start, start + reading.length).join('');
  }
  return null;
}

/** What initials tokens need of the readings of one character. */
interface Initials {
  /** First letters. */
  readonly first: readonly string[];
  /** The same, and zh, ch and sh as themselves. */
  readonly exact: readonly string[];
}

/** By the list of readings itself, which is remembered for every character. */
const initialsOfReadings = new WeakMap<readonly string[], Initials>();

function initialsOf(readings: readonly string[]): Initials {
  const known = initialsOfReadings.get(readings);
  if (known) return known;
  const first = [...new Set(readings.map((reading) => reading.charAt(0)))];
  const initials = { first, exact: [...first, ...new Set(readings.flatMap(exactInitialOf))] };
  initialsOfReadings.set(readings, initials);
  return initials;
}

const NONE: Initials = { first: [], exact: [] };

/**
 * Index tokens of names by how they are read: syllables, pairs of syllables, initials in twos and threes. Zh, ch and sh are z, c and s among
 * them, because most people type them so; in the twos they also stand for themselves. Some may come more than once.
 */
export function eachReadingToken(names: readonly string[], found: (token: string) => void): void {
  for (const { readings: units } of readNames(names)) {
    const initials = units.map(initialsOf);
    for (let i = 0; i < units.length; i++) {
      const here = units[i] ?? [];
      const next = units[i + 1] ?? [];
      const [first = NONE, second = NONE, third = NONE] = [initials[i], initials[i + 1], initials[i + 2]];
      for (const one of here) {
        if (one.length > 1) found(syllableToken(one));
        for (const two of next) if (one.length > 1 || two.length > 1) found(pairToken(one, two));
      }
      for (const a of first.first) {
        for (const b of second.first) {
          if (isLetter(a) || isLetter(b)) found(initialsToken(a + b));
          for (const c of third.first) {
            if (isLetter(a) || isLetter(b) || isLetter(c)) found(initialsToken(a + b + c));
          }
        }
      }
      for (const a of first.exact) {
        for (const b of second.exact) if (a.length + b.length > 2) found(initialsToken(a + b));
      }
    }
  }
}

/** The tokens of {@link eachReadingToken}, each once. */
export function readingTokens(names: readonly string[]): readonly string[] {
  const tokens = new Set<string>();
  eachReadingToken(names, (token) => tokens.add(token));
  return [...tokens];
}

const syllableToken = (syllable: string) => READ + syllable;
const pairToken = (one: string, two: string) => READ + one + NEXT + two;
const initialsToken = (letters: string) => READ + NEXT + letters;
/** Zh, ch or sh in the form that tokens have it in; nothing for another syllable. */
const exactInitialOf = (syllable: string) => (doubleInitialOf(syllable) ? [syllable.charAt(0) + TWO] : []);
const hasLetter = (text: string) => /[a-z]/.test(text);
const isLetter = (initial: string) => initial >= 'a' && initial <= 'z';

/**
 * What has to be in the index of a name that is read so: every group has to be there with one of its tokens. Null when there is
 * nothing to look up.
 */
export function readingGroups(reading: Reading): readonly (readonly string[])[] | null {
  const [one, two] = reading;
  if (!one) return null;
  if (!two) {
    const wanted = one.isWhole ? [one.text] : syllablesFrom(one.text);
    const groups = wanted.filter((syllable) => syllable.length > 1).map(syllableToken);
    return groups.length > 0 ? [groups] : null;
  }
  const groups: string[][] = [];
  for (let i = 0; i + 1 < reading.length; i++) {
    const [a, b] = [reading[i], reading[i + 1]];
    if (a?.isWhole && b?.isWhole && (a.text.length > 1 || b.text.length > 1)) groups.push([pairToken(a.text, b.text)]);
    else if (a?.isWhole && a.text.length > 1) groups.push([syllableToken(a.text)]);
  }
  const [last, end] = [reading.at(-2), reading.at(-1)];
  if (last?.isWhole && last.text.length > 1 && end && !end.isWhole && end.text.length > 1) {
    // Typed to its end or nearly: few syllables begin so.
    const pairs = syllablesFrom(end.text).map((syllable) => pairToken(last.text, syllable));
    if (reading.length === 2 || pairs.length <= MOST_ENDS) groups.push(pairs);
  }
  const letters = reading.map(({ text }) => text.charAt(0)).join('');
  for (let i = 0; i + 1 < reading.length; i++) {
    const pair = reading.slice(i, i + 2);
    // Many more names are read l…, z… than l…, zh….
    if (pair.some(isDouble)) groups.push([initialsToken(pair.map(initialOf).join(''))]);
  }
  if (letters.length === 2) {
    if (hasLetter(letters) && !reading.some(isDouble)) groups.push([initialsToken(letters)]);
  } else {
    for (let i = 0; i + 3 <= letters.length; i++) {
      if (hasLetter(letters.slice(i, i + 3))) groups.push([initialsToken(letters.slice(i, i + 3))]);
    }
  }
  return groups.length > 0 ? groups : null;
}

/** Zh, ch or sh, of which no more was typed. */
function isDouble({ text, isWhole }: ReadingPart): boolean {
  return !isWhole && doubleInitialOf(text) === text;
}

function initialOf(part: ReadingPart): string {
  return isDouble(part) ? part.text.charAt(0) + TWO : part.text.charAt(0);
}
