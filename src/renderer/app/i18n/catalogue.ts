import type { zhCN } from './zh-CN.ts';

/** The same tree of keys with any text at its leaves. */
type TextTree<T> = { readonly [K in keyof T]: T[K] extends string ? string : TextTree<T[K]> };

/** A text `name` may have other words for a single thing: those of `name_one` are taken when the `count` is 1. */
type WithSingulars<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : WithSingulars<T[K]>;
} & { readonly [K in keyof T & string as T[K] extends string ? `${K}_one` : never]?: string };

/** The texts as code names them. */
export type TextNames = TextTree<typeof zhCN>;

/**
 * What a language has to provide: exactly the keys of Chinese; a missing or surplus one does not compile. One entry of this tree is one file in
 * the folder of each language, named alike. A language that tells one from several may add the words for one.
 */
export type Catalogue = WithSingulars<typeof zhCN>;
