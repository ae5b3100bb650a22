import type { ReminderKey } from '#shared/contract/reminders.contract.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** When the limit for 办结 began, out of the clocks that the last answer or the document has. */
const STARTED = "iif(answered IS NULL, doc, answered) ->> '$.clocks.close.startedAt'";

/** A ticket whose limit for 办结 is reminded of. */
export interface DueTicket {
  readonly id: number;
  readonly uid: TicketId;
  readonly dueAt: number;
  /** When the limit began. */
  readonly startedAt: number;
}

/**
 * Tickets whose limit for 办结 runs and lies in a span of time, those aside whose reminder this person took note of; the latest due first.
 * @param after epoch ms, not included
 * @param until epoch ms, included
 */
export function listDueTickets(
  db: ReadableDb,
  days: number,
  after: number,
  until: number,
  limit: number,
): readonly DueTicket[] {
  return db.all<DueTicket>(
    `SELECT id, uid, close_due AS dueAt, ${STARTED} AS startedAt FROM tickets INDEXED BY tickets_by_close_due
     WHERE close_due > ? AND close_due <= ?
       AND NOT EXISTS (SELECT 1 FROM reminder_acks a WHERE a.ticket_uid = tickets.uid AND a.days = ? AND a.due_at = tickets.close_due)
     ORDER BY close_due DESC LIMIT ?`,
    after,
    until,
    days,
    limit,
  );
}

/** The first due time after a moment among limits that run, null when there is none. */
export function findNextDue(db: ReadableDb, after: number): number | null {
  return (
    db.value<number>(
      'SELECT close_due FROM tickets INDEXED BY tickets_by_close_due WHERE close_due > ? ORDER BY close_due LIMIT 1',
      after,
    ) ?? null
  );
}

/** Writes down that reminders were taken note of, and forgets those of long ago. */
export function saveAcknowledged(
  db: WritableDb,
  reminders: readonly ReminderKey[],
  now: number,
  forgetBefore: number,
): void {
  for (const { uid, days, dueAt } of reminders) {
    db.run(
      'INSERT INTO reminder_acks (ticket_uid, days, due_at, acked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      uid,
      days,
      dueAt,
      now,
    );
  }
  db.run('DELETE FROM reminder_acks WHERE acked_at < ?', forgetBefore);
}
