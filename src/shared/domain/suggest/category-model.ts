import { toConfidences } from './confidence.ts';
import { type LinearModel, scoreLabels } from './linear-model.ts';
import type { SparseRow } from './sparse-row.ts';
import type { FeatureReader, SuggestText } from './text-features.ts';
import { type Vocabulary, weighText } from './vocabulary.ts';

/** Leaves of one 大类, and how to tell them apart; null where there is one only. */
export interface LeafModel {
  readonly codes: readonly string[];
  readonly model: LinearModel | null;
}

/** What the model was learnt from and how good it was on newer tickets it had not seen. */
export interface LearntFrom {
  /** Tickets of the history. */
  readonly tickets: number;
  /** Newest tickets that were kept apart to measure on; 0 when the history was too short for that. */
  readonly unseen: number;
  /** Of these: how many had their category as the first suggestion, and among the first three. */
  readonly first: number;
  readonly amongThree: number;
}

/** Suggests leaves of the category tree: first the 大类, then the leaf inside it. */
export interface CategoryModel {
  readonly vocabulary: Vocabulary;
  /** Codes of the 大类 (two digits), in the order of the labels of `rootModel` and of `leaves`. */
  readonly roots: readonly string[];
  readonly rootModel: LinearModel;
  readonly rootSharpness: number;
  readonly leaves: readonly LeafModel[];
  readonly leafSharpness: number;
  readonly learntFrom: LearntFrom;
}

/** A leaf with its confidence: 0.8 = about eight of ten such texts had it. */
export interface CategoryGuess {
  readonly code: string;
  readonly confidence: number;
}

/** 大类 less likely than this are not looked into. */
const FAINT = 0.02;

/**
 * The likeliest leaves of a text, best first; none when nothing in the text is known to the model.
 * @param limit most guesses
 */
export function guessCategories(
  model: CategoryModel,
  reader: FeatureReader,
  text: SuggestText,
  limit: number,
): readonly CategoryGuess[] {
  const row = weighText(reader.read(text), model.vocabulary);
  return row.ids.length === 0 ? [] : rankLeaves(model, row).slice(0, limit);
}

/** Leaves of the likelier 大类 for a weighed text, best first. */
export function rankLeaves(model: Omit<CategoryModel, 'learntFrom'>, row: SparseRow): readonly CategoryGuess[] {
  const rootConfidences = toConfidences(scoreLabels(model.rootModel, row), model.rootSharpness);
  const guesses = model.leaves.flatMap(({ codes, model: leafModel }, root) => {
    const ofRoot = rootConfidences[root] as number;
    if (ofRoot < FAINT) return [];
    const ofLeaf = leafModel ? toConfidences(scoreLabels(leafModel, row), model.leafSharpness) : [1];
    return codes.map((code, leaf) => ({ code, confidence: ofRoot * (ofLeaf[leaf] as number) }));
  });
  return guesses.sort((a, b) => b.confidence - a.confidence);
}
