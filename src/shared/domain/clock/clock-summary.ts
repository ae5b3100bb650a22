import type { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './beijing-day.ts';
import { clockRunSchema } from './clock-run.ts';
import { type TicketClocks, ticketClocksSchema } from './ticket-clocks.ts';

/** What a line of a list needs to tell a ticket's remaining time at any moment, without asking again. */
export const clockSummarySchema = ticketClocksSchema
  .pick({ stage: true, shown: true, nearAt: true, dueAt: true, pausedSince: true, pausedFor: true, calendar: true })
  .extend({ scale: clockRunSchema.shape.scale });
export type ClockSummary = z.infer<typeof clockSummarySchema>;

/** The clock a list shows of a ticket; null when none runs any more, or ever did. */
export function summarizeClocks(clocks: TicketClocks | null): ClockSummary | null {
  if (!clocks || clocks.stage === 'done') return null;
  const { stage, shown, nearAt, dueAt, pausedSince, pausedFor, calendar, run, close } = clocks;
  const scale = shown === 'stage' ? run?.scale : shown === 'close' ? close.scale : 'real';
  return { stage, shown, nearAt, dueAt, pausedSince, pausedFor, calendar, scale: scale ?? 'real' };
}

/** Until when a list shows the ticket in time, epoch ms: from then on its tag and the queue 超期 say overdue. Null while nothing runs out. */
export function shownDueAt(clocks: TicketClocks | null): number | null {
  return summarizeClocks(clocks)?.dueAt ?? null;
}

/** How much time is left, or over, in one unit that people count in. */
export interface ClockSpanLeft {
  /** `underWorkday`: more than a day by the calendar on the wall, less than one working day. */
  readonly unit: 'minutes' | 'hours' | 'days' | 'workdays' | 'underWorkday';
  readonly count: number;
}

/**
 * Time between now and the due time, whichever comes first: within a day as it passes, beyond that in working days where the limit is
 * counted in them. Rounded down; the last minute is minute 0.
 * @param toWorkTime the calendar's working time of a moment; days that run through without it
 */
export function spanLeft(
  { dueAt, scale }: { readonly dueAt: number; readonly scale: ClockSummary['scale'] },
  now: number,
  toWorkTime: ((at: number) => number) | null,
): ClockSpanLeft {
  const ms = Math.abs(dueAt - now);
  // A limit of two hours that has just begun must not look half used.
  if (ms < 2 * HOUR_MS) return { unit: 'minutes', count: Math.floor(ms / MINUTE_MS) };
  if (ms < DAY_MS) return { unit: 'hours', count: Math.floor(ms / HOUR_MS) };
  if (scale === 'real' || !toWorkTime) return { unit: 'days', count: Math.floor(ms / DAY_MS) };
  const count = Math.floor(Math.abs(toWorkTime(dueAt) - toWorkTime(now)) / DAY_MS);
  return count === 0 ? { unit: 'underWorkday', count: 1 } : { unit: 'workdays', count };
}
