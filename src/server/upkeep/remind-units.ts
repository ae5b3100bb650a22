import type pg from 'pg';
import { REMINDER_DAYS } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { remindedUntil } from '#shared/domain/reminder/reminder-rules.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { inTransaction } from '../db/transaction.ts';
import { enqueueDeliveries } from '../sync/webhook-deliveries.ts';

/** What a unit's system is told when a limit for 办结 comes near or has run out: one working day before, one and five after. */
interface UnitReminder {
  readonly event: 'ticket.reminder';
  readonly at: number;
  readonly ticket: {
    readonly uid: string;
    readonly version: number;
    readonly status: string;
    readonly unit: string;
    readonly as: 'lead';
  };
  readonly reminder: { readonly days: number; readonly dueAt: number };
}

interface DueRow {
  readonly webhook_id: string;
  readonly uid: string;
  readonly version: number;
  readonly status: string;
  readonly unit: string;
  readonly due_at: number;
}

/**
 * Writes down the reminders of units that have come since it was done last, by whichever server; begins with those to come when it never was. A limit
 * that was moved is reminded of anew.
 * @returns how many
 */
export async function remindUnits(pool: pg.Pool, clock: Clock): Promise<number> {
  const now = clock.now();
  let count = 0;
  for (const days of REMINDER_DAYS) {
    const until = remindedUntil(now, days, shippedCalendar());
    count += await inTransaction(pool, (client) => remindOf(client, days, until, now));
  }
  return count;
}

async function remindOf(client: pg.ClientBase, days: number, until: number, now: number): Promise<number> {
  await client.query('INSERT INTO reminder_marks (days, through) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    days,
    until,
  ]);
  const marks = await client.query<{ through: number }>(
    'SELECT through FROM reminder_marks WHERE days = $1 FOR UPDATE',
    [days],
  );
  const through = marks.rows[0]?.through ?? until;
  // A clock that was set back has reminded of these already.
  if (until <= through) return 0;
  await client.query('UPDATE reminder_marks SET through = $2 WHERE days = $1', [days, until]);
  const due = await client.query<DueRow>(
    `SELECT w.id AS webhook_id, t.uid, t.version, t.status, t.unit, (t.clocks -> 'close' ->> 'dueAt')::bigint AS due_at
      FROM tickets t JOIN unit_keys k ON k.centre = t.centre AND t.line = ANY(k.lines) AND t.unit = ANY(k.units) AND k.kind = 'unit' AND k.revoked_at IS NULL
        JOIN unit_webhooks w ON w.key_id = k.id AND w.removed_at IS NULL
      WHERE t.unit IS NOT NULL AND (t.clocks ->> 'metAt') IS NULL AND (t.clocks ->> 'pausedSince') IS NULL AND (t.clocks ->> 'stage') <> 'done'
        AND (t.clocks -> 'close' ->> 'dueAt')::bigint > $1 AND (t.clocks -> 'close' ->> 'dueAt')::bigint <= $2`,
    [through, until],
  );
  const deliveries = due.rows.map(({ webhook_id, due_at: dueAt, ...ticket }) => {
    const reminder = { days, dueAt };
    const body: UnitReminder = { event: 'ticket.reminder', at: now, ticket: { ...ticket, as: 'lead' }, reminder };
    return { id: newId<string>(now), webhook_id, body: JSON.stringify(body) };
  });
  await enqueueDeliveries(client, deliveries, now);
  return deliveries.length;
}
