import type pg from 'pg';
import type { Actor } from '../auth/actor.ts';
import type { RecentTicket } from './batch.ts';

/** Who called about what on which line. */
export type Called = Pick<RecentTicket, 'phone' | 'categoryCode' | 'line'>;

/** Longest time a repetition looks back, with room for a console's own clock. */
const RECENT_MS = 10 * 60_000;

/**
 * Tickets of the last minutes under the numbers of a batch, about the same matter on the same line: a further call may be a repetition of one of them.
 * @param now server time, epoch ms
 * @param oldestCreatedAt when the oldest ticket of the batch was made, by its console's clock
 */
export async function loadRecent(
  client: pg.ClientBase,
  matters: readonly Called[],
  actor: Actor,
  now: number,
  oldestCreatedAt: number,
): Promise<readonly RecentTicket[]> {
  if (matters.length === 0) return [];
  const found = await client.query<{
    caller_phone: string;
    category_code: string;
    console: string | null;
    created_at: number;
    accepted_at: number;
    line: string;
  }>({
    name: 'load-recent',
    // A ticket is never accepted before it was made, give or take the console's clock: the index bounds both branches. Number by number and with
    // the centre out of the index's sight: PostgreSQL would rather read everything that was accepted in these minutes, in every batch of a rush.
    // The same matter and line: whoever called about something else is not read, and the document comes last, because it has to be taken apart.
    text: `SELECT r.* FROM unnest($1::text[], $6::text[], $7::text[]) AS asked(phone, category, line)
        CROSS JOIN LATERAL (SELECT t.caller_phone, t.category_code, t.console, t.created_at, t.accepted_at, t.line FROM tickets t
          WHERE t.caller_phone = asked.phone AND t.caller_phone <> '' AND t.accepted_at >= LEAST($2::bigint, $3::bigint)
          AND t.category_code = asked.category AND t.line = asked.line AND t.centre || '' = $4
          AND (t.accepted_at >= $2 OR (t.console = $5 AND t.created_at >= $3))
          AND t.doc #>> '{fields,caller,anonymous}' IS DISTINCT FROM 'true' OFFSET 0) AS r`,
    values: [
      matters.map(({ phone }) => phone),
      now - RECENT_MS,
      oldestCreatedAt - RECENT_MS,
      actor.centre,
      actor.console,
      matters.map(({ categoryCode }) => categoryCode),
      matters.map(({ line }) => line),
    ],
  });
  return found.rows.map((row) => ({
    phone: row.caller_phone,
    categoryCode: row.category_code,
    console: row.console,
    createdAt: row.created_at,
    acceptedAt: row.accepted_at,
    line: row.line,
  }));
}
