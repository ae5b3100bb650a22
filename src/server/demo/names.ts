import { z } from 'zod';
import peopleFile from '#resources/demo/people.json' with { type: 'json' };
import type { Rng, WeightedIndex } from './rng.ts';
import { weightedIndex } from './rng.ts';

const words = z.string().transform((text) => text.split(' '));
/** Lists that invented people, estates and firms are named from. */
export const namesSchema = z.strictObject({
  /** Surname and its relative frequency: "王12 李11". */
  surnames: words,
  maleGiven: words,
  femaleGiven: words,
  estates: z.strictObject({ first: words, last: words }),
  brands: z.strictObject({ first: words, last: words }),
  factories: words,
  schools: words,
  hospitals: words,
  parks: words,
  companies: words,
  remarks: z.string().transform((text) => text.split('/')),
  agents: words,
  dispatchers: words,
  revisitors: words,
});
export type Names = z.infer<typeof namesSchema>;

/** @throws with path when the file does not fit its schema */
export function loadNames(): Names {
  const parsed = namesSchema.safeParse(peopleFile);
  if (!parsed.success) throw new Error(`resources/demo/people.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Draws surnames by frequency. */
export function createSurnames(names: Names): { draw(rng: Rng): string } {
  const parsed = names.surnames.map((entry) => ({
    surname: entry.replace(/\d+$/, ''),
    weight: Number(/\d+$/.exec(entry)?.[0]),
  }));
  const index: WeightedIndex = weightedIndex(parsed.map(({ weight }) => weight));
  return { draw: (rng) => parsed[index.draw(rng)]?.surname ?? '' };
}

/** An invented brand of two or three characters; any likeness to a real firm is chance. */
export function inventBrand(names: Names, rng: Rng): string {
  return rng.pick(names.brands.first) + rng.pick(names.brands.last);
}
