import type { zhCN } from './zh-CN.ts';

/** The same tree of keys with any text at its leaves. */
type TextTree<T> = { readonly [K in keyof T]: T[K] extends string ? string : TextTree<T[K]> };

/**
 * What a language has to provide: exactly the keys of Chinese; a missing or surplus one does not compile. One entry of this tree is one file in
 * the folder of each language, named alike.
 */
export type Catalogue = TextTree<typeof zhCN>;
