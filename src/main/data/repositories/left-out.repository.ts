import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import type { ScopeState } from './scope.repository.ts';

/** Whether tickets this account took in are not kept here. */
export function isLeftOutTaker(db: ReadableDb, userId: string): boolean {
  return db.value<number>('SELECT 1 FROM left_out_takers WHERE user_id = ?', userId) !== undefined;
}

/** All of them, in the order of their ids. */
export function listLeftOutTakers(db: ReadableDb): readonly string[] {
  return db.values<string>('SELECT user_id FROM left_out_takers ORDER BY user_id');
}

/** From now on tickets of these accounts are not kept, and those of all others are. */
export function replaceLeftOutTakers(db: WritableDb, userIds: readonly string[]): void {
  db.run('DELETE FROM left_out_takers');
  db.run('INSERT INTO left_out_takers SELECT value FROM json_each(?)', JSON.stringify(userIds));
}

/** An account and the 班组 it is in; null for one in none. */
interface AccountTeam {
  readonly id: string;
  readonly team: string | null;
}

/** Notes who is in which 班组; what is known of accounts that are not among these stays. */
export function saveAccountTeams(db: WritableDb, accounts: readonly AccountTeam[]): void {
  const told = JSON.stringify(accounts);
  db.run(`DELETE FROM account_teams WHERE user_id IN (SELECT value ->> '$.id' FROM json_each(?))`, told);
  db.run(
    `INSERT INTO account_teams SELECT value ->> '$.id', value ->> '$.team' FROM json_each(?) WHERE value ->> '$.team' IS NOT NULL`,
    told,
  );
}

/** Accounts that are or were last in another 班组 than these, in the order of their ids. */
export function listAccountsOutside(db: ReadableDb, teams: readonly string[]): readonly string[] {
  const sql = 'SELECT user_id FROM account_teams WHERE team NOT IN (SELECT value FROM json_each(?)) ORDER BY user_id';
  return db.values<string>(sql, JSON.stringify(teams));
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

/** Looked at in one go; some 15 ms. */
const LOOKED_AT = 20_000;

/** Whether there are tickets of some accounts among the next of a scope that are not kept, and where to go on; null at the end. */
export function findReturning(
  db: ReadableDb,
  scopeId: number,
  takers: readonly string[],
  after: string,
): { readonly isFound: boolean; readonly next: string | null } {
  const range = 'FROM left_out_tickets WHERE scope_id = ? AND uid > ? ORDER BY uid LIMIT ?';
  const row = db.get<{ last: string | null; found: number | null }>(
    `SELECT max(uid) AS last, max(taken_by IN (SELECT value FROM json_each(?))) AS found FROM (SELECT uid, taken_by ${range})`,
    JSON.stringify(takers),
    scopeId,
    after,
    LOOKED_AT,
  );
  return { isFound: row?.found === 1, next: row?.last ?? null };
}

/** Forgets some of a scope's. @returns how many there were */
export function forgetSomeLeftOut(db: WritableDb, scopeId: number, most: number): number {
  return db.run(
    `DELETE FROM left_out_tickets WHERE scope_id = ? AND uid IN (SELECT uid FROM left_out_tickets WHERE scope_id = ? ORDER BY uid LIMIT ?)`,
    scopeId,
    scopeId,
    most,
  ).changes;
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

/** Tickets of the held months that are not kept and all the same here, because somebody asked for them or works on them. */
export function countHereLeftOut(db: ReadableDb, from: number): number {
  const sql = `SELECT count(*) FROM tickets WHERE seen_at IS NOT NULL AND coalesce(accepted_at, created_at) >= ?
    AND created_by IN (SELECT user_id FROM left_out_takers)`;
  return db.value<number>(sql, from) ?? 0;
}
