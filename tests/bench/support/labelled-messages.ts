import type { SuggestText } from '#shared/domain/suggest/text-features.ts';
import { readRealMessages } from '../../support/real-messages.ts';
import { createRandom } from './bench-tickets.ts';

/** A real message with one of seven first-level categories. */
export interface LabelledMessage {
  readonly text: SuggestText;
  readonly label: string;
}

export const LABELLED_FILE = 'labelled-words-train.jsonl';

interface LabelledLine {
  readonly words: string;
  readonly category: string;
}

/**
 * The labelled messages. Title and body are not told apart in the file and lie there as words without stop words; the words are put
 * together again without spaces and given as content, so that the product's own features (characters and pairs) are read from them.
 */
export function readLabelledMessages(): readonly LabelledMessage[] {
  return readRealMessages<LabelledLine>(LABELLED_FILE).map(({ words, category }) => ({
    text: { title: '', content: words.replaceAll(' ', ''), originalWords: '' },
    label: category,
  }));
}

/** Shuffles a copy, the same way for the same seed. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/**
 * Deals groups of messages out to folds, so that every fold gets about the same number of each label and no group is split.
 * @returns the fold of each message
 */
export function dealFolds(messages: readonly LabelledMessage[], groups: Int32Array, folds: number): Int32Array {
  const members = Map.groupBy(messages.keys(), (i) => groups[i] as number);
  const lists = shuffled([...members.values()], createRandom(1)).sort((a, b) => b.length - a.length);
  const loads = Array.from({ length: folds }, () => new Map<string, number>());
  const foldOf = new Int32Array(messages.length);
  for (const list of lists) {
    const costs = loads.map((load) => list.reduce((sum, i) => sum + (load.get(messages[i]?.label ?? '') ?? 0), 0));
    const fold = costs.indexOf(Math.min(...costs));
    for (const i of list) {
      const label = messages[i]?.label ?? '';
      foldOf[i] = fold;
      loads[fold]?.set(label, (loads[fold]?.get(label) ?? 0) + 1);
    }
  }
  return foldOf;
}

const SHINGLE = 4;
const HASHES = 64;
const HASHES_PER_BAND = 4;
const SIMILAR = 0.5;

function hashText(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}

function rehash(value: number, seed: number): number {
  let hash = Math.imul(value ^ Math.imul(seed, 0x9e3779b9), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Messages that share at least half of their runs of four characters are one group, found through MinHash bands. */
export function groupNearDuplicates(messages: readonly LabelledMessage[]): Int32Array {
  const shingles = messages.map(({ text: { content } }) => {
    const set = new Set<number>();
    for (let i = 0; i <= Math.max(0, content.length - SHINGLE); i++) set.add(hashText(content.slice(i, i + SHINGLE)));
    return set;
  });
  const parents = Int32Array.from(messages.keys());
  const rootOf = (i: number): number => {
    let at = i;
    while (parents[at] !== at) at = parents[at] as number;
    return at;
  };
  for (let band = 0; band < HASHES / HASHES_PER_BAND; band++) {
    const buckets = Map.groupBy(messages.keys(), (i) => {
      const parts: number[] = [];
      for (let h = 0; h < HASHES_PER_BAND; h++) {
        let least = 0xffff_ffff;
        for (const value of shingles[i] ?? []) least = Math.min(least, rehash(value, band * HASHES_PER_BAND + h));
        parts.push(least);
      }
      return parts.join();
    });
    for (const [first = 0, ...others] of buckets.values()) {
      for (const other of others) {
        if (rootOf(first) !== rootOf(other) && areSimilar(shingles[first], shingles[other])) {
          parents[rootOf(other)] = rootOf(first);
        }
      }
    }
  }
  return Int32Array.from(messages.keys(), rootOf);
}

function areSimilar(a: ReadonlySet<number> = new Set(), b: ReadonlySet<number> = new Set()): boolean {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared++;
  return shared >= SIMILAR * (a.size + b.size - shared);
}
