import { type CategoryModel, type LeafModel, type LearntFrom, rankLeaves } from './category-model.ts';
import { measureSharpness, type UnseenScores } from './confidence.ts';
import { type LinearModel, scoreLabels, trainLinear } from './linear-model.ts';
import type { SparseRow } from './sparse-row.ts';
import { createFeatureReader, type FeatureCounts, type SuggestText } from './text-features.ts';
import { countVocabulary, weighText } from './vocabulary.ts';

/** A text with the leaf it belongs to (six digits). */
export interface CategorySample {
  readonly text: SuggestText;
  readonly code: string;
}

/** Inside one 大类 there are fewer words and fewer texts: 2^14 features keep 566 leaves below 10 MB. */
const LEAF_FEATURES = 1 << 14;
/** The newest tickets measure the model, if there are enough others to learn from: one of so many, at most so many. */
const UNSEEN_SHARE = 40;
const MOST_UNSEEN = 500;
const FEWEST_UNSEEN = 25;
const ROWS_PER_STEP = 32;

/** Collects texts one by one and learns from them. */
export interface CategoryTrainer {
  /** Adds a ticket, the newest first. */
  add(sample: CategorySample): void;
  /** Adds what a category is called: the only text of a leaf nobody called about yet. Never measured on. */
  addName(sample: CategorySample): void;
  readonly tickets: number;
  /** Learns in steps of a millisecond or two. The same texts in the same order give the same model. Used once. */
  train(): Generator<void, CategoryModel>;
}

interface ReadSample {
  readonly counts: FeatureCounts;
  readonly code: string;
  readonly root: string;
}

interface LabelledRow {
  readonly row: SparseRow;
  readonly code: string;
  readonly root: string;
}

export function createCategoryTrainer(): CategoryTrainer {
  const reader = createFeatureReader();
  const tickets: ReadSample[] = [];
  const names: ReadSample[] = [];
  const keep = ({ text, code }: CategorySample): ReadSample => ({
    counts: reader.read(text),
    code,
    root: code.slice(0, 2),
  });
  return {
    add: (sample) => tickets.push(keep(sample)),
    addName: (sample) => names.push(keep(sample)),
    get tickets() {
      return tickets.length;
    },
    train: () => train(tickets, names),
  };
}

/** Goes through a list with places to interrupt. */
function* each<T>(list: readonly T[], work: (item: T) => void): Generator<void, void> {
  for (let i = 0; i < list.length; i++) {
    if (i % ROWS_PER_STEP === 0) yield;
    work(list[i] as T);
  }
}

function* train(tickets: readonly ReadSample[], names: readonly ReadSample[]): Generator<void, CategoryModel> {
  const share = Math.min(MOST_UNSEEN, Math.floor(tickets.length / UNSEEN_SHARE));
  const unseenCount = share < FEWEST_UNSEEN ? 0 : share;
  const samples = [...tickets, ...names];
  if (samples.length === 0) throw new Error('nothing to learn from');

  const counter = countVocabulary();
  yield* each(samples.slice(unseenCount), ({ counts }) => counter.add(counts));
  const vocabulary = yield* counter.finish();
  const rows: LabelledRow[] = [];
  yield* each(samples, ({ counts, code, root }) => rows.push({ row: weighText(counts, vocabulary), code, root }));
  const unseen = rows.slice(0, unseenCount);
  const seen = rows.slice(unseenCount);

  const byRoot = new Map<string, LabelledRow[]>();
  yield* each(seen, (one) => {
    const known = byRoot.get(one.root);
    if (known) known.push(one);
    else byRoot.set(one.root, [one]);
  });
  const roots = [...byRoot.keys()].sort();
  const rootModel = yield* trainLabels(seen, roots, (one) => one.root, vocabulary.size);
  const leaves: LeafModel[] = [];
  for (const root of roots) leaves.push(yield* trainLeaves(byRoot.get(root) ?? []));
  return yield* measure({ vocabulary, roots, rootModel, leaves }, tickets.length, unseen);
}

function* trainLabels(
  list: readonly LabelledRow[],
  labels: readonly string[],
  labelled: (one: LabelledRow) => string,
  features: number,
): Generator<void, LinearModel> {
  const indexes = new Map(labels.map((label, index) => [label, index]));
  const rows: SparseRow[] = [];
  const labelOf = new Int32Array(list.length);
  yield* each(list, (one) => {
    labelOf[rows.length] = indexes.get(labelled(one)) ?? -1;
    rows.push(one.row);
  });
  return yield* trainLinear({ rows, labelOf, labels: labels.length, features });
}

function* trainLeaves(list: readonly LabelledRow[]): Generator<void, LeafModel> {
  const codes = [...new Set(list.map(({ code }) => code))].sort();
  const model = codes.length > 1 ? yield* trainLabels(list, codes, ({ code }) => code, LEAF_FEATURES) : null;
  return { codes, model };
}

type Unmeasured = Pick<CategoryModel, 'vocabulary' | 'roots' | 'rootModel' | 'leaves'>;

/** Finds out on unseen tickets how sure the model may be, and how often it is right. */
function* measure(model: Unmeasured, tickets: number, unseen: readonly LabelledRow[]): Generator<void, CategoryModel> {
  const ofRoots: UnseenScores[] = [];
  const ofLeaves: UnseenScores[] = [];
  yield* each(unseen, ({ row, code, root }) => {
    const label = model.roots.indexOf(root);
    ofRoots.push({ scores: scoreLabels(model.rootModel, row), label });
    const leaves = model.leaves[label];
    const leaf = leaves?.codes.indexOf(code) ?? -1;
    if (leaves?.model && leaf >= 0) ofLeaves.push({ scores: scoreLabels(leaves.model, row), label: leaf });
  });
  const rootSharpness = yield* measureSharpness(ofRoots);
  const leafSharpness = yield* measureSharpness(ofLeaves);
  const sharp = { ...model, rootSharpness, leafSharpness };
  let first = 0;
  let amongThree = 0;
  yield* each(unseen, ({ row, code }) => {
    const place = rankLeaves(sharp, row).findIndex((guess) => guess.code === code);
    if (place === 0) first++;
    if (place >= 0 && place < 3) amongThree++;
  });
  const learntFrom: LearntFrom = { tickets, unseen: unseen.length, first, amongThree };
  return { ...sharp, learntFrom };
}
