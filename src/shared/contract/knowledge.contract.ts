import { z } from 'zod';
import { articleFormSchema } from '../domain/article-form.ts';
import {
  ARTICLE_FEEDBACK_KINDS,
  ARTICLE_LIMITS,
  ARTICLE_VALIDITIES,
  articleContentSchema,
} from '../domain/knowledge.ts';
import { recordSchema } from '../domain/record.ts';
import { LIMITS } from '../domain/ticket.ts';
import { eventIdSchema, opIdSchema, recordIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { base, ok } from './procedure.ts';

const version = z.number().int().nonnegative();
const at = z.number().int().nonnegative();
const uid = recordIdSchema;

/** One line of a list of articles. */
export const articleSummarySchema = z.object({
  uid,
  title: z.string(),
  /** Published version, 0 when none is. */
  version,
  categoryCodes: z.array(z.string()),
  /** Start of the answer, or the passage a search found; at most 120 characters. */
  excerpt: z.string(),
  /** The words that were found, to be marked. */
  marks: z.array(z.string()),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
  validity: z.enum(ARTICLE_VALIDITIES),
  demo: z.boolean(),
  publishedAt: at.nullable(),
  /** A proposal waits for somebody's approval. */
  isWaiting: z.boolean(),
  feedback: z.number().int().nonnegative(),
  /** True while an operation of this console on the article is not confirmed by the server. */
  pending: z.boolean(),
});
export type ArticleSummary = z.infer<typeof articleSummarySchema>;

export const ARTICLE_STATES = ['all', 'valid', 'expiring', 'expired', 'waiting', 'noticed'] as const;
export const articleListInputSchema = z.strictObject({
  query: textSchema(200).default(''),
  /** A category of any level. */
  category: z
    .string()
    .regex(/^\d{2}(\d{2}){0,2}$/)
    .nullable()
    .default(null),
  state: z.enum(ARTICLE_STATES).default('all'),
  limit: z.number().int().min(1).max(200).default(100),
  offset: z.number().int().min(0).max(100_000).default(0),
});
export type ArticleListInput = z.infer<typeof articleListInputSchema>;
export const articleListSchema = z.object({ articles: z.array(articleSummarySchema), total: z.number().int() });

/** An operation on an article that the server refused; it stays until a person acts on it. */
export const refusedArticleOpSchema = z.object({
  opId: opIdSchema,
  uid,
  kind: z.enum(['article.propose', 'article.review', 'article.feedback']),
  title: z.string(),
  reason: z.string(),
  at,
});
export type RefusedArticleOp = z.infer<typeof refusedArticleOpSchema>;

export const articleDraftSchema = z.object({ uid, basedOn: version, form: articleFormSchema, updatedAt: at });
export type ArticleDraft = z.infer<typeof articleDraftSchema>;

export const articleViewSchema = z.object({
  article: recordSchema.options[0],
  pending: z.boolean(),
});
export type ArticleView = z.infer<typeof articleViewSchema>;

/** What an editor has under way: unfinished texts and refused operations. */
export const articleDeskSchema = z.object({
  drafts: z.array(articleDraftSchema),
  refused: z.array(refusedArticleOpSchema),
});
export type ArticleDesk = z.infer<typeof articleDeskSchema>;

export const articleSuggestInputSchema = z.strictObject({
  categoryCode: textSchema(20).nullable(),
  text: textSchema(3 * LIMITS.longText),
  limit: z.number().int().min(1).max(20).default(6),
});
export const articleSuggestionSchema = articleSummarySchema.extend({ byCategory: z.boolean(), byText: z.boolean() });
export type ArticleSuggestion = z.infer<typeof articleSuggestionSchema>;

export const articleUidSchema = z.strictObject({ uid });
export const articleUidsSchema = z.strictObject({ uids: z.array(uid).max(20) });
export const articleProposeInputSchema = z.strictObject({
  /** Chosen by the window for a new article. */
  uid,
  basedOn: version,
  content: articleContentSchema,
  note: textSchema(ARTICLE_LIMITS.note),
});
export const articleReviewInputSchema = z
  .strictObject({
    uid,
    proposalId: eventIdSchema,
    decision: z.enum(['approve', 'refuse']),
    reason: textSchema(ARTICLE_LIMITS.note),
  })
  // Who is refused has a right to know why.
  .refine(({ decision, reason }) => decision === 'approve' || reason.trim() !== '');
export const articleReportInputSchema = z.strictObject({
  uid,
  version,
  kind: z.enum(ARTICLE_FEEDBACK_KINDS),
  text: textSchema(ARTICLE_LIMITS.note).min(1),
});
export const articleDraftInputSchema = z.strictObject({ uid, basedOn: version, form: articleFormSchema });
export const refusedOpInputSchema = z.strictObject({ opId: opIdSchema });

export const knowledgeContract = {
  /** Articles by full text, category and state; the best first, without a query the last published first. */
  list: base.input(articleListInputSchema).output(articleListSchema),
  get: base.input(articleUidSchema).output(articleViewSchema),
  /** What is known now of articles that were cited; those that are gone are left out. */
  summaries: base.input(articleUidsSchema).output(z.array(articleSummarySchema)),
  /** Articles that fit what is being written in a call. */
  suggest: base.input(articleSuggestInputSchema).output(z.array(articleSuggestionSchema)),
  /** 错误 or 过时, as noticed in use. */
  report: base.input(articleReportInputSchema).output(ok),
  /** A new article or a change of one, for somebody else to approve. Forgets the unfinished text of it. */
  propose: base.input(articleProposeInputSchema).output(ok),
  review: base.input(articleReviewInputSchema).output(ok),
  /** Unfinished texts and refused operations of this person. */
  desk: base.output(articleDeskSchema),
  /** Keeps an unfinished text; answers once it is on disk. */
  keepDraft: base.input(articleDraftInputSchema).output(ok),
  dropDraft: base.input(articleUidSchema).output(ok),
  /** Makes an unfinished text of a refused proposal, based on what is published now. */
  redoRefused: base.input(refusedOpInputSchema).output(articleUidSchema),
  /** Forgets a refused operation on an article. */
  dropRefused: base.input(refusedOpInputSchema).output(ok),
};
