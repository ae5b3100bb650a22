import { type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { markLeftOutAsCome } from './left-out.repository.ts';
import type { ScopeState } from './scope.repository.ts';

/** Some rows of a scope, and where to go on; `next` is null at the end of the table. */
export interface ScopeRows {
  readonly uids: readonly string[];
  readonly next: number | null;
}

interface Statements {
  readonly end: string;
  readonly all: string;
  readonly outdated: string;
  readonly detach: string;
  readonly come: string;
  readonly leave: string;
}

/** In place of the round in which a row was received: it left its scope, and stays for the unconfirmed work on it alone. */
export const LEFT = -1;

function statementsFor(table: SyncTable): Statements {
  const range = `SELECT uid FROM ${table} WHERE id > ? AND id <= ? AND scope_id = ?`;
  return {
    end: `SELECT max(id) FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?)`,
    all: range,
    outdated: `${range} AND base_version > 0 AND pull_round < ?`,
    detach: `UPDATE ${table} SET base_version = 0 WHERE id = ?`,
    come: `UPDATE ${table} SET pull_round = ? WHERE uid = ? AND scope_id = ?`,
    leave: `UPDATE ${table} SET pull_round = ${LEFT} WHERE id = ?`,
  };
}

const STATEMENTS: Readonly<Record<SyncTable, Statements>> = {
  tickets: statementsFor('tickets'),
  citizens: statementsFor('citizens'),
  records: statementsFor('records'),
};

/** Rows of a scope among the next `size` rows after a row id: a slice of the walk over the whole table. */
export function listScopeRows(db: ReadableDb, scope: ScopeState, after: number, size: number): ScopeRows {
  const { end, all } = STATEMENTS[tableOfScope(scope.scope)];
  const next = db.value<number | null>(end, after, size) ?? null;
  return { next, uids: next === null ? [] : db.values<string>(all, after, next, scope.id) };
}

/** The same for rows that were received in a former round of the scope and not in this one. */
export function listOutdatedRows(db: ReadableDb, scope: ScopeState, after: number, size: number): ScopeRows {
  const { end, outdated } = STATEMENTS[tableOfScope(scope.scope)];
  const next = db.value<number | null>(end, after, size) ?? null;
  return { next, uids: next === null ? [] : db.values<string>(outdated, after, next, scope.id, scope.round) };
}

/** The row no longer counts among those the server has; it stays and belongs to its scope as before. */
export function detachRow(db: WritableDb, table: SyncTable, id: number): void {
  db.run(STATEMENTS[table].detach, id);
}

/** The server has the row, in a shape that is not understood here: what is known of it stays as it is, and is not missed. */
export function markAsCome(db: WritableDb, scope: ScopeState, uid: string): void {
  if (scope.leftOut > 0) markLeftOutAsCome(db, scope, uid);
  db.run(STATEMENTS[tableOfScope(scope.scope)].come, scope.round, uid, scope.id);
}

/** The row left its scope with unconfirmed work on it: it stays for that alone. */
export function markAsLeft(db: WritableDb, table: SyncTable, id: number): void {
  db.run(STATEMENTS[table].leave, id);
}

/** A row that the server confirmed and that was never received. */
export interface ConfirmedRow {
  readonly id: number;
  readonly uid: string;
  readonly version: number;
}

const CONFIRMED: Partial<Record<SyncTable, string>> = {
  tickets: `SELECT id, uid, version FROM tickets WHERE is_mine = 1 AND scope_id IS NULL AND seen_at IS NULL AND version > 0
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.uid = tickets.uid AND o.kind = 'ticket.create') ORDER BY id`,
  citizens: `SELECT id, uid, version FROM citizens WHERE scope_id IS NULL AND version > 0
    AND NOT EXISTS (SELECT 1 FROM early_citizens e WHERE e.uid = citizens.uid)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.uid = citizens.uid AND o.kind = 'citizen.upsert') ORDER BY id`,
};

/** Rows made here that the server has confirmed and that no pull has brought yet. */
export function listConfirmedRows(db: ReadableDb, table: SyncTable): readonly ConfirmedRow[] {
  const sql = CONFIRMED[table];
  return sql === undefined ? [] : db.all<ConfirmedRow>(sql);
}

/** The row counts as received in its present version, in the round before this one of its scope. */
export function attachRow(db: WritableDb, table: SyncTable, id: number, scope: ScopeState): void {
  db.run(
    `UPDATE ${table} SET scope_id = ?, base_version = version, pull_round = ? WHERE id = ?`,
    scope.id,
    scope.round - 1,
    id,
  );
}
