import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import type { ScopeState } from './scope.repository.ts';

/** Whether tickets this account took in are not kept here. */
export function isLeftOutTaker(db: ReadableDb, userId: string): boolean {
  return db.value<number>('SELECT 1 FROM left_out_takers WHERE user_id = ?', userId) !== undefined;
}

/** From now on tickets of these accounts are not kept, and those of all others are. */
export function replaceLeftOutTakers(db: WritableDb, userIds: readonly string[]): void {
  db.run('DELETE FROM left_out_takers');
  db.run('INSERT INTO left_out_takers SELECT value FROM json_each(?)', JSON.stringify(userIds));
}

/** In which version the server has a ticket that is not kept here; undefined for any other. */
export function findLeftOut(db: ReadableDb, scopeId: number, uid: string): number | undefined {
  return db.value<number>('SELECT version FROM left_out_tickets WHERE scope_id = ? AND uid = ?', scopeId, uid);
}

/** A ticket that is not kept, as it was received. */
interface LeftOut {
  readonly uid: string;
  readonly version: number;
  readonly round: number;
  readonly takenBy: string;
}

/** Notes that the server has a ticket that is not kept here. */
export function saveLeftOut(db: WritableDb, scopeId: number, { uid, version, round, takenBy }: LeftOut): void {
  db.run(
    'INSERT INTO left_out_tickets (scope_id, uid, version, pull_round, taken_by) VALUES (?, ?, ?, ?, ?)',
    scopeId,
    uid,
    version,
    round,
    takenBy,
  );
}

/** The note goes: the ticket is kept, or the server does not have it any more. */
export function forgetLeftOut(db: WritableDb, scopeId: number, uid: string): void {
  db.run('DELETE FROM left_out_tickets WHERE scope_id = ? AND uid = ?', scopeId, uid);
}

/** The server still has it, in a shape that is not understood here. */
export function markLeftOutAsCome(db: WritableDb, { id, round }: ScopeState, uid: string): void {
  db.run('UPDATE left_out_tickets SET pull_round = ? WHERE scope_id = ? AND uid = ?', round, id, uid);
}

/** Some of those that were received in a former round of the scope and not in this one. */
export function listOutdatedLeftOut(db: ReadableDb, { id, round }: ScopeState, limit: number): readonly string[] {
  return db.values<string>(
    'SELECT uid FROM left_out_tickets WHERE scope_id = ? AND pull_round < ? LIMIT ?',
    id,
    round,
    limit,
  );
}

/** Whether a scope has tickets that were not kept, and would be when only those of `takers` are not. */
export function hasReturning(db: ReadableDb, scopeId: number, takers: readonly string[]): boolean {
  const sql = `SELECT 1 FROM left_out_tickets WHERE scope_id = ? AND taken_by NOT IN (SELECT value FROM json_each(?)) LIMIT 1`;
  return db.value<number>(sql, scopeId, JSON.stringify(takers)) !== undefined;
}

/** A ticket that is here and, by whoever took it in, need not be. */
export interface LeavingTicket {
  readonly uid: string;
  readonly scopeId: number;
}

/** Those among the next `size` rows after a row id, and where to go on; `next` is null at the end of the table. */
export function listLeaving(
  db: ReadableDb,
  after: number,
  size: number,
): { readonly tickets: readonly LeavingTicket[]; readonly next: number | null } {
  const end = 'SELECT max(id) FROM (SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT ?)';
  const next = db.value<number | null>(end, after, size) ?? null;
  if (next === null) return { tickets: [], next };
  const sql = `SELECT uid, scope_id AS scopeId FROM tickets WHERE id > ? AND id <= ? AND scope_id IS NOT NULL AND base_version > 0
    AND created_by IN (SELECT user_id FROM left_out_takers)`;
  return { tickets: db.all<LeavingTicket>(sql, after, next), next };
}

/** Who took in a ticket that is here. */
export function findTaker(db: ReadableDb, uid: string): string | null {
  return db.value<string | null>('SELECT created_by FROM tickets WHERE uid = ?', uid) ?? null;
}
