import { z } from 'zod';
import { CALENDAR_STANDINGS, type CalendarStanding, leastCertain } from './calendar-year.ts';
import { type ClockRun, clockRunSchema } from './clock-run.ts';

const epochMs = z.number().int().nonnegative();

/** What a ticket is waited for: 派单, 签收, 办理, 退单审核, 联席研判, 复查 (挂账), 回访; `done` when nothing is. */
export const CLOCK_STAGES = [
  'dispatch',
  'sign',
  'handle',
  'return',
  'joint_review',
  'recheck',
  'callback',
  'done',
] as const;
export type ClockStage = (typeof CLOCK_STAGES)[number];

/** What runs out first: the stage's own limit, 办结, a 督办/批示, or 消险. */
export const RUNNING_CLOCKS = ['stage', 'close', 'order', 'make_safe'] as const;

/** The order that stands for the 消险 of a ticket with two stages. */
export const MAKE_SAFE = 'make_safe';

/** A supervision order's own due time: an overlay that changes nothing of the clocks under it. */
const orderClockSchema = clockRunSchema.pick({ startedAt: true, nearAt: true, dueAt: true }).extend({
  id: z.string(),
  /** Left out of orders from before it was kept. */
  calendar: z.enum(CALENDAR_STANDINGS).optional(),
});
export type OrderClock = z.infer<typeof orderClockSchema>;

/** The clocks of a ticket, as they were at its last transition; nothing in them moves with time. */
export const ticketClocksSchema = z.object({
  /** The set of presets it was accepted with, and the preset in it: a centre that chooses another leaves running clocks alone. */
  set: z.string(),
  preset: z.string(),
  stage: z.enum(CLOCK_STAGES),
  /** Limit of the stage; null when it has none of its own. */
  run: clockRunSchema.nullable(),
  /** 办结 */
  close: clockRunSchema,
  /** When the close limit was met: the unit replied, or the ticket was closed; null for what ended otherwise (不予受理, 并单, 移交). */
  metAt: epochMs.nullable(),
  /** Since when the close limit stands still: 挂账, or waiting for the citizen. */
  pausedSince: epochMs.nullable(),
  pausedFor: z.enum(['on_account', 'citizen']).nullable(),
  /** Working days of the extension that was granted; 0 for none. */
  extendedDays: z.number().int().nonnegative(),
  /** Until when the unit may ask to give it back (退单); none before a dispatch, and of rows of builds without this limit. */
  returnBy: epochMs.optional(),
  /** 1, and one more with every 重办. */
  round: z.number().int().positive(),
  orders: z.array(orderClockSchema),
  /** The clock that runs out first, which is what lists show; without times while nothing runs. */
  shown: z.enum(RUNNING_CLOCKS).nullable(),
  startedAt: epochMs.nullable(),
  nearAt: epochMs.nullable(),
  dueAt: epochMs.nullable(),
  /** The least certain calendar year behind the due times. */
  calendar: z.enum(CALENDAR_STANDINGS),
});
export type TicketClocks = z.infer<typeof ticketClocksSchema>;

/** Clocks before it is said which of them is shown. */
export type UnsettledClocks = Omit<TicketClocks, 'shown' | 'startedAt' | 'nearAt' | 'dueAt' | 'calendar'>;

type Shown = Pick<TicketClocks, 'shown' | 'startedAt' | 'nearAt' | 'dueAt'>;

const NOTHING_RUNS: Shown = { shown: null, startedAt: null, nearAt: null, dueAt: null };

/** Adds the clock that runs out first, and how certain the calendar is. */
export function settleClocks(clocks: UnsettledClocks): TicketClocks {
  const { run, close, orders } = clocks;
  const running: Shown[] = orders.map(({ id, startedAt, nearAt, dueAt }) => ({
    shown: id === MAKE_SAFE ? MAKE_SAFE : 'order',
    startedAt,
    nearAt,
    dueAt,
  }));
  const standings: CalendarStanding[] = orders.map(({ calendar = 'official' }) => calendar);
  const add = (shown: 'stage' | 'close', { startedAt, nearAt, dueAt, calendar }: ClockRun) => {
    running.push({ shown, startedAt, nearAt, dueAt });
    standings.push(calendar);
  };
  if (clocks.stage !== 'done') {
    // A pause stops the limit of the stage, too; the re-check is what a 挂账 waits for.
    if (run && (clocks.pausedSince === null || clocks.stage === 'recheck')) add('stage', run);
    if (clocks.metAt === null && clocks.pausedSince === null) add('close', close);
  } else {
    running.length = 0;
    standings.length = 0;
  }
  const first = running.reduce<Shown>(
    (best, one) => (best.dueAt === null || (one.dueAt ?? 0) < best.dueAt ? one : best),
    NOTHING_RUNS,
  );
  return { ...clocks, ...first, calendar: leastCertain(standings) };
}

export type ClockState = 'normal' | 'near' | 'overdue' | 'paused';

/** What a list needs of a ticket's clocks. */
export type ClockTimes = Pick<TicketClocks, 'nearAt' | 'dueAt' | 'pausedSince'>;

/**
 * 正常, 临近, 超期 or 暂停 at a moment: two comparisons.
 * @returns null when no clock runs
 */
export function clockStateAt({ nearAt, dueAt, pausedSince }: ClockTimes, now: number): ClockState | null {
  if (dueAt === null || nearAt === null) return pausedSince === null ? null : 'paused';
  if (now >= dueAt) return 'overdue';
  if (now >= nearAt) return 'near';
  return pausedSince === null ? 'normal' : 'paused';
}
