import type pg from 'pg';
import { REPORTED_DAYS, type SeatReport } from '#shared/domain/board/seat-report.ts';
import { dayOf, dayOfDate } from '#shared/domain/clock/beijing-day.ts';
import type { Line } from '#shared/domain/roles.ts';
import { type Actor, callTakingRoles } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';

/** A report that was on its way longer than this does not come any more: an earlier one by then is of a clock that was set back. */
const ON_THE_WAY_MS = 120_000;

/** Days that are kept around the server's own: a seat tells of eight, and a clock may be a little ahead. */
const DAYS_BACK = REPORTED_DAYS;
const DAYS_AHEAD = 1;

/**
 * Keeps what a console tells of its seat. One that was overtaken by a later report of the same console changes nothing, and telling the same
 * twice does not either: days are told whole. Of lines the person does not hold, and of days that a wrong clock made up, nothing is kept: the rest
 * of the report holds all the same.
 * @param now epoch ms
 * @returns false when it was overtaken
 * @throws ServiceError FORBIDDEN for people who take no calls
 */
export async function reportSeat(pool: pg.Pool, actor: Actor, report: SeatReport, now: number): Promise<boolean> {
  if (!callTakingRoles(actor).includes(actor.role)) throw new ServiceError('FORBIDDEN');
  const { position, reason, forMs } = report.state;
  const isOwn = ({ line }: { readonly line: Line }) => actor.lines.includes(line);
  const call = report.state.call && isOwn(report.state.call) ? report.state.call : null;
  const waiting = report.state.waiting.filter(isOwn);
  const today = dayOf(now);
  const days = report.days.filter((told) => {
    const ago = today - dayOfDate(told.day);
    return isOwn(told) && ago <= DAYS_BACK && ago >= -DAYS_AHEAD;
  });
  const taken = await pool.query<{ taken: number }>({
    name: 'report-seat',
    text: `WITH seat AS (
        INSERT INTO seat_reports (user_id, console, centre, sent_at, reported_at, position, reason, since, call_line, call_since, waiting)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (user_id, console) DO UPDATE SET centre = excluded.centre, sent_at = excluded.sent_at, reported_at = excluded.reported_at,
          position = excluded.position, reason = excluded.reason, since = excluded.since, call_line = excluded.call_line,
          call_since = excluded.call_since, waiting = excluded.waiting
        WHERE seat_reports.sent_at <= excluded.sent_at OR seat_reports.reported_at < $12
        RETURNING 1
      ), told AS (
        INSERT INTO seat_days (user_id, console, day, line, centre, offered, answered, answered_quickly, wait_ms)
        SELECT $1, $2, d.day, d.line, $3, d.offered, d.answered, d."answeredQuickly", d."waitMs"
        FROM json_to_recordset($13::json) AS d(day date, line text, offered integer, answered integer, "answeredQuickly" integer, "waitMs" bigint)
        WHERE EXISTS (SELECT 1 FROM seat)
        ON CONFLICT (user_id, console, day, line) DO UPDATE SET centre = excluded.centre, offered = excluded.offered,
          answered = excluded.answered, answered_quickly = excluded.answered_quickly, wait_ms = excluded.wait_ms
      )
      SELECT count(*)::int AS taken FROM seat`,
    values: [
      actor.id,
      actor.console,
      actor.centre,
      report.sentAt,
      now,
      position,
      reason,
      now - forMs,
      call?.line ?? null,
      call && now - call.forMs,
      JSON.stringify(waiting),
      now - ON_THE_WAY_MS,
      JSON.stringify(days),
    ],
  });
  return taken.rows[0]?.taken === 1;
}

/** What seats told is kept for the figures of a day and a look back, in ms. */
const KEPT_MS = 90 * 86_400_000;

/** Forgets what seats told long ago. */
export async function forgetSeats(pool: pg.Pool, now: number): Promise<void> {
  await pool.query('DELETE FROM seat_reports WHERE reported_at < $1', [now - KEPT_MS]);
  await pool.query(`DELETE FROM seat_days WHERE day < (to_timestamp($1 / 1000.0) AT TIME ZONE 'UTC')::date`, [
    now - KEPT_MS,
  ]);
}
