import { addToDigest } from '#shared/kernel/row-hash.ts';
import { type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { findLeftOut, forgetLeftOut } from '../repositories/left-out.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findScope, type ScopeState, saveScope } from '../repositories/scope.repository.ts';
import { detachRow, LEFT, markAsLeft } from '../repositories/scope-rows.repository.ts';
import { REMOVABLE } from './synced-table.ts';

/**
 * Removes a row of a scope; one with own unconfirmed operations stays without having been received.
 * @returns the scope's new count and digest
 */
export function removeRow(db: WritableDb, scope: ScopeState, uid: string): ScopeState {
  const table = REMOVABLE[tableOfScope(scope.scope)];
  const state = table.findState(db, uid);
  // A row that has meanwhile arrived in another scope belongs to that one.
  if (state?.scope_id !== scope.id) return withoutLeftOut(db, scope, uid);
  if (listOutboxOf(db, uid).length > 0) {
    const left = unreceive(db, scope, uid);
    markAsLeft(db, tableOfScope(scope.scope), state.id);
    return left;
  }
  table.remove(db, state.id);
  return withoutRow(scope, uid, state.base_version);
}

/** A row that left its scope goes for good once nothing of one's own waits on it any more: nobody tells of its removal again. */
export function forgetLeft(db: WritableDb, name: SyncTable, uid: string): void {
  const table = REMOVABLE[name];
  const state = table.findState(db, uid);
  if (state?.pull_round === LEFT && listOutboxOf(db, uid).length === 0) table.remove(db, state.id);
}

/** The row stays as it is and no longer counts among those the server has. @returns the scope's new count and digest */
export function keepRow(db: WritableDb, scope: ScopeState, uid: string): ScopeState {
  const table = tableOfScope(scope.scope);
  const state = REMOVABLE[table].findState(db, uid);
  if (state?.scope_id !== scope.id) return scope;
  detachRow(db, table, state.id);
  return withoutRow(scope, uid, state.base_version);
}

/** The row stays as if only this console had ever had it. @returns the scope's new count and digest */
export function unreceive(db: WritableDb, scope: ScopeState, uid: string): ScopeState {
  const table = REMOVABLE[tableOfScope(scope.scope)];
  const state = table.findState(db, uid);
  if (state?.scope_id !== scope.id) return scope;
  table.clearBase(db, state.id);
  table.deleteBase(db, state.id);
  return withoutRow(scope, uid, state.base_version);
}

/** Count and digest after a row left that was received in this version; one of version 0 did not count. */
export function withoutRow(scope: ScopeState, uid: string, version: number): ScopeState {
  if (version === 0) return scope;
  return { ...scope, count: scope.count - 1, digest: addToDigest(scope.digest, uid, version, -1) };
}

/** Count and digest after a ticket went that was only known by uid and version; unchanged when it is none of those. */
export function withoutLeftOut(db: WritableDb, scope: ScopeState, uid: string): ScopeState {
  if (scope.leftOut === 0) return scope;
  const version = findLeftOut(db, scope.id, uid);
  if (version === undefined) return scope;
  forgetLeftOut(db, scope.id, uid);
  return { ...withoutRow(scope, uid, version), leftOut: scope.leftOut - 1 };
}

/** A row that came from another scope of this console leaves that one's count at once. */
export function leaveOldScope(
  db: WritableDb,
  scope: ScopeState,
  uid: string,
  old: { readonly base_version: number; readonly scope_id: number | null } | undefined,
): void {
  if (!old || old.scope_id === null || old.scope_id === scope.id || old.base_version === 0) return;
  const left = findScope(db, old.scope_id);
  if (left) saveScope(db, withoutRow(left, uid, old.base_version));
}
