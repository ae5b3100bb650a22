import type { SparseRow } from './sparse-row.ts';
import { FEATURE_COUNT, type FeatureCounts } from './text-features.ts';

/** The features that are used, and how rare each is. */
export interface Vocabulary {
  /** How many there are. */
  readonly size: number;
  /** By feature: steps of 1/24 of ln(texts / texts with it) + 1, 0 for a feature that is not used. */
  readonly rarity: Uint8Array;
  /** By feature: its place among those that are used, so that weights are kept for these only. */
  readonly places: Int32Array;
}

const STEPS = 24;
/** From so many texts on, a feature of a single text is left out: it can only be learnt by heart. */
const MANY_TEXTS = 2_000;
const FEATURES_PER_STEP = 1 << 15;

/** The vocabulary of rarities that were stored. */
export function toVocabulary(rarity: Uint8Array): Vocabulary {
  const places = new Int32Array(rarity.length);
  let size = 0;
  for (let id = 0; id < rarity.length; id++) if (rarity[id] !== 0) places[id] = size++;
  return { size, rarity, places };
}

/** Counts in how many texts each feature is. */
export interface VocabularyCounter {
  add(counts: FeatureCounts): void;
  /** In steps below a millisecond. */
  finish(): Generator<void, Vocabulary>;
}

export function countVocabulary(): VocabularyCounter {
  const having = new Uint32Array(FEATURE_COUNT);
  let texts = 0;
  return {
    add: ({ ids }) => {
      texts++;
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] as number;
        having[id] = (having[id] as number) + 1;
      }
    },
    *finish() {
      const fewest = texts >= MANY_TEXTS ? 2 : 1;
      const rarity = new Uint8Array(FEATURE_COUNT);
      for (let id = 0; id < FEATURE_COUNT; id++) {
        if (id % FEATURES_PER_STEP === 0) yield;
        const count = having[id] as number;
        if (count < fewest) continue;
        rarity[id] = Math.min(255, Math.round(STEPS * (Math.log((texts + 1) / (count + 1)) + 1)));
      }
      yield;
      return toVocabulary(rarity);
    },
  };
}

/**
 * A text as a row: ln(1 + count) times rarity of the features that are used, by their places, all together of length 1. Empty for
 * a text without any of them.
 */
export function weighText({ ids, counts }: FeatureCounts, { rarity, places }: Vocabulary): SparseRow {
  let known = 0;
  for (let i = 0; i < ids.length; i++) if (rarity[ids[i] as number] !== 0) known++;
  const row = { ids: new Int32Array(known), values: new Float32Array(known) };
  let squares = 0;
  let at = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    const rare = rarity[id] as number;
    if (rare === 0) continue;
    const value = Math.log1p(counts[i] as number) * rare;
    row.ids[at] = places[id] as number;
    row.values[at++] = value;
    squares += value * value;
  }
  const scale = 1 / Math.sqrt(squares || 1);
  for (let i = 0; i < known; i++) row.values[i] = (row.values[i] as number) * scale;
  return row;
}
