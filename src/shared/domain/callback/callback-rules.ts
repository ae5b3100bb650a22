import { z } from 'zod';
import { MARKERS, TICKET_TYPES } from '../ticket.ts';

/** What happened to a ticket that its fields do not say: somebody reminded (催办), it is under an order (督办, 批示), it was done again (重办), nobody left a number. */
export const CALLBACK_SIGNS = ['reminded', 'ordered', 'redone', 'numberless'] as const;

/** Parts of a day in which a citizen is tried: somebody who works is not at home in the morning. */
export const DAY_PARTS = ['morning', 'afternoon', 'evening'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

/** What is said in a 回访, in its order. */
export const SCRIPT_STEPS = ['opening', 'request', 'reply', 'solved', 'satisfied', 'closing'] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const samplingRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]{1,40}$/),
  /** Every member that is given has to fit; of each, one of its values is enough. */
  when: z.strictObject({
    types: z.array(z.enum(TICKET_TYPES)).min(1).optional(),
    markers: z.array(z.enum(MARKERS)).min(1).optional(),
    signs: z.array(z.enum(CALLBACK_SIGNS)).min(1).optional(),
  }),
  percent: z.number().int().min(0).max(100),
});

/** The file resources/callback-rules.json. */
export const callbackRulesSchema = z
  .strictObject({
    version: z.number().int().positive(),
    source: z.string().min(1),
    attempts: z.strictObject({
      /** 未接通 so often … */
      most: z.number().int().min(1).max(10),
      /** … in so many parts of the day: then the ticket is closed as 无法联系. */
      differentParts: z.number().int().min(1).max(DAY_PARTS.length),
      workdaysOnly: z.boolean(),
      /** In the order of the day. */
      parts: z
        .array(z.strictObject({ id: z.enum(DAY_PARTS), from: timeOfDay, to: timeOfDay }))
        .min(1)
        .max(DAY_PARTS.length),
    }),
    /** Which answered tickets are called back: the first rule that fits decides. */
    sampling: z.array(samplingRuleSchema).min(1),
    script: z.array(z.strictObject({ id: z.enum(SCRIPT_STEPS), text: z.string().min(1).max(500) })).min(1),
  })
  .refine(({ attempts }) => new Set(attempts.parts.map(({ id }) => id)).size === attempts.parts.length, {
    path: ['attempts', 'parts'],
    message: 'a part of the day is given twice',
  })
  .refine(({ attempts }) => attempts.differentParts <= attempts.parts.length, {
    path: ['attempts', 'differentParts'],
    message: 'more parts than the day has',
  })
  .refine(
    ({ attempts: { parts } }) => parts.every(({ from, to }, at) => from < to && (parts[at - 1]?.to ?? '') <= from),
    {
      path: ['attempts', 'parts'],
      message: 'parts overlap or end before they begin',
    },
  )
  .refine(({ sampling }) => Object.keys(sampling.at(-1)?.when ?? {}).length === 0, {
    path: ['sampling'],
    message: 'the last rule has to fit every ticket',
  });
export type CallbackRules = z.infer<typeof callbackRulesSchema>;
