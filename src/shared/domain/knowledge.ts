import { z } from 'zod';
import { eventIdSchema, userIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { DAY_MS } from './clock/beijing-day.ts';
import { LIMITS } from './ticket.ts';

const epochMs = z.number().int().nonnegative();
/** A calendar day, yyyy-MM-dd: documents are dated and valid by days, not by moments. */
const dayText = z.iso.date();

/** Parts of an article in the order an agent needs them: conditions, what to ask, steps, materials, … */
export const SECTION_KINDS = [
  'conditions',
  'ask',
  'steps',
  'materials',
  'time',
  'cost',
  'where',
  'phone',
  'note',
] as const;

export type SectionKind = (typeof SECTION_KINDS)[number];

/** Most of everything an article may have; texts in UTF-16 units. */
export const ARTICLE_LIMITS = { line: 1_000, lines: 50, questions: 20, keywords: 20, sources: 10, note: 500 } as const;

export const articleSectionSchema = z.strictObject({
  kind: z.enum(SECTION_KINDS),
  /** One point each. */
  lines: z.array(textSchema(ARTICLE_LIMITS.line).min(1)).min(1).max(ARTICLE_LIMITS.lines),
});

/** The document an article rests on. */
export const articleSourceSchema = z.strictObject({
  title: textSchema(LIMITS.address).min(1),
  /** 文号, empty when it has none. */
  number: textSchema(LIMITS.name),
  issuer: textSchema(LIMITS.name),
  date: dayText.nullable(),
});

/** What an article says. */
export const articleContentSchema = z
  .strictObject({
    title: textSchema(LIMITS.title).min(1),
    /** Codes of resources/categories.json on any level: 大类, 中类 or 小类. */
    categoryCodes: z
      .array(z.string().regex(/^\d{2}(\d{2}){0,2}$/))
      .max(20)
      .refine((codes) => new Set(codes).size === codes.length),
    /** How people ask for it. */
    questions: z.array(textSchema(LIMITS.title).min(1)).max(ARTICLE_LIMITS.questions),
    /** What can be read out to the caller. */
    answer: textSchema(LIMITS.longText).min(1),
    sections: z
      .array(articleSectionSchema)
      .max(SECTION_KINDS.length)
      .refine((sections) => new Set(sections.map(({ kind }) => kind)).size === sections.length),
    sources: z.array(articleSourceSchema).max(ARTICLE_LIMITS.sources),
    validFrom: dayText.nullable(),
    /** Last day on which it is valid; null = until further notice. */
    validTo: dayText.nullable(),
    keywords: z.array(textSchema(LIMITS.tag).min(1)).max(ARTICLE_LIMITS.keywords),
    /** Speaks of the made-up centre (演示用): nobody may rely on it. */
    demo: z.boolean(),
  })
  .refine(({ validFrom, validTo }) => validFrom === null || validTo === null || validFrom <= validTo, {
    path: ['validTo'],
    message: 'ends before it begins',
  });
export type ArticleContent = z.infer<typeof articleContentSchema>;

/** 错误 or 过时, as an agent noticed it in use. */
export const ARTICLE_FEEDBACK_KINDS = ['wrong', 'outdated'] as const;
export const articleFeedbackSchema = z.strictObject({
  id: eventIdSchema,
  kind: z.enum(ARTICLE_FEEDBACK_KINDS),
  text: textSchema(ARTICLE_LIMITS.note),
  /** Published version it speaks of. */
  version: z.number().int().nonnegative(),
  at: epochMs,
  byName: textSchema(LIMITS.name),
});

/** A change waiting for somebody else's approval. */
export const articleProposalSchema = z.strictObject({
  id: eventIdSchema,
  content: articleContentSchema,
  note: textSchema(ARTICLE_LIMITS.note),
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
  /** What the author said of the change. */
  note: textSchema(ARTICLE_LIMITS.note),
  /** Why it was refused; may be empty for a publication. */
  reason: textSchema(ARTICLE_LIMITS.note),
  /** The words themselves; kept for the newest entries only. */
  content: articleContentSchema.nullable(),
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

/** Days before the end of an article's validity in which everybody is told. */
const EXPIRES_SOON_DAYS = 30;

/** How an article stands to the calendar. */
export const ARTICLE_VALIDITIES = ['valid', 'future', 'expiring', 'expired'] as const;
export type ArticleValidity = (typeof ARTICLE_VALIDITIES)[number];

/**
 * Whether an article may be read out today.
 * @param today yyyy-MM-dd in Beijing
 */
export function articleValidity(
  { validFrom, validTo }: Pick<ArticleContent, 'validFrom' | 'validTo'>,
  today: string,
): ArticleValidity {
  if (validTo !== null) {
    if (validTo < today) return 'expired';
    const daysLeft = (Date.parse(validTo) - Date.parse(today)) / DAY_MS;
    if (daysLeft <= EXPIRES_SOON_DAYS) return 'expiring';
  }
  return validFrom !== null && validFrom > today ? 'future' : 'valid';
}
