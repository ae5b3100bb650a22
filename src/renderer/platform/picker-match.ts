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

/**
 * True when the word is made of beginnings of names in path order: 南京鼓楼, njgl.
 * @param taken how many letters from the beginning of a rest of the word a name can take
 */
function matchesPath(
  word: string,
  names: readonly string[],
  taken: (rest: string, name: string) => readonly number[],
  index = 0,
): boolean {
  if (word === '') return true;
  const name = names[index];
  if (name === undefined) return false;
  if (taken(word, name).some((length) => matchesPath(word.slice(length), names, taken, index + 1))) return true;
  return matchesPath(word, names, taken, index + 1);
}

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

/** Rank of an entry for one word, lower is better, null when it does not match. */
type RankEntry = (entry: PickerEntry) => number | null;

const rankByCode =
  (digits: string): RankEntry =>
  ({ code }) =>
    code.startsWith(digits) ? 0 : null;

const NONE: readonly number[] = [];

function rankByChinese(word: string): RankEntry {
  const taken = (rest: string, name: string) => {
    if (rest[0] !== name[0]) return NONE;
    let length = 1;
    while (length < Math.min(rest.length, name.length) && rest[length] === name[length]) length += 1;
    return Array.from({ length }, (_, shorter) => length - shorter);
  };
  return (entry) => {
    const names = foldNames(entry.names);
    const last = names.at(-1) ?? '';
    if (last.startsWith(word)) return 0;
    if (last.includes(word)) return 1;
    if (names.some((name) => name.includes(word))) return 4;
    return names.some((name) => name[0] === word[0]) && matchesPath(word, names, taken) ? 5 : null;
  };
}

function rankByReading(word: string, read: ReadName): RankEntry {
  const letter = word[0] ?? '';
  /** Where the word fits into a name: from its start, somewhere inside, or nowhere. One look-up per name and key. */
  const placeIn = memoize((name): 'start' | 'inside' | 'nowhere' => {
    const syllables = read(name);
    const at = syllables.findIndex(
      (readings, index) =>
        readings.some((reading) => reading[0] === letter) && matchesSyllables(word, syllables, index),
    );
    return at === 0 ? 'start' : at > 0 ? 'inside' : 'nowhere';
  });
  const mayBegin = memoize((name) => read(name)[0]?.some((reading) => reading[0] === letter) ?? false);
  const takenOfWord = memoize((name) => prefixesTaken(word, read(name)));
  const taken = (rest: string, name: string) => (rest === word ? takenOfWord(name) : prefixesTaken(rest, read(name)));
  return (entry) => {
    const names = foldNames(entry.names);
    const own = placeIn(names.at(-1) ?? '');
    if (own !== 'nowhere') return own === 'start' ? 0 : 2;
    for (let above = 0; above < names.length - 1; above++) if (placeIn(names[above] ?? '') !== 'nowhere') return 4;
    return names.some(mayBegin) && matchesPath(word, names, taken) ? 5 : null;
  };
}

const rankByEnglish =
  (word: string): RankEntry =>
  (entry) => {
    const english = entry.en ? foldNames(entry.en) : [];
    if (english.at(-1)?.startsWith(word)) return 0;
    return english.some((name) => name.split(/[\s/]+/).some((part) => part.startsWith(word))) ? 3 : null;
  };

function rankByLatin(word: string, read: ReadName | null): RankEntry {
  const english = rankByEnglish(word);
  if (!read) return english;
  const reading = rankByReading(word, read);
  return (entry) => {
    const [one, other] = [reading(entry), english(entry)];
    return one === null || other === null ? (one ?? other) : Math.min(one, other);
  };
}

function rankByWord(word: string, read: ReadName | null): RankEntry {
  if (/^\d+$/.test(word)) return rankByCode(word);
  return /[a-z]/.test(word) ? rankByLatin(word, read) : rankByChinese(word);
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
  const ranks = splitQuery(query).map((word) => rankByWord(word, read));
  const found: { readonly entry: E; readonly rank: number; readonly order: number }[] = [];
  for (const [order, entry] of entries.entries()) {
    let rank = 0;
    let matched = true;
    for (const rankOf of ranks) {
      const one = rankOf(entry);
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
