import type { SparseRow } from './sparse-row.ts';

/**
 * One line per label (one against all others). Weights lie feature by feature, so that a text reads a few hundred short runs; they
 * are stored in 255 steps of their label's scale.
 */
export interface LinearModel {
  readonly labels: number;
  /** Features there are weights for; when the rows have more, a power of two, and several share one. */
  readonly features: number;
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly biases: Float32Array;
}

/** What a model is trained on. */
export interface LinearTask {
  readonly rows: readonly SparseRow[];
  /** Label of each row. */
  readonly labelOf: Int32Array;
  readonly labels: number;
  readonly features: number;
}

/** How dear a wrong row is against small weights: half and twice of it were no better on real messages. */
const COST = 4;
const EPOCHS = 8;
/** A row that was clearly right so often in a row is looked at again only in the last epoch. */
const QUIET_EPOCHS = 2;
const QUIET_MARGIN = 0.2;
/** Rows between two places where the work can be interrupted: some 50 µs. */
const ROWS_PER_STEP = 48;
const WEIGHTS_PER_STEP = 8_192;

/** Shuffles the start of an array, the same way for the same seed (mulberry32): the same texts give the same model. */
function createShuffler(seed: number): (order: Int32Array, length: number) => void {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return (order, length) => {
    for (let i = length - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
  };
}

/** Cuts places to a number of features that is a power of two; any other number has room for every place. */
function foldMask(features: number): number {
  return (features & (features - 1)) === 0 ? features - 1 : -1;
}

/**
 * Trains support vector machines with squared hinge loss by dual coordinate descent (Hsieh et al. 2008). A step of the generator
 * takes a fraction of a millisecond, now and then one or two, so that the caller decides how long to work at a time.
 */
export function* trainLinear(task: LinearTask): Generator<void, LinearModel> {
  const { labels, features } = task;
  const weights = new Int8Array(features * labels);
  const scales = new Float32Array(labels);
  const biases = new Float32Array(labels);
  const squares = new Float32Array(task.rows.length);
  for (const [r, row] of task.rows.entries()) {
    if (r % ROWS_PER_STEP === 0) yield;
    squares[r] = squaredLength(row);
  }
  const line = new Float64Array(features);
  for (let label = 0; label < labels; label++) {
    line.fill(0);
    biases[label] = yield* trainLine(task, label, squares, line);
    let largest = 0;
    for (let id = 0; id < line.length; id++) {
      if (id % WEIGHTS_PER_STEP === 0) yield;
      largest = Math.max(largest, Math.abs(line[id] as number));
    }
    const scale = largest / 127 || 1;
    scales[label] = scale;
    for (let id = 0; id < line.length; id++) {
      if (id % WEIGHTS_PER_STEP === 0) yield;
      weights[id * labels + label] = Math.round((line[id] as number) / scale);
    }
  }
  return { labels, features, weights, scales, biases };
}

function squaredLength({ values }: SparseRow): number {
  // One more for the bias, a feature that every row has.
  let sum = 1;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) ** 2;
  return sum;
}

/** Finds the line of one label. @returns its bias */
function* trainLine(
  { rows, labelOf, features }: LinearTask,
  label: number,
  squares: Float32Array,
  line: Float64Array,
): Generator<void, number> {
  const fold = foldMask(features);
  let bias = 0;
  const duals = new Float64Array(rows.length);
  const quiet = new Uint8Array(rows.length);
  const order = Int32Array.from(rows.keys());
  const shuffle = createShuffler(label + 1);
  const diagonal = 1 / (2 * COST);
  let active = order.length;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const isLast = epoch === EPOCHS - 1;
    if (isLast) active = order.length;
    shuffle(order, active);
    for (let k = 0; k < active; k++) {
      if (k % ROWS_PER_STEP === 0) yield;
      const r = order[k] as number;
      const { ids, values } = rows[r] as SparseRow;
      const sign = labelOf[r] === label ? 1 : -1;
      let score = bias;
      for (let i = 0; i < ids.length; i++) score += (line[(ids[i] as number) & fold] as number) * (values[i] as number);
      const dual = duals[r] as number;
      const gradient = sign * score - 1 + dual * diagonal;
      if (dual === 0 && gradient >= 0) {
        const calm = gradient > QUIET_MARGIN ? (quiet[r] as number) + 1 : 0;
        quiet[r] = calm;
        if (calm > QUIET_EPOCHS && !isLast) {
          active--;
          order[k] = order[active] as number;
          order[active] = r;
          k--;
        }
        continue;
      }
      quiet[r] = 0;
      const renewed = Math.max(0, dual - gradient / ((squares[r] as number) + diagonal));
      duals[r] = renewed;
      const change = (renewed - dual) * sign;
      if (change === 0) continue;
      bias += change;
      for (let i = 0; i < ids.length; i++) {
        const id = (ids[i] as number) & fold;
        line[id] = (line[id] as number) + change * (values[i] as number);
      }
    }
  }
  return bias;
}

/** Scores of a weighed text for every label, higher is better. */
export function scoreLabels(model: LinearModel, { ids, values }: SparseRow): Float64Array {
  const { labels, weights, scales, biases } = model;
  const fold = foldMask(model.features);
  const scores = new Float64Array(labels);
  for (let i = 0; i < ids.length; i++) {
    const value = values[i] as number;
    if (value === 0) continue;
    const begin = ((ids[i] as number) & fold) * labels;
    for (let label = 0; label < labels; label++) {
      scores[label] = (scores[label] as number) + (weights[begin + label] as number) * value;
    }
  }
  for (let label = 0; label < labels; label++) {
    scores[label] = (scores[label] as number) * (scales[label] as number) + (biases[label] as number);
  }
  return scores;
}
