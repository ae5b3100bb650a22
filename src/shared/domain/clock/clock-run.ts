import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './beijing-day.ts';
import { CALENDAR_STANDINGS, type CalendarStanding } from './calendar-year.ts';
import type { ClockSpan } from './clock-preset.ts';
import type { WorkCalendar } from './work-calendar.ts';

const epochMs = z.number().int().nonnegative();

/** 临近 is the last fifth of a limit. */
function lastFifth(limitMs: number): number {
  return Math.round(limitMs / 5);
}

/** One running limit. */
export const clockRunSchema = z.object({
  startedAt: epochMs,
  /** From then on 临近: four fifths of the limit are used. */
  nearAt: epochMs,
  /** From then on 超期. */
  dueAt: epochMs,
  /** `work`: counted in working days by the calendar; `real`: runs through. */
  scale: z.enum(['work', 'real']),
  /** The whole limit with its extension, in ms of the scale: a working day has 24 hours. */
  limitMs: z.number().int().nonnegative(),
  /** The least certain calendar year it was counted in. */
  calendar: z.enum(CALENDAR_STANDINGS),
});
export type ClockRun = z.infer<typeof clockRunSchema>;
type Scale = ClockRun['scale'];

export const UNIT_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS, workday: DAY_MS } as const;

function toScale(at: number, scale: Scale, calendar: WorkCalendar): number {
  return scale === 'work' ? calendar.toWorkTime(at) : at;
}

function fromScale(value: number, scale: Scale, calendar: WorkCalendar): number {
  return scale === 'work' ? calendar.fromWorkTime(value) : value;
}

function standingOf(from: number, dueAt: number, scale: Scale, calendar: WorkCalendar): CalendarStanding {
  return scale === 'work' ? calendar.standingBetween(from, dueAt) : 'official';
}

/**
 * Starts a limit. N working days end at the same time of day on the N-th working day after the start; what starts on a day off
 * counts from the beginning of the next working day and ends with the N-th one.
 * @param at epoch ms
 */
export function startRun(at: number, span: ClockSpan, calendar: WorkCalendar): ClockRun {
  const scale = span.unit === 'workday' ? 'work' : 'real';
  const limitMs = span.value * UNIT_MS[span.unit];
  const start = toScale(at, scale, calendar);
  const dueAt = fromScale(start + limitMs, scale, calendar);
  return {
    startedAt: at,
    nearAt: fromScale(start + limitMs - lastFifth(limitMs), scale, calendar),
    dueAt,
    scale,
    limitMs,
    calendar: standingOf(at, dueAt, scale, calendar),
  };
}

/** The moment some working days after (or, below zero, before) another, epoch ms. */
export function addWorkdays(at: number, days: number, calendar: WorkCalendar): number {
  return calendar.fromWorkTime(calendar.toWorkTime(at) + days * DAY_MS);
}

/** The limit after a pause: what was left at its beginning is left at its end. What had run out before stays run out. */
export function shiftRun(run: ClockRun, from: number, to: number, calendar: WorkCalendar): ClockRun {
  const { scale } = run;
  const paused = toScale(to, scale, calendar) - toScale(from, scale, calendar);
  const shift = (at: number) => (at <= from ? at : fromScale(toScale(at, scale, calendar) + paused, scale, calendar));
  const dueAt = shift(run.dueAt);
  return { ...run, nearAt: shift(run.nearAt), dueAt, calendar: standingOf(run.startedAt, dueAt, scale, calendar) };
}

/** When something is due after a pause, like {@link shiftRun}: what was left of a span at its beginning is left at its end. */
export function shiftDue(
  dueAt: number,
  unit: ClockSpan['unit'],
  from: number,
  to: number,
  calendar: WorkCalendar,
): number {
  if (dueAt <= from) return dueAt;
  const scale = unit === 'workday' ? 'work' : 'real';
  return fromScale(
    toScale(dueAt, scale, calendar) + toScale(to, scale, calendar) - toScale(from, scale, calendar),
    scale,
    calendar,
  );
}

/** The limit with some working days more; it is 临近 when four fifths of the longer limit are used. */
export function extendRun(run: ClockRun, days: number, calendar: WorkCalendar): ClockRun {
  const { scale } = run;
  const dueAt = addWorkdays(run.dueAt, days, calendar);
  const due = toScale(dueAt, scale, calendar);
  const limitMs = run.limitMs + due - toScale(run.dueAt, scale, calendar);
  return {
    ...run,
    limitMs,
    dueAt,
    nearAt: fromScale(due - lastFifth(limitMs), scale, calendar),
    calendar: calendar.standingBetween(run.startedAt, dueAt),
  };
}

/** A limit of another length from the same start, with its extension and for as long as it stood still. @param days working days granted */
export function respanRun(run: ClockRun, span: ClockSpan, days: number, calendar: WorkCalendar): ClockRun {
  const fresh = startRun(run.startedAt, span, calendar);
  const longer = days === 0 ? fresh : extendRun(fresh, days, calendar);
  const began = toScale(run.startedAt, run.scale, calendar);
  const stood = toScale(run.dueAt, run.scale, calendar) - began - run.limitMs;
  const shift = (at: number) => fromScale(toScale(at, longer.scale, calendar) + stood, longer.scale, calendar);
  if (stood <= 0) return longer;
  const dueAt = shift(longer.dueAt);
  const standing = standingOf(run.startedAt, dueAt, longer.scale, calendar);
  return { ...longer, nearAt: shift(longer.nearAt), dueAt, calendar: standing };
}

/** When somebody is reminded of a limit, in working days: one before it, one and five after it. */
export const REMINDER_DAYS = [-1, 1, 5] as const;

/** The moments of {@link REMINDER_DAYS}, epoch ms. */
export function remindersOf(dueAt: number, calendar: WorkCalendar): readonly number[] {
  return REMINDER_DAYS.map((days) => addWorkdays(dueAt, days, calendar));
}
