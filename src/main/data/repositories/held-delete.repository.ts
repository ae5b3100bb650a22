import type { LOST_NOTE_KINDS } from '#shared/domain/ticket.ts';
import type { SyncTable } from '#shared/sync/protocol.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Notes that the server no longer has the row; it stays until a person decides. */
export function holdDelete(db: WritableDb, scope: string, uid: string, now: number): void {
  db.run('INSERT OR IGNORE INTO held_deletes (uid, scope, at) VALUES (?, ?, ?)', uid, scope, now);
}

/** The server has the row again, or a person has decided. */
export function releaseDelete(db: WritableDb, uid: string): void {
  db.run('DELETE FROM held_deletes WHERE uid = ?', uid);
}

/** How many rows of a scope wait for a decision. */
export function countHeldOf(db: ReadableDb, scope: string): number {
  return db.value<number>('SELECT count(*) FROM held_deletes WHERE scope = ?', scope) ?? 0;
}

/** Rows of a scope that wait for a decision, at most `limit`. */
export function listHeldOf(db: ReadableDb, scope: string, limit: number): readonly string[] {
  return db.values<string>('SELECT uid FROM held_deletes WHERE scope = ? ORDER BY uid LIMIT ?', scope, limit);
}

/** True when the row waits for a decision. */
export function isHeld(db: ReadableDb, uid: string): boolean {
  return db.value<number>('SELECT 1 FROM held_deletes WHERE uid = ?', uid) !== undefined;
}

/** Scopes of tickets begin with a centre and a line; that of a seat has digits, too, but further back. */
const OF_TICKETS = "'[0-9][0-9][0-9][0-9][0-9][0-9]:[0-9]*'";

/** How many rows wait for a decision, by table. */
export function countHeld(db: ReadableDb): Readonly<Record<SyncTable, number>> {
  const row = db.get<Record<SyncTable, number | null>>(
    `SELECT sum(scope GLOB ${OF_TICKETS}) AS tickets, sum(scope LIKE '%:citizens') AS citizens,
       sum(scope NOT GLOB ${OF_TICKETS} AND scope NOT LIKE '%:citizens') AS records FROM held_deletes`,
  );
  return { tickets: row?.tickets ?? 0, citizens: row?.citizens ?? 0, records: row?.records ?? 0 };
}

const OWN_MISSING = `held_deletes h JOIN scopes s ON s.scope = h.scope AND s.deletes_held = 1
  JOIN tickets t ON t.uid = h.uid AND t.is_mine = 1`;

/** How much of the owner's own confirmed work a restored server no longer has. */
export function countMissingWork(db: ReadableDb): { readonly ownTickets: number; readonly ownNotes: number } {
  return {
    ownTickets: db.value<number>(`SELECT count(*) FROM ${OWN_MISSING}`) ?? 0,
    ownNotes: db.value<number>('SELECT count(*) FROM lost_notes') ?? 0,
  };
}

/** Uids of tickets made by the owner of this profile that a restored server no longer has, oldest first. */
export function listOwnMissing(db: ReadableDb, limit: number): readonly string[] {
  return db.values<string>(`SELECT t.uid FROM ${OWN_MISSING} ORDER BY t.created_at, t.id LIMIT ?`, limit);
}

/** A confirmed note that the server lost. */
export interface LostNote {
  readonly eventId: string;
  readonly ticketUid: string;
  readonly kind: (typeof LOST_NOTE_KINDS)[number];
  readonly text: string;
  readonly at: number;
  /** The event it is about; empty for none. */
  readonly ref: string;
  /** When a promise is due. */
  readonly dueAt: number | null;
}

/** Keeps an own note that the server's row no longer has. */
export function keepLostNote(db: WritableDb, note: LostNote): void {
  db.run(
    'INSERT OR IGNORE INTO lost_notes (event_id, ticket_uid, kind, text, at, ref, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    note.eventId,
    note.ticketUid,
    note.kind,
    note.text,
    note.at,
    note.ref,
    note.dueAt,
  );
}

/** Notes that the server lost, oldest first, each behind the one it is about. */
export function listLostNotes(db: ReadableDb, limit: number): readonly LostNote[] {
  return db.all<LostNote>(
    `SELECT event_id AS eventId, ticket_uid AS ticketUid, kind, text, at, ref, due_at AS dueAt
      FROM lost_notes ORDER BY at, ref <> '', event_id LIMIT ?`,
    limit,
  );
}

/** The note is on its way to the server again. */
export function forgetLostNote(db: WritableDb, eventId: string): void {
  db.run('DELETE FROM lost_notes WHERE event_id = ?', eventId);
}
