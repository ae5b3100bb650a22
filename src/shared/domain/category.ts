import { z } from 'zod';

/** One leaf of the category tree (大类 / 中类 / 小类), data in resources/categories.json. */
export const categoryLeafSchema = z.strictObject({
  code: z.string().regex(/^\d{6}$/),
  name: z.string().min(1),
  /** English label. */
  en: z.string().min(1),
  /** Default handling unit, empty when it depends on the place. */
  unit: z.string(),
});
export const categoryGroupSchema = z.strictObject({
  code: z.string().regex(/^\d{4}$/),
  name: z.string().min(1),
  en: z.string().min(1),
  leaves: z.array(categoryLeafSchema).min(1),
});
export const categoryRootSchema = z.strictObject({
  code: z.string().regex(/^\d{2}$/),
  name: z.string().min(1),
  en: z.string().min(1),
  groups: z.array(categoryGroupSchema).min(1),
});
/** The file: codes of children start with the code of their parent. */
export const categoryTreeSchema = z.strictObject({
  version: z.number().int().positive(),
  roots: z.array(categoryRootSchema).min(1),
});
export type CategoryTree = z.infer<typeof categoryTreeSchema>;

/** A leaf with its path, as pickers and lists use it. */
export interface CategoryEntry {
  readonly code: string;
  readonly names: readonly [string, string, string];
  readonly en: readonly [string, string, string];
  readonly unit: string;
}

/** All leaves of the tree in file order. */
export function listCategories(tree: CategoryTree): readonly CategoryEntry[] {
  return tree.roots.flatMap((root) =>
    root.groups.flatMap((group) =>
      group.leaves.map((leaf) => ({
        code: leaf.code,
        names: [root.name, group.name, leaf.name] as const,
        en: [root.en, group.en, leaf.en] as const,
        unit: leaf.unit,
      })),
    ),
  );
}
