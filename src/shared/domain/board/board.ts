import { z } from 'zod';
import { ticketIdSchema } from '../../kernel/ids.ts';
import { notReadyReasonSchema } from '../call-events.ts';
import { clockSummarySchema } from '../clock/clock-summary.ts';
import { lineSchema, roleSchema } from '../roles.ts';
import { teamSchema } from '../team.ts';
import { SEAT_POSITIONS } from './seat-report.ts';

const epochMs = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

/** A seat as the board shows it; times by the server's clock. */
export const boardSeatSchema = z.object({
  seat: z.string(),
  name: z.string(),
  role: roleSchema,
  /** 班组; left out by servers of before and for those who are in none. */
  team: teamSchema.optional(),
  position: z.enum(SEAT_POSITIONS),
  reason: notReadyReasonSchema.nullable(),
  since: epochMs,
  /** The call on the seat, when its line is one of the reader's. */
  call: z.object({ line: lineSchema, since: epochMs }).nullable(),
  waiting: count,
  reportedAt: epochMs,
  /** 失联: the console has not been heard of for longer than it is ever silent. */
  isSilent: z.boolean(),
});
export type BoardSeat = z.infer<typeof boardSeatSchema>;

/**
 * Figures of the day, each a numerator over a denominator. Of calls, as the seats count them: 接通率, 30 秒接通率, 平均等待. Of tickets: 在线解答率,
 * 及时签收率, 按时办结率, 平均办理时长 (咨询, 其他), 退单率. Of 回访 that reached somebody: 解决率, 满意率; and how many reached nobody.
 */
export const FIGURES = {
  answered: 'rate',
  quick: 'rate',
  wait: 'time',
  direct: 'rate',
  signed: 'rate',
  closed: 'rate',
  consultTime: 'time',
  otherTime: 'time',
  returned: 'rate',
  solved: 'rate',
  satisfied: 'rate',
  unreached: 'rate',
} as const;
export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/** `time`: numerator in ms. Without a denominator there is nothing to say yet. */
export const figureSchema = z.object({ name: z.enum(FIGURE_NAMES), numerator: count, denominator: count });
export type Figure = z.infer<typeof figureSchema>;

/** What was accepted today, counted twice: 诉求 are all of it, 事件 those without a 母单. Whoever joined a matter of another day is of no 事件 of today. */
export const acceptedSchema = z.object({ tickets: count, events: count });
export type Accepted = z.infer<typeof acceptedSchema>;

/** A ticket an alarm is about: what it says is in the cache of who may read it. */
export const alarmTicketSchema = z.object({
  uid: ticketIdSchema,
  number: count,
  acceptedAt: epochMs,
  /** The clock a list shows of it; servers of before did not tell it. */
  clock: clockSummarySchema.nullable().optional(),
});
export type AlarmTicket = z.infer<typeof alarmTicketSchema>;
