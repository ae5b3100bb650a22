import { z } from 'zod';
import { notReadyReasonSchema } from '../call-events.ts';
import { CALL_STAGES } from '../call-state.ts';
import { LINES, lineSchema, type Role } from '../roles.ts';

/** Who watches the board (值班看板): 班长, 督办员, 管理员. */
export const BOARD_ROLES: readonly Role[] = ['lead', 'supervisor', 'admin'];

/** Whether somebody of a role watches the board. */
export function seesBoard(role: Role): boolean {
  return BOARD_ROLES.includes(role);
}

/** What an agent is doing, as the call bar says it. */
export const SEAT_POSITIONS = ['signed-out', 'ready', 'busy', 'break', ...CALL_STAGES] as const;
export type SeatPosition = (typeof SEAT_POSITIONS)[number];

/** An answer within this time of the first ring counts for the 30-second rate, in ms. */
export const QUICK_ANSWER_MS = 30_000;

/** Days that a seat tells about at most: longer offline than that, older days are not in anybody's figures any more. */
export const REPORTED_DAYS = 8;

const span = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400_000);
const count = z.number().int().min(0).max(100_000);

/** Calls of a line that wait for a seat. */
const waitingCallsSchema = z.strictObject({ line: lineSchema, count, longestMs: span });
export type WaitingCalls = z.infer<typeof waitingCallsSchema>;

/** What became of a line's calls at a seat on a day, counted from its call log: always the whole day, so that telling it twice changes nothing. */
export const seatDaySchema = z.strictObject({
  /** Beijing day. */
  day: z.iso.date(),
  line: lineSchema,
  /** Calls that came in, those of callers who gave up included. */
  offered: count,
  answered: count,
  /** Within {@link QUICK_ANSWER_MS}. */
  answeredQuickly: count,
  /** From the first ring at the seat, of the answered ones. */
  waitMs: z
    .number()
    .int()
    .min(0)
    .max(100_000 * 3_600_000),
});
export type SeatDay = z.infer<typeof seatDaySchema>;

/** What goes on at a seat. Nothing in it says who calls or what about. Times are lengths, so that a wrong clock misleads nobody. */
export const seatStateSchema = z.strictObject({
  position: z.enum(SEAT_POSITIONS),
  reason: notReadyReasonSchema.nullable(),
  forMs: span,
  /** The call on the seat, since it rang or was dialled. */
  call: z.strictObject({ line: lineSchema, forMs: span }).nullable(),
  waiting: z.array(waitingCallsSchema).max(LINES.length),
});
export type SeatState = z.infer<typeof seatStateSchema>;

/** What a console tells the server of its seat. */
export const seatReportSchema = z.strictObject({
  /** By the console's clock: of two reports of one console the later one holds, whichever arrives last. */
  sentAt: z.number().int().nonnegative(),
  state: seatStateSchema,
  days: z
    .array(seatDaySchema)
    .max(REPORTED_DAYS * LINES.length)
    .refine((days) => new Set(days.map(({ day, line }) => `${day} ${line}`)).size === days.length, {
      message: 'a line of a day is told twice',
    }),
});
export type SeatReport = z.infer<typeof seatReportSchema>;

/** A seat that is signed in tells this often that it is still there, in ms. */
export const SEAT_ALIVE_MS = 60_000;
/** After so long without a word a seat is 失联, in ms. */
export const SEAT_SILENT_MS = 150_000;
