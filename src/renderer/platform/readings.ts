import { polyphonic } from 'pinyin-pro';
import type { ReadName, Syllables } from './picker-match.ts';

const known = new Map<string, Syllables>();

/** All readings of every character without tones, ü as v; remembered, because pickers ask for the same names again. */
export const readName: ReadName = (name) => {
  const before = known.get(name);
  if (before) return before;
  const syllables = polyphonic(name, { toneType: 'none', v: true, type: 'array' }).map((readings) => [
    ...new Set(readings.map((reading) => reading.toLowerCase())),
  ]);
  known.set(name, syllables);
  return syllables;
};
