import { oc } from '@orpc/contract';
import { z } from 'zod';
import { acceptedSchema, boardSeatSchema, figureSchema } from '../domain/board/board.ts';
import { boardAlarmSchema } from '../domain/board/board-alarms.ts';
import { seatReportSchema } from '../domain/board/seat-report.ts';

/** The board (值班看板) of a centre's lines at a moment, times by the server's clock. */
export const boardSchema = z.object({
  asOf: z.number().int().nonnegative(),
  seats: z.array(boardSeatSchema),
  waiting: z.object({ count: z.number().int().nonnegative(), longestMs: z.number().int().nonnegative() }),
  /** First moment of the day the figures are of. */
  dayStart: z.number().int(),
  figures: z.array(figureSchema),
  /** Left out by servers of before. */
  accepted: acceptedSchema.optional(),
  alarms: z.array(boardAlarmSchema),
});
export type Board = z.infer<typeof boardSchema>;

/** Answer to a report; `isTaken` false: a later one of the same console was there before. */
export const reportAnswerSchema = z.object({ isTaken: z.boolean() });

const base = oc.errors({
  BAD_INPUT: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  FORBIDDEN: { status: 403 },
  RATE_LIMITED: { status: 429 },
  NOT_READY: { status: 503 },
});

export const boardContract = {
  report: base
    .route({ method: 'POST', path: '/board/seat', tags: ['board'], summary: 'What goes on at the own seat' })
    .input(seatReportSchema)
    .output(reportAnswerSchema),
  read: base
    .route({ method: 'GET', path: '/board', tags: ['board'], summary: 'Seats, figures of the day and alarms' })
    .output(boardSchema),
};
