import type pg from 'pg';
import type { Board } from '#shared/contract/board.contract.ts';
import type { BoardSeat } from '#shared/domain/board/board.ts';
import { SEAT_SILENT_MS, type WaitingCalls } from '#shared/domain/board/seat-report.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Actor } from '../auth/actor.ts';

/** A seat that was heard of last before this is off duty, whatever it said. */
const ON_DUTY_MS = 12 * 3_600_000;

interface SeatRow {
  readonly seat: string;
  readonly name: string;
  readonly role: BoardSeat['role'];
  readonly team: string | null;
  readonly position: BoardSeat['position'];
  readonly reason: BoardSeat['reason'];
  readonly since: number;
  readonly call_line: Line | null;
  readonly call_since: number | null;
  readonly waiting: readonly WaitingCalls[];
  readonly reported_at: number;
}

/** The seats of the reader's lines, by 工号, and the calls of those lines that wait at them. Of somebody at two consoles the one heard of last counts. */
export async function readSeats(
  pool: pg.Pool,
  { centre, lines }: Pick<Actor, 'centre' | 'lines'>,
  now: number,
): Promise<Pick<Board, 'seats' | 'waiting'>> {
  const found = await pool.query<SeatRow>({
    name: 'board-seats',
    text: `SELECT u.seat, u.name, u.role, u.team, r.position, r.reason, r.since, r.call_line, r.call_since, r.waiting, r.reported_at
      FROM (SELECT DISTINCT ON (user_id) * FROM seat_reports WHERE centre = $1 AND reported_at >= $3
        ORDER BY user_id, reported_at DESC, sent_at DESC) AS r
      JOIN users u ON u.id = r.user_id AND u.centre = $1 AND NOT u.disabled AND u.lines && $2::text[]
      ORDER BY u.seat`,
    values: [centre, lines, now - ON_DUTY_MS],
  });
  const isOwn = (line: Line | null): line is Line => line !== null && lines.includes(line);
  const calls: WaitingCalls[] = [];
  const seats = found.rows.map((row): BoardSeat => {
    const { call_line: line, call_since: callSince, reported_at: reportedAt, waiting, team, ...seat } = row;
    const isSilent = seat.position !== 'signed-out' && now - reportedAt > SEAT_SILENT_MS;
    // What a seat that is gone said about waiting callers says nothing of now.
    const own = isSilent ? [] : waiting.filter((one) => isOwn(one.line));
    calls.push(...own.map((one) => ({ ...one, longestMs: one.longestMs + now - reportedAt })));
    return {
      ...seat,
      ...(team === null ? {} : { team }),
      call: isOwn(line) && callSince !== null ? { line, since: callSince } : null,
      waiting: own.reduce((sum, { count }) => sum + count, 0),
      reportedAt,
      isSilent,
    };
  });
  const waited = calls.filter(({ count }) => count > 0);
  return {
    seats,
    waiting: {
      count: waited.reduce((sum, { count }) => sum + count, 0),
      longestMs: waited.reduce((longest, one) => Math.max(longest, one.longestMs), 0),
    },
  };
}
