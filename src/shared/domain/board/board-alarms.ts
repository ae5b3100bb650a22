import { z } from 'zod';
import { MINUTE_MS } from '../clock/beijing-day.ts';
import { type AlarmTicket, alarmTicketSchema, type BoardSeat } from './board.ts';

/** What is watched, and what the limit of its rule counts. */
export const ALARM_KINDS = {
  'calls-waiting': 'calls',
  'longest-wait': 'seconds',
  'nobody-ready': 'seats',
  'long-break': 'minutes',
  'long-wrap-up': 'minutes',
  'silent-seats': 'seats',
  'critical-waiting': 'minutes',
  'order-overdue': 'tickets',
  'new-overdue': 'tickets',
} as const;
export type AlarmKind = keyof typeof ALARM_KINDS;
const KINDS = Object.keys(ALARM_KINDS) as AlarmKind[];

const ruleSchema = z.strictObject({
  kind: z.enum(KINDS),
  limit: z.number().int().min(1).max(10_000),
  level: z.enum(['warn', 'bad']),
  /** Where the limit comes from. */
  source: z.string().min(1).max(300),
});

/** The file resources/board-rules.json: a rule that is left out is not watched. */
export const boardRulesSchema = z
  .strictObject({ version: z.number().int().positive(), alarms: z.array(ruleSchema) })
  .refine(({ alarms }) => new Set(alarms.map(({ kind }) => kind)).size === alarms.length, {
    path: ['alarms'],
    message: 'a kind is given twice',
  });
export type BoardRules = z.infer<typeof boardRulesSchema>;

/** Tickets that something is wrong with: how many, and the first of them. */
export interface WatchedTickets {
  readonly count: number;
  readonly tickets: readonly AlarmTicket[];
}

/** What the alarms are read off. */
export interface AlarmFacts {
  readonly now: number;
  readonly seats: readonly BoardSeat[];
  readonly waiting: { readonly count: number; readonly longestMs: number };
  /** 特急 that were not dispatched for longer than {@link criticalAllowedMs}; the oldest first. */
  readonly critical: WatchedTickets;
  readonly overdueOrders: WatchedTickets;
  /** Became overdue within the last hour and still are. */
  readonly newOverdue: WatchedTickets;
}

export const boardAlarmSchema = z.object({
  kind: z.enum(KINDS),
  level: ruleSchema.shape.level,
  limit: z.number().int().positive(),
  source: z.string(),
  /** In what the rule counts: calls, seconds, seats, minutes or tickets. */
  value: z.number().int().nonnegative(),
  /** 工号 of the seats it is about. */
  seats: z.array(z.string()),
  tickets: z.array(alarmTicketSchema),
  /** All of them, also those that are not listed. */
  ticketCount: z.number().int().nonnegative(),
});
export type BoardAlarm = z.infer<typeof boardAlarmSchema>;

/** How long a 特急 may wait to be dispatched, in ms; null when no rule watches it. */
export function criticalAllowedMs({ alarms }: BoardRules): number | null {
  const rule = alarms.find(({ kind }) => kind === 'critical-waiting');
  return rule ? rule.limit * MINUTE_MS : null;
}

interface Found {
  readonly value: number;
  readonly seats?: readonly BoardSeat[];
  readonly tickets?: WatchedTickets;
}

/** The alarms of a moment, the grave ones first. */
export function findAlarms({ alarms }: BoardRules, facts: AlarmFacts): readonly BoardAlarm[] {
  return alarms
    .flatMap(({ kind, level, limit, source }) => {
      const found = LOOK[kind](facts, limit);
      if (!found) return [];
      const { value, seats = [], tickets = { count: 0, tickets: [] } } = found;
      return {
        kind,
        level,
        limit,
        source,
        value,
        seats: seats.map(({ seat }) => seat),
        tickets: [...tickets.tickets],
        ticketCount: tickets.count,
      };
    })
    .sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'));
}

const LOOK: Readonly<Record<AlarmKind, (facts: AlarmFacts, limit: number) => Found | null>> = {
  'calls-waiting': ({ waiting }, limit) => (waiting.count > limit ? { value: waiting.count } : null),
  'longest-wait': ({ waiting }, limit) => {
    const value = Math.floor(waiting.longestMs / 1_000);
    return waiting.count > 0 && value > limit ? { value } : null;
  },
  'nobody-ready': ({ seats }, limit) => {
    const there = seats.filter(({ position, isSilent }) => position !== 'signed-out' && !isSilent);
    const isNobody = there.length >= limit && !there.some(({ position }) => position === 'ready');
    return isNobody ? { value: there.length } : null;
  },
  'long-break': (facts, limit) => longerThan(facts, 'break', limit),
  'long-wrap-up': (facts, limit) => longerThan(facts, 'wrap-up', limit),
  'silent-seats': ({ seats }, limit) => {
    const silent = seats.filter(({ isSilent }) => isSilent);
    return silent.length >= limit ? { value: silent.length, seats: silent } : null;
  },
  'critical-waiting': ({ critical, now }) => {
    const [oldest] = critical.tickets;
    return oldest ? { value: Math.floor((now - oldest.acceptedAt) / MINUTE_MS), tickets: critical } : null;
  },
  'order-overdue': ({ overdueOrders }, limit) => atLeast(overdueOrders, limit),
  'new-overdue': ({ newOverdue }, limit) => atLeast(newOverdue, limit),
};

function longerThan({ seats, now }: AlarmFacts, position: BoardSeat['position'], minutes: number): Found | null {
  const late = seats.filter(
    (one) => one.position === position && !one.isSilent && now - one.since > minutes * MINUTE_MS,
  );
  if (late.length === 0) return null;
  const longest = Math.min(...late.map(({ since }) => since));
  return { value: Math.floor((now - longest) / MINUTE_MS), seats: late };
}

function atLeast(tickets: WatchedTickets, limit: number): Found | null {
  return tickets.count >= limit ? { value: tickets.count, tickets } : null;
}
