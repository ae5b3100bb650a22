/** What a category is suggested from. */
export interface SuggestText {
  readonly title: string;
  readonly content: string;
  readonly originalWords: string;
}

/** Features are hashed into 2^20 buckets: 2^16 cost half a point of macro-F1 on real messages, 2^18 a tenth. */
export const FEATURE_COUNT = 1 << 20;

/** The first characters (the title, or how somebody begins) count more, what comes late counts less: both measured. */
const LEAD_UNITS = 20;
const LEAD_WEIGHT = 3;
const FADE_UNITS = 150;
/** A single character says less than a pair. */
const SINGLE_WEIGHT = 0.5;
/** Longer texts say nothing new about what they are about. */
const MOST_UNITS = 1_500;

/** Weighted counts of a text's features, each of them once. */
export interface FeatureCounts {
  readonly ids: Int32Array;
  readonly counts: Float32Array;
}

/** Cuts texts into features with a buffer it uses again: thousands of tickets are read one after the other. */
export interface FeatureReader {
  read(text: SuggestText): FeatureCounts;
}

/** One code unit as it is compared: full-width as half-width, small letters, every digit as 0; 0 for what separates. */
function foldUnit(unit: number): number {
  let folded = unit;
  if (folded >= 0xff01 && folded <= 0xff5e) folded -= 0xfee0;
  if (folded >= 0x30 && folded <= 0x39) return 0x30;
  if (folded >= 0x41 && folded <= 0x5a) return folded + 0x20;
  if (folded >= 0x61 && folded <= 0x7a) return folded;
  // ASCII signs, Latin-1 signs, general punctuation, CJK punctuation and the half-width forms that are left.
  if (folded < 0xc0 || (folded >= 0x2000 && folded <= 0x206f) || (folded >= 0x3000 && folded <= 0x303f)) return 0;
  return folded >= 0xff00 && folded <= 0xffef ? 0 : folded;
}

/** Spreads a pair of code units (the first one 0 for a single character) over the buckets. */
function bucketOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x27d4eb2d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (FEATURE_COUNT - 1);
}

/**
 * A reader of single characters and pairs of neighbours. Title, content and 原话 are read as one text in this order, so that a
 * text without a title yet is treated as one that begins with its content.
 */
export function createFeatureReader(): FeatureReader {
  const sums = new Float32Array(FEATURE_COUNT);
  const ids = new Int32Array(2 * MOST_UNITS);
  const counts = new Float32Array(2 * MOST_UNITS);
  return {
    read: ({ title, content, originalWords }) => {
      let length = 0;
      let position = 0;
      const add = (bucket: number, weight: number) => {
        const sum = sums[bucket] as number;
        if (sum === 0) ids[length++] = bucket;
        sums[bucket] = sum + weight;
      };
      for (const part of [title, content, originalWords]) {
        let previous = 0;
        for (let i = 0; i < part.length && position < MOST_UNITS; i++) {
          const unit = foldUnit(part.charCodeAt(i));
          // A run of digits is one sign: which house or bus it was does not matter.
          if (unit === 0x30 && previous === 0x30) continue;
          if (unit !== 0) {
            const weight = (position < LEAD_UNITS ? LEAD_WEIGHT : 1) / (1 + position / FADE_UNITS);
            add(bucketOf(0, unit), weight * SINGLE_WEIGHT);
            if (previous !== 0) add(bucketOf(previous, unit), weight);
            position++;
          }
          previous = unit;
        }
      }
      for (let i = 0; i < length; i++) {
        const bucket = ids[i] as number;
        counts[i] = sums[bucket] as number;
        sums[bucket] = 0;
      }
      return { ids: ids.slice(0, length), counts: counts.slice(0, length) };
    },
  };
}
