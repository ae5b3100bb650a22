import file from '#resources/categories.json' with { type: 'json' };
import { type CategoryTree, listCategories } from '#shared/domain/category.ts';

/** Names of the categories by code, from the 大类 down. */
export const categoryNames: ReadonlyMap<string, string> = new Map(
  listCategories(file as CategoryTree).map(({ code, names }) => [code, names.join(' / ')]),
);
