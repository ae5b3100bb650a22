import { z } from 'zod';
import { reminderDaysSchema } from '../domain/reminder/reminder-rules.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { base, ok } from './procedure.ts';
import { ticketSummarySchema } from './tickets.contract.ts';

/** Reminders in one list at most: the newest ones. */
export const MOST_REMINDERS = 200;

/** Which reminder: of a ticket's limit for 办结, so many working days after it (below zero, before). A limit that was moved has others. */
const reminderKeySchema = z.strictObject({
  uid: ticketIdSchema,
  days: reminderDaysSchema,
  dueAt: z.number().int().nonnegative(),
});
export type ReminderKey = z.infer<typeof reminderKeySchema>;

const reminderSchema = reminderKeySchema.extend({
  /** When it came. */
  at: z.number().int(),
  ticket: ticketSummarySchema,
});
export type Reminder = z.infer<typeof reminderSchema>;

export const remindersContract = {
  /** Reminders that have come and that this person has not taken note of, the newest first; none for roles that are not reminded. */
  list: base.output(z.object({ reminders: z.array(reminderSchema), hasMore: z.boolean() })),
  /** The person has taken note; kept in their cache, also without a network. */
  acknowledge: base
    .input(z.strictObject({ reminders: z.array(reminderKeySchema).min(1).max(MOST_REMINDERS) }))
    .output(ok),
};
