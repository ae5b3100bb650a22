import { readCharacter } from '#shared/kernel/readings.ts';
import type { ReadName, Syllables } from './picker-match.ts';

const known = new Map<string, Syllables>();

/** All readings of every character; remembered, because pickers ask for the same names again. */
export const readName: ReadName = (name) => {
  const before = known.get(name);
  if (before) return before;
  const syllables = Array.from(name, readCharacter);
  known.set(name, syllables);
  return syllables;
};
