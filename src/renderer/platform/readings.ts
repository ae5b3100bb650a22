import { readCharacter } from '#shared/kernel/readings.ts';
import type { ReadName, Syllables } from './picker-match.ts';

const known = new Map<string, Syllables>();

/**
 * All readings of every character and the character itself, so that 占道jy is read too; remembered, because pickers ask for the same
 * names again.
 */
export const readName: ReadName = (name) => {
  const before = known.get(name);
  if (before) return before;
  const syllables = Array.from(name, (character) => [...new Set([...readCharacter(character), character])]);
  known.set(name, syllables);
  return syllables;
};
