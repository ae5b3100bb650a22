import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/**
 * Tickets outside of the months this console holds: fetched because somebody asked for them, or kept because there is work on them. They
 * belong to no scope, so they count in no digest, and go when nobody has looked at them for long.
 */
export interface SeenTicket {
  readonly id: number;
  readonly uid: string;
  readonly version: number;
  readonly seen_at: number;
}

const FINISHED = FINISHED_STATUSES.map((status) => `'${status}'`).join(', ');

/** Work of this seat because of which a ticket is not let go; `t` is the row. */
const HAS_WORK = `EXISTS (SELECT 1 FROM outbox o WHERE o.uid = t.uid)
  OR EXISTS (SELECT 1 FROM note_drafts n WHERE n.ticket_uid = t.uid)
  OR EXISTS (SELECT 1 FROM drafts d WHERE d.state = 'open' AND (d.ticket_uid = t.uid OR d.parent_uid = t.uid))
  OR EXISTS (SELECT 1 FROM check_drafts c WHERE substr(c.uid, 1, 24) = substr(t.uid, 1, 24) AND substr(c.uid, -7) = substr(t.uid, -7))
  OR EXISTS (SELECT 1 FROM lost_notes l WHERE l.ticket_uid = t.uid)
  OR EXISTS (SELECT 1 FROM held_deletes h WHERE h.uid = t.uid)
  OR (t.is_mine = 1 AND t.status NOT IN (${FINISHED}))`;

/** Whether a ticket has to stay: unsynced work, a draft or something to be decided on it, or it is the owner's and open. */
export function hasWorkOn(db: ReadableDb, id: number): boolean {
  return db.value<number>(`SELECT 1 FROM tickets t WHERE t.id = ? AND (${HAS_WORK})`, id) !== undefined;
}

/** The ticket belongs to no scope from now on and was looked at now. Its version stays, and so does the server's row beside it. */
export function markSeen(db: WritableDb, id: number, now: number): void {
  db.run('UPDATE tickets SET scope_id = NULL, base_version = 0, seen_at = ? WHERE id = ?', now, id);
}

/** The ticket belongs to no scope and to this console alone. */
export function leaveAlone(db: WritableDb, id: number): void {
  db.run('UPDATE tickets SET scope_id = NULL WHERE id = ?', id);
}

/** A ticket outside of the held months is looked at again. */
export function touchSeen(db: WritableDb, id: number, now: number): void {
  db.run('UPDATE tickets SET seen_at = ? WHERE id = ? AND seen_at IS NOT NULL', now, id);
}

/** When a ticket outside of the held months was looked at last; null for one inside. */
export function findSeenAt(db: ReadableDb, uid: string): number | null {
  return db.value<number | null>('SELECT seen_at FROM tickets WHERE uid = ?', uid) ?? null;
}

/** Those of some tickets that are outside of the held months. */
export function listSeenAmong(db: ReadableDb, uids: readonly string[]): ReadonlySet<string> {
  return new Set(
    db.values<string>(
      `SELECT t.uid FROM json_each(?) AS wanted CROSS JOIN tickets t ON t.uid = wanted.value WHERE t.seen_at IS NOT NULL`,
      JSON.stringify(uids),
    ),
  );
}

/** How many there are. */
export function countSeen(db: ReadableDb): number {
  return db.value<number>('SELECT count(*) FROM tickets WHERE seen_at IS NOT NULL') ?? 0;
}

/** Some of them after a row id, by row id. Without the named index all tickets are read for their order: 1.4 µs each, while callers wait. */
export function listSeen(db: ReadableDb, after: number, limit: number): readonly SeenTicket[] {
  return db.all<SeenTicket>(
    'SELECT id, uid, version, seen_at FROM tickets INDEXED BY tickets_seen WHERE seen_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?',
    after,
    limit,
  );
}

/** Row ids of those nobody has looked at since a time and no work is on. */
export function listForgotten(db: ReadableDb, before: number, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT t.id FROM tickets t WHERE t.seen_at IS NOT NULL AND t.seen_at < ? AND NOT (${HAS_WORK}) ORDER BY t.seen_at LIMIT ?`,
    before,
    limit,
  );
}

/** Row ids of those that belong to somebody: under one of some numbers, or naming the record. */
export function listSeenOf(db: ReadableDb, phones: readonly string[], citizenUid: string | null): readonly number[] {
  return db.values<number>(
    `SELECT id FROM tickets WHERE seen_at IS NOT NULL
       AND (caller_phone IN (SELECT value FROM json_each(?)) OR doc ->> '$.fields.citizenUid' = ?)`,
    JSON.stringify(phones),
    citizenUid,
  );
}
