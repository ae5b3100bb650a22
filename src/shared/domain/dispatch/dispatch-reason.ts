import { z } from 'zod';
import { textSchema } from '../../kernel/text.ts';

/** How the rule comes to a unit: default of the category, place (属地), shares the matter with the default one, on duty while that is closed. */
export const RULE_BASES = ['category', 'place', 'shared', 'duty'] as const;
export type RuleBasis = (typeof RULE_BASES)[number];

/**
 * Why the rule puts a unit where it does, in the order in which it is said: `open` and `closed` of the moment of an urgent matter, `busy` and
 * `less_busy` of its open tickets beside those of the other, `returned` for one that gave the ticket back.
 */
export const DISPATCH_REASONS = [...RULE_BASES, 'open', 'closed', 'busy', 'less_busy', 'returned'] as const;
export type DispatchReason = (typeof DISPATCH_REASONS)[number];
const reasonsSchema = z.array(z.enum(DISPATCH_REASONS)).max(DISPATCH_REASONS.length);

/**
 * What a dispatch keeps of the rule: the unit it proposed first, whether or not that is the one it went to, with the reasons and as many open
 * tickets as the console knew of it (null when it did not look).
 */
export const ruleRecordSchema = z.strictObject({
  unit: textSchema(60),
  reasons: reasonsSchema,
  load: z.number().int().nonnegative().nullable(),
});

/** Reasons of the unit that was chosen among those of the rule. */
export const chosenReasonsSchema = reasonsSchema;
