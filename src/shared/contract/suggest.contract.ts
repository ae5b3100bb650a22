import { z } from 'zod';
import { textSchema } from '../kernel/text.ts';
import { base } from './procedure.ts';

/** Most characters of each text that are looked at; the window cuts longer ones. */
export const SUGGEST_TEXT_MAX = 2_000;

const text = z.string().max(SUGGEST_TEXT_MAX);
const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

/** What has been written so far. It is not stored, so anything may stand in it. */
export const suggestInputSchema = z.strictObject({
  title: text,
  content: text,
  originalWords: text,
  divisionCode: z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .nullable(),
  /** The category chosen already, to say who handled it here before. */
  categoryCode: textSchema(20).nullable(),
});

/** The unit that handled a category here most often, its share of those tickets and how many they were. */
const unitGuessSchema = z.object({ name: z.string(), share, tickets: count });

/**
 * What suggestions rest on: `learning` nothing yet, `names` the names of the categories only (the history is too short),
 * `history` the tickets of this console.
 */
const basisSchema = z.enum(['learning', 'names', 'history']);

export const suggestionsSchema = z.object({
  basis: basisSchema,
  /** At most three, the likeliest first; none when nothing is likely enough to be worth reading. */
  suggestions: z.array(z.object({ code: z.string(), confidence: share, unit: unitGuessSchema.nullable() })),
  /** Of the category chosen already. */
  unit: unitGuessSchema.nullable(),
});
export type Suggestions = z.infer<typeof suggestionsSchema>;
export type CategorySuggestion = Suggestions['suggestions'][number];

export const suggestStatusSchema = z.object({
  basis: basisSchema,
  learntAt: z.number().int().nullable(),
  /** Tickets learnt from. */
  tickets: count,
  /** On the newest tickets, kept apart from learning: how many had their category first, and among the first three. */
  unseen: z.object({ tickets: count, first: count, amongThree: count }),
  /** Tickets made here while a suggestion stood on the screen, and how many of them took it over. */
  choices: z.object({ offered: count, taken: count }),
});
export type SuggestStatus = z.infer<typeof suggestStatusSchema>;

export const suggestContract = {
  /** Categories for what has been written so far, with the units that handled such matters here. Takes some milliseconds. */
  category: base.input(suggestInputSchema).output(suggestionsSchema),
  /** What suggestions rest on and how often they are taken over. */
  status: base.output(suggestStatusSchema),
};
