import type pg from 'pg';
import type { AlarmFacts, WatchedTickets } from '#shared/domain/board/board-alarms.ts';
import { HOUR_MS } from '#shared/domain/clock/beijing-day.ts';
import { summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { FigureScope } from './board-figures.ts';

/** Tickets that an alarm lists; it counts all of them. */
const MOST_LISTED = 50;

interface ListedRow {
  readonly uid: TicketId;
  readonly number: number;
  readonly accepted_at: number;
  readonly clocks: Ticket['clocks'];
  readonly all: number;
}

const NONE: WatchedTickets = { count: 0, tickets: [] };

/**
 * What of the tickets alarms are read off.
 * @param criticalMs how long a 特急 may wait to be dispatched; null when nobody watches it
 */
export async function readTicketFacts(
  pool: pg.Pool,
  { centre, lines, now }: FigureScope,
  criticalMs: number | null,
): Promise<Pick<AlarmFacts, 'critical' | 'overdueOrders' | 'newOverdue'>> {
  const list = (name: string, where: string, order: string, ...values: unknown[]) =>
    pool
      .query<ListedRow>({
        name,
        text: `SELECT uid, number, coalesce(accepted_at, created_at) AS accepted_at, clocks,
            count(*) OVER ()::int AS all FROM tickets
          WHERE centre = $1 AND line = ANY($2::text[]) AND ${where} ORDER BY ${order} LIMIT ${MOST_LISTED}`,
        values: [centre, lines, ...values],
      })
      .then(({ rows }) => toWatched(rows));
  const limit = "(clocks ->> 'dueAt')::bigint";
  const isOverdue = `(clocks ->> 'dueAt') IS NOT NULL AND ${limit} <= $3`;
  const [critical, overdueOrders, newOverdue] = await Promise.all([
    criticalMs === null
      ? NONE
      : list(
          'board-critical',
          `status IN ('accepted', 'review', 'to_dispatch') AND accepted_at < $3 AND doc -> 'fields' ->> 'urgency' = 'critical'`,
          'accepted_at',
          now - criticalMs,
        ),
    list(
      'board-orders',
      `${isOverdue} AND EXISTS (SELECT 1 FROM json_array_elements(clocks -> 'orders') AS o WHERE (o ->> 'dueAt')::bigint <= $3)`,
      limit,
      now,
    ),
    list('board-overdue', `${isOverdue} AND ${limit} > $4`, limit, now, now - HOUR_MS),
  ]);
  return { critical, overdueOrders, newOverdue };
}

function toWatched(rows: readonly ListedRow[]): WatchedTickets {
  return {
    count: rows[0]?.all ?? 0,
    tickets: rows.map(({ uid, number, accepted_at, clocks }) => ({
      uid,
      number,
      acceptedAt: accepted_at,
      clock: summarizeClocks(clocks),
    })),
  };
}
