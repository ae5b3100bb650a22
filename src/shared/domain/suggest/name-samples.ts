import type { CategoryEntry } from '../category.ts';
import type { CategorySample } from './train-categories.ts';

/** What each leaf is called, as a text to learn from: all there is to go by for a leaf nobody called about yet. */
export function nameSamples(categories: readonly CategoryEntry[]): readonly CategorySample[] {
  return categories.map(({ code, names: [, group, leaf] }) => ({
    code,
    text: { title: leaf, content: group + leaf, originalWords: '' },
  }));
}
