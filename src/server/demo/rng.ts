/** Source of repeatable chance: the same seed and stream give the same numbers on every machine. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /** An integer in [from, to]. */
  between(from: number, to: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
}

/**
 * Mulberry32 (32-bit state). Streams of one seed do not depend on each other, so that a change in one part of the
 * generator leaves the other parts as they were.
 */
export function createRng(seed: number, stream: number): Rng {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35)) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    between: (from, to) => from + int(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error('pick() of an empty list');
      return item;
    },
  };
}

/** Draws indexes in proportion to weights. */
export interface WeightedIndex {
  readonly total: number;
  draw(rng: Rng): number;
}

/** @throws when all weights are zero */
export function weightedIndex(weights: readonly number[]): WeightedIndex {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (const [i, weight] of weights.entries()) {
    total += weight;
    sums[i] = total;
  }
  if (!(total > 0)) throw new Error('No weight to draw from');
  return {
    total,
    draw: (rng) => {
      const target = rng.next() * total;
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((sums[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
