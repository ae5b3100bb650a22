/** One thing a typed picker can find: a code and the names from the top of the tree down to it. */
export interface PickerEntry {
  readonly code: string;
  readonly names: readonly string[];
  /** Names in English, for people who type English. */
  readonly en?: readonly string[];
}

/** All readings of each character of a name; a character that is not Chinese reads as itself. */
export type Syllables = readonly (readonly string[])[];

/** Reads names aloud: 鼓楼区 → gu lou qu. Loaded when the first Latin letters are typed. */
export type ReadName = (name: string) => Syllables;

/** True when `query` can be cut into non-empty beginnings of consecutive syllables, starting at `index`: gulq → gu l q. */
function matchesSyllables(query: string, syllables: Syllables, index: number): boolean {
  if (query === '') return true;
  const readings = syllables[index];
  if (!readings) return false;
  return readings.some((reading) => {
    for (let length = Math.min(reading.length, query.length); length > 0; length--) {
      if (!query.startsWith(reading.slice(0, length))) continue;
      if (matchesSyllables(query.slice(length), syllables, index + 1)) return true;
    }
    return false;
  });
}

/** How many letters of `query` the syllables from their start can take, for each possible way (longest first). */
function prefixesTaken(query: string, syllables: Syllables, index = 0): readonly number[] {
  const readings = syllables[index];
  if (!readings) return [];
  const taken = new Set<number>();
  for (const reading of readings) {
    for (let length = 1; length <= Math.min(reading.length, query.length); length++) {
      if (!query.startsWith(reading.slice(0, length))) break;
      taken.add(length);
      for (const more of prefixesTaken(query.slice(length), syllables, index + 1)) taken.add(length + more);
    }
  }
  return [...taken].sort((a, b) => b - a);
}

/** True when the query is made of beginnings of names in path order: 南京鼓楼, njgl. */
function matchesPath(query: string, path: readonly Syllables[], index = 0): boolean {
  if (query === '') return true;
  const name = path[index];
  if (!name) return false;
  if (prefixesTaken(query, name).some((taken) => matchesPath(query.slice(taken), path, index + 1))) return true;
  return matchesPath(query, path, index + 1);
}

const asSyllables: ReadName = (name) => [...name].map((char) => [char]);

const foldedNames = new WeakMap<readonly string[], readonly string[]>();

/** Names in the form they are compared in; remembered, because every key compares all of them. */
function foldNames(names: readonly string[]): readonly string[] {
  const before = foldedNames.get(names);
  if (before) return before;
  const folded = names.map((name) => name.normalize('NFKC').toLowerCase());
  foldedNames.set(names, folded);
  return folded;
}

/** Calls `compute` once per name: cities and districts stand above hundreds of entries each. */
function memoize<V>(compute: (name: string) => V): (name: string) => V {
  const known = new Map<string, V>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const value = compute(name);
    known.set(name, value);
    return value;
  };
}

/** How one word in Latin letters fits names, remembered for the length of one search. */
interface LatinWord {
  /** Fits from the first syllable on, or from a later one. */
  readonly fitsStart: (name: string) => boolean;
  readonly fitsInside: (name: string) => boolean;
  readonly taken: (name: string) => readonly number[];
}

function prepareLatin(word: string, read: ReadName): LatinWord {
  const letter = word[0] ?? '';
  const starts = (name: string) => read(name).map((readings) => readings.some((reading) => reading[0] === letter));
  return {
    fitsStart: memoize((name) => matchesSyllables(word, read(name), 0)),
    fitsInside: memoize((name) => starts(name).some((fits, i) => fits && i > 0 && matchesSyllables(word, read(name), i))),
    taken: memoize((name) => prefixesTaken(word, read(name))),
  };
}

/** Rank of one word against an entry, lower is better, null when it does not match. */
function rankWord(word: string, entry: PickerEntry, read: ReadName | null): number | null {
  if (/^\d+$/.test(word)) return entry.code.startsWith(word) ? 0 : null;
  const names = foldNames(entry.names);
  const last = names.at(-1) ?? '';
  if (/[a-z]/.test(word)) {
    const english = entry.en ? foldNames(entry.en) : [];
    if (english.at(-1)?.startsWith(word)) return 0;
    if (read) {
      const reading = read(last);
      if (matchesSyllables(word, reading, 0)) return 0;
      if (reading.some((_, index) => index > 0 && matchesSyllables(word, reading, index))) return 2;
    }
    if (english.some((name) => name.split(/[\s/]+/).some((part) => part.startsWith(word)))) return 3;
    if (!read) return null;
    const path = names.map(read);
    if (path.some((name) => name.some((_, index) => matchesSyllables(word, name, index)))) return 4;
    return matchesPath(word, path) ? 5 : null;
  }
  if (last.startsWith(word)) return 0;
  if (last.includes(word)) return 1;
  if (names.some((name) => name.includes(word))) return 4;
  return matchesPath(word, names.map(asSyllables)) ? 5 : null;
}

/** A query in the form it is compared in: half-width, lower case, words. An apostrophe separates syllables (xi'an). */
export function splitQuery(query: string): readonly string[] {
  return query
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .split(/[\s/>、，,()]+/)
    .filter((word) => word !== '');
}

/** True when the query holds Latin letters, so that readings of names are needed. */
export function needsReadings(query: string): boolean {
  return /[a-z]/i.test(query.normalize('NFKC'));
}

/**
 * The entries a query means, best first: every word has to match. Words may be Chinese, full or shortened 拼音, initials,
 * English, or the beginning of a code.
 * @param read readings of names, or null while they are not loaded
 * @param bonus lower is better; breaks ties between equally good matches (the own city first)
 */
export function matchEntries<E extends PickerEntry>(
  entries: readonly E[],
  query: string,
  read: ReadName | null,
  limit: number,
  bonus: (entry: E) => number = () => 0,
): readonly E[] {
  const words = splitQuery(query);
  const found: { readonly entry: E; readonly rank: number; readonly order: number }[] = [];
  for (const [order, entry] of entries.entries()) {
    let rank = 0;
    let matched = true;
    for (const word of words) {
      const one = rankWord(word, entry, read);
      if (one === null) {
        matched = false;
        break;
      }
      rank += one;
    }
    if (matched) found.push({ entry, rank: rank + bonus(entry), order });
  }
  found.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return found.slice(0, limit).map((one) => one.entry);
}
