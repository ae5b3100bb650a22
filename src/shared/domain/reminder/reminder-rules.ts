import { z } from 'zod';
import { DAY_MS } from '../clock/beijing-day.ts';
import { addWorkdays, REMINDER_DAYS } from '../clock/clock-run.ts';
import type { WorkCalendar } from '../clock/work-calendar.ts';
import { type Role, roleSchema } from '../roles.ts';
import type { Ticket } from '../ticket.ts';
import type { TicketStatus } from '../ticket-status.ts';

export const reminderDaysSchema = z.literal(REMINDER_DAYS);
export type ReminderDays = z.infer<typeof reminderDaysSchema>;

/** The file resources/reminder-rules.json: who at the centre is reminded of a limit for 办结, and how long a reminder is listed. */
export const reminderRulesSchema = z.strictObject({
  version: z.number().int().positive(),
  source: z.string().min(1),
  /** Days after which a reminder that nobody took note of is left to the queue 超期. */
  listedDays: z.number().int().min(1).max(60),
  steps: z
    .array(z.strictObject({ days: reminderDaysSchema, roles: z.array(roleSchema).min(1) }))
    .refine((steps) => new Set(steps.map(({ days }) => days)).size === steps.length, 'a step is given twice'),
});
export type ReminderRules = z.infer<typeof reminderRulesSchema>;

/** States in which the limit for 办结 runs. */
const REMINDED_STATUSES: readonly TicketStatus[] = [
  'accepted',
  'review',
  'to_dispatch',
  'to_sign',
  'handling',
  'return_review',
  'extension_review',
  'joint_review',
  'redo',
];

/** When the limit for 办结 of a ticket runs out, epoch ms; null while none runs. */
export function remindedDueAt({ status, clocks }: Pick<Ticket, 'status' | 'clocks'>): number | null {
  if (clocks === null || clocks.metAt !== null || clocks.pausedSince !== null) return null;
  return REMINDED_STATUSES.includes(status) ? clocks.close.dueAt : null;
}

/** The steps somebody of a role is reminded at, the last one first. */
export function remindedSteps({ steps }: ReminderRules, role: Role): readonly ReminderDays[] {
  return steps.flatMap(({ days, roles }) => (roles.includes(role) ? [days] : [])).sort((a, b) => b - a);
}

/**
 * The last due time whose reminder has come at a moment: due times until then are reminded of, later ones are not.
 * @param at epoch ms
 * @param days working days after the due time; below zero, before it
 */
export function remindedUntil(at: number, days: number, calendar: WorkCalendar): number {
  // What is due on a day off counts from the working day after it: up to where the next working moment begins.
  return calendar.fromWorkTime(calendar.toWorkTime(at) - days * DAY_MS + 1) - 1;
}

/** When a reminder of a due time comes, epoch ms. */
export function remindedAt(dueAt: number, days: number, calendar: WorkCalendar): number {
  return addWorkdays(dueAt, days, calendar);
}
