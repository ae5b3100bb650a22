import { z } from 'zod';
import { URGENCIES, type Urgency } from './ticket.ts';

const wordsSchema = z.array(z.string().min(1));

/** The file resources/urgency-rules.json: words that ask for more than 一般. They propose, the agent decides. */
export const urgencyRuleFileSchema = z.strictObject({
  version: z.number().int().positive(),
  /** Words right before a hit that take its meaning back: 没有触电, 防溺水. */
  negations: wordsSchema,
  /** Words that may lie between the two: 没有人触电. Only these, or 没修好漏电 would be taken for harmless. */
  fillers: wordsSchema,
  /** Words right after a hit that make it harmless: 触电演练. */
  harmlessAfter: wordsSchema,
  rules: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
        urgency: z.enum(['urgent', 'critical']),
        words: wordsSchema.min(1),
        reason: z.string().min(1),
        reasonEn: z.string().min(1),
        /** Beginnings of category codes it is limited to; everywhere when left out. */
        categories: z.array(z.string().regex(/^\d{2,6}$/)).optional(),
      }),
    )
    .min(1),
});
export type UrgencyRuleFile = z.infer<typeof urgencyRuleFileSchema>;

/** More urgency than was chosen, and why. */
export type UrgencyProposal =
  | {
      readonly urgency: Urgency;
      readonly because: 'word';
      readonly word: string;
      readonly reason: string;
      readonly reasonEn: string;
    }
  | { readonly urgency: Urgency; readonly because: 'category' };

function isNegated(before: string, { negations, fillers }: UrgencyRuleFile): boolean {
  return negations.some((word) => before.endsWith(word) || fillers.some((filler) => before.endsWith(word + filler)));
}

function hits(text: string, word: string, file: UrgencyRuleFile): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const after = text.slice(at + word.length);
    const harmless = file.harmlessAfter.some((next) => after.startsWith(next));
    if (!harmless && !isNegated(text.slice(0, at), file)) return true;
  }
  return false;
}

/**
 * The urgency that words of the text or the chosen category ask for, when it is more than what is chosen now.
 * @param category the chosen leaf, null while none is
 */
export function proposeUrgency(
  file: UrgencyRuleFile,
  text: string,
  category: { readonly code: string; readonly urgency: Urgency } | null,
  chosen: Urgency,
): UrgencyProposal | null {
  const rank = (urgency: Urgency) => URGENCIES.indexOf(urgency);
  let best: UrgencyProposal | null = null;
  let height = rank(chosen);
  for (const rule of file.rules) {
    if (rank(rule.urgency) <= height) continue;
    if (rule.categories && !rule.categories.some((start) => category?.code.startsWith(start))) continue;
    const word = rule.words.find((one) => hits(text, one, file));
    if (word === undefined) continue;
    height = rank(rule.urgency);
    best = { urgency: rule.urgency, because: 'word', word, reason: rule.reason, reasonEn: rule.reasonEn };
  }
  if (category && rank(category.urgency) > height) best = { urgency: category.urgency, because: 'category' };
  return best;
}
