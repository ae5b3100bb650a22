import type { ErrorCode } from '#shared/contract/error-codes.ts';
import type { OpRefusal } from '#shared/sync/refusals.ts';
import type { zhCNCall } from './zh-CN.call.ts';
import type { zhCNDuplicates } from './zh-CN.duplicates.ts';
import type { zhCNErrors } from './zh-CN.errors.ts';
import type { zhCNForms } from './zh-CN.forms.ts';
import type { zhCNKnowledge } from './zh-CN.knowledge.ts';
import type { zhCNCauses, zhCNRefusals } from './zh-CN.refusals.ts';
import type { zhCNTerms } from './zh-CN.terms.ts';
import type { zhCN } from './zh-CN.ts';

/** The same tree of keys with any text at its leaves. */
type TextTree<T> = { readonly [K in keyof T]: T[K] extends string ? string : TextTree<T[K]> };

/** What a language has to provide; a missing or surplus key does not compile. */
export type Catalogue = TextTree<typeof zhCN>;
export type CallCatalogue = TextTree<typeof zhCNCall>;
export type DuplicatesCatalogue = TextTree<typeof zhCNDuplicates>;
export type FormsCatalogue = TextTree<typeof zhCNForms>;
export type KnowledgeCatalogue = TextTree<typeof zhCNKnowledge>;
export type TermsCatalogue = TextTree<typeof zhCNTerms>;
export type ErrorsCatalogue = TextTree<typeof zhCNErrors> & Readonly<Record<ErrorCode, string>>;
/** Every reason of the server has a text. */
export type RefusalsCatalogue = TextTree<typeof zhCNRefusals> & Readonly<Record<OpRefusal, string>>;
export type CausesCatalogue = TextTree<typeof zhCNCauses>;
