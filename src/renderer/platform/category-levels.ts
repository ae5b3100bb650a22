import type { CategoryEntry } from '#shared/domain/category.ts';
import type { PickerEntry } from './picker-match.ts';

/** Entries of all three levels out of the leaves: every 大类 and 中类 once, before what is under it. */
export function categoryLevels(leaves: readonly CategoryEntry[]): readonly PickerEntry[] {
  const entries = new Map<string, PickerEntry>();
  for (const { code, names, en } of leaves) {
    for (const depth of [1, 2, 3]) {
      const prefix = code.slice(0, depth * 2);
      if (!entries.has(prefix))
        entries.set(prefix, { code: prefix, names: names.slice(0, depth), en: en.slice(0, depth) });
    }
  }
  return [...entries.values()];
}
