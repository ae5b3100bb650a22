/** Confidences (0–1, together 1) of scores. The sharper, the more of them the best one gets. */
export function toConfidences(scores: Float64Array, sharpness: number): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > largest) largest = score;
  let sum = 0;
  const confidences = scores.map((score) => {
    const value = Math.exp((score - largest) * sharpness);
    sum += value;
    return value;
  });
  return confidences.map((value) => value / sum);
}

/** Scores of a text the model has not seen, and the label it really has. */
export interface UnseenScores {
  readonly scores: Float64Array;
  readonly label: number;
}

const TRIES = [1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16] as const;
/** Without unseen texts to measure on: what fits best when little more than the names of the categories is known. */
const USUAL = 8;

const TEXTS_PER_STEP = 64;

/**
 * The sharpness under which unseen texts are likeliest to have the label they really have, so that 80 % means about eight of ten.
 */
export function* measureSharpness(unseen: readonly UnseenScores[]): Generator<void, number> {
  let best = { sharpness: USUAL, loss: Number.POSITIVE_INFINITY };
  for (const sharpness of unseen.length === 0 ? [] : TRIES) {
    let loss = 0;
    for (const [i, { scores, label }] of unseen.entries()) {
      if (i % TEXTS_PER_STEP === 0) yield;
      loss -= Math.log((toConfidences(scores, sharpness)[label] ?? 0) + 1e-9);
    }
    if (loss < best.loss) best = { sharpness, loss };
  }
  return best.sharpness;
}
