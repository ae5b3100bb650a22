import { z } from 'zod';
import rulesFile from '#resources/dispatch-rules.json' with { type: 'json' };
import { urgencySchema } from '../ticket.ts';

/** 24:00 ends a day. */
const timeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const windowsSchema = z
  .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
  .refine((windows) => windows.every(({ from, to }, at) => from < to && (windows[at - 1]?.to ?? '') <= from), {
    message: 'windows overlap or end before they begin',
  });
const kindSchema = z.string().min(1);

const hoursSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]{1,40}$/),
  /** Kinds of units as the category tree names them. */
  kinds: z.array(kindSchema),
  /** On working days by the calendar (调休 included), and on all others. */
  workdays: windowsSchema,
  daysOff: windowsSchema,
});
export type OpeningHours = z.infer<typeof hoursSchema>;

/** The file resources/dispatch-rules.json. */
export const dispatchRulesSchema = z
  .strictObject({
    version: z.number().int().positive(),
    source: z.string().min(1),
    /** The last one is that of every kind that none names. */
    hours: z.array(hoursSchema).min(1),
    /** Who takes what cannot wait while its unit is closed: `for` is a kind, or the sign that kinds begin with. */
    duty: z.strictObject({
      urgencies: z.array(urgencySchema),
      units: z.array(z.strictObject({ for: kindSchema, unit: kindSchema })),
    }),
    /** Kinds that can do the same at a place: the one with less in hand goes first when the difference is large. */
    shared: z.array(z.array(kindSchema).min(2)),
    /** A unit is busy from so many open tickets on, when another has at most so many percent of them. */
    load: z.strictObject({ from: z.number().int().positive(), percent: z.number().int().min(0).max(100) }),
  })
  .refine(
    ({ hours }) => {
      const kinds = hours.flatMap((one) => one.kinds);
      return new Set(kinds).size === kinds.length;
    },
    { path: ['hours'], message: 'a kind has its hours twice' },
  );
export type DispatchRules = z.infer<typeof dispatchRulesSchema>;

let shipped: DispatchRules | null = null;

/** The rules of this build for 派单, read when they are first asked for. @throws Error naming file, place and reason when they are not good */
export function shippedDispatchRules(): DispatchRules {
  shipped ??= readDispatchRules(rulesFile);
  return shipped;
}

/** Reads a file of rules. @throws Error naming place and reason */
export function readDispatchRules(json: unknown): DispatchRules {
  const parsed = dispatchRulesSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/dispatch-rules.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
