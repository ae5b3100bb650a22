import { z } from 'zod';
import { eventIdSchema, userIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { LIMITS } from './ticket.ts';

const epochMs = z.number().int().nonnegative();

/** What an article says. `validTo` null = until further notice. */
export const articleContentSchema = z.strictObject({
  title: textSchema(LIMITS.title).min(1),
  categoryCodes: z.array(z.string().max(20)).max(20),
  /** How people ask for it. */
  questions: z.array(textSchema(LIMITS.title)).max(20),
  /** What can be read out to the caller. */
  answer: textSchema(LIMITS.longText),
  /** Conditions, steps, materials, where to go. */
  body: textSchema(LIMITS.longText),
  source: z.strictObject({
    name: textSchema(LIMITS.address),
    number: textSchema(LIMITS.name),
    issuer: textSchema(LIMITS.name),
    /** yyyy-MM-dd, empty when unknown. */
    date: z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/),
  }),
  validFrom: epochMs.nullable(),
  validTo: epochMs.nullable(),
  keywords: z.array(textSchema(LIMITS.tag)).max(20),
});

/** 错误 or 过时, as an agent noticed it in use. */
export const ARTICLE_FEEDBACK_KINDS = ['wrong', 'outdated'] as const;
export const articleFeedbackSchema = z.strictObject({
  id: eventIdSchema,
  kind: z.enum(ARTICLE_FEEDBACK_KINDS),
  text: textSchema(500),
  /** Published version it speaks of. */
  version: z.number().int().nonnegative(),
  at: epochMs,
  byName: textSchema(LIMITS.name),
});

/** A change waiting for somebody else's approval. */
export const articleProposalSchema = z.strictObject({
  id: eventIdSchema,
  content: articleContentSchema,
  note: textSchema(500),
  byId: userIdSchema.nullable(),
  byName: textSchema(LIMITS.name),
  at: epochMs,
});

/** Published versions and refused proposals, oldest first. */
export const articleHistorySchema = z.strictObject({
  kind: z.enum(['published', 'refused']),
  version: z.number().int().nonnegative(),
  title: textSchema(LIMITS.title),
  at: epochMs,
  authorName: textSchema(LIMITS.name),
  reviewerName: textSchema(LIMITS.name),
  reason: textSchema(500),
});

/** An article with its review state. `published` null: never approved so far. */
export const articleDocSchema = z.strictObject({
  /** Number of the published version, 0 before the first approval. */
  version: z.number().int().nonnegative(),
  published: articleContentSchema.nullable(),
  publishedAt: epochMs.nullable(),
  authorName: textSchema(LIMITS.name),
  proposal: articleProposalSchema.nullable(),
  history: z.array(articleHistorySchema).max(50),
  feedback: z.array(articleFeedbackSchema).max(50),
});
export type ArticleDoc = z.infer<typeof articleDocSchema>;
