import { tableOfScope } from '#shared/sync/protocol.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { countHeldOf, holdDelete } from '../repositories/held-delete.repository.ts';
import { forgetSomeLeftOut, listOutdatedLeftOut } from '../repositories/left-out.repository.ts';
import { deleteScope, findScope, type ScopeState, saveScope } from '../repositories/scope.repository.ts';
import { listOutdatedRows, listScopeRows, type ScopeRows } from '../repositories/scope-rows.repository.ts';
import { forgetPerson } from '../services/forget-person.ts';
import { removeRow, withoutLeftOut } from '../services/leave-scope.ts';
import { REMOVABLE } from '../services/synced-table.ts';
import { giveWay, type SyncContext } from './sync-context.ts';

/** Rows looked at, and rows removed, between two turns of the event loop. */
const WALK_ROWS = 5_000;
const REMOVE_ROWS = 200;
/** A transaction of removals ends after this long, ms, or after the first rows if they took longer: a caller lookup waits no longer. */
const SLICE_MS = 8;
const SLICE_LEAST = 10;

/** More deletes than this share of a scope wait for a person: a server gone wrong must not empty the cache. */
const MASS_DELETE_SHARE = 0.2;
const MASS_DELETE_MIN = 50;

/** True when so many deletes at once are not believed: of rows that are kept here. */
export function isMassDelete(deletes: number, { count, leftOut }: Pick<ScopeState, 'count' | 'leftOut'>): boolean {
  return deletes > Math.max(MASS_DELETE_MIN, (count - leftOut) * MASS_DELETE_SHARE);
}

/** How many of some removed rows this console has in the scope: a delete of what was never here is none. */
export function countKnown(db: ReadableDb, scope: ScopeState, uids: readonly string[]): number {
  const { findState } = REMOVABLE[tableOfScope(scope.scope)];
  return uids.filter((uid) => findState(db, uid)?.scope_id === scope.id).length;
}

/** Removes a row that the server no longer has. @returns the scope's new count and digest */
export function removeGone(db: WritableDb, scope: ScopeState, uid: string): ScopeState {
  if (tableOfScope(scope.scope) === 'citizens') forgetPerson(db, uid);
  return removeRow(db, scope, uid);
}

/** The server no longer has a row: it goes, or waits for a person while deletes are held. @returns the scope's new count and digest */
export function applyGone(db: WritableDb, scope: ScopeState, uid: string, now: number): ScopeState {
  if (scope.held === null) return removeGone(db, scope, uid);
  const state = REMOVABLE[tableOfScope(scope.scope)].findState(db, uid);
  // Of what is not kept here there is nothing to wait with.
  if (state?.scope_id !== scope.id) return withoutLeftOut(db, scope, uid);
  holdDelete(db, scope.scope, uid, now);
  return scope;
}

/**
 * After a scope was pulled from the start: rows that did not come again are gone at the server. Without this they would stay for ever,
 * because a cursor that starts anew is not told of them. Short transactions; nothing is lost by ending in between.
 */
export async function sweepScope(ctx: SyncContext, scopeId: number, signal: AbortSignal): Promise<void> {
  const start = findScope(ctx.bulk, scopeId);
  if (!start || start.swept >= start.round) return;
  const missing = await collect(signal, (after) => listOutdatedRows(ctx.bulk, start, after, WALK_ROWS));
  if (signal.aborted) return;
  const held = start.held ?? (isMassDelete(missing.length, start) ? 'mass-delete' : null);
  await eachSlice(ctx, scopeId, missing, signal, (scope, uid) =>
    applyGone(ctx.bulk, { ...scope, held }, uid, ctx.clock.now()),
  );
  await sweepLeftOut(ctx, start, signal);
  if (signal.aborted) return;
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      const scope = findScope(ctx.bulk, scopeId);
      if (!scope) return;
      // With nothing to decide about there is nobody to wait for.
      const isWaiting = held !== null && countHeldOf(ctx.bulk, scope.scope) > 0;
      saveScope(ctx.bulk, { ...scope, swept: start.round, held: isWaiting ? held : null });
    }),
  );
}

/** Forgets of what is not kept here what did not come again either. */
async function sweepLeftOut(ctx: SyncContext, start: ScopeState, signal: AbortSignal): Promise<void> {
  for (let uids: readonly string[]; !signal.aborted; ) {
    uids = listOutdatedLeftOut(ctx.bulk, start, WALK_ROWS);
    if (uids.length === 0) return;
    await eachSlice(ctx, start.id, uids, signal, (scope, uid) => withoutLeftOut(ctx.bulk, scope, uid));
  }
}

/** Removes a scope that this person may no longer read, with all its rows that carry no own unconfirmed work. */
export function forgetScope(ctx: SyncContext, state: ScopeState, signal: AbortSignal): Promise<void> {
  return emptyScope(ctx, state, signal, (scope, uid) => removeRow(ctx.bulk, scope, uid));
}

/** Takes all rows out of a scope, and then the scope itself away. */
export async function emptyScope(
  ctx: SyncContext,
  state: ScopeState,
  signal: AbortSignal,
  take: (scope: ScopeState, uid: string) => ScopeState,
): Promise<void> {
  const uids = await collect(signal, (after) => listScopeRows(ctx.bulk, state, after, WALK_ROWS));
  await eachSlice(ctx, state.id, uids, signal, take);
  while (!signal.aborted && ctx.write(() => forgetSomeLeftOut(ctx.bulk, state.id, WALK_ROWS)) > 0) await giveWay();
  if (signal.aborted) return;
  ctx.write(() => ctx.bulk.transaction(() => deleteScope(ctx.bulk, state)));
}

/** All rows of a scope wait for a person: the server that no longer names it is not the one it was. */
export async function holdScope(ctx: SyncContext, state: ScopeState, signal: AbortSignal): Promise<void> {
  const uids = await collect(signal, (after) => listScopeRows(ctx.bulk, state, after, WALK_ROWS));
  await eachSlice(ctx, state.id, uids, signal, (scope, uid) =>
    applyGone(ctx.bulk, { ...scope, held: 'server-restored', isGranted: false }, uid, ctx.clock.now()),
  );
}

async function collect(signal: AbortSignal, list: (after: number) => ScopeRows): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: number | null = 0; after !== null && !signal.aborted; ) {
    const slice: ScopeRows = list(after);
    found.push(...slice.uids);
    after = slice.next;
    await giveWay();
  }
  return found;
}

/** Does something to many rows of a scope in short transactions. */
export async function eachSlice(
  ctx: Pick<SyncContext, 'bulk' | 'write' | 'elapsed'>,
  scopeId: number,
  uids: readonly string[],
  signal: AbortSignal,
  apply: (scope: ScopeState, uid: string) => ScopeState,
): Promise<void> {
  const applySlice = (from: number) =>
    ctx.bulk.transaction(() => {
      let scope = findScope(ctx.bulk, scopeId);
      if (!scope) return uids.length;
      const begun = ctx.elapsed();
      let done = from;
      const hasTime = () => done - from < SLICE_LEAST || ctx.elapsed() - begun < SLICE_MS;
      while (done < uids.length && done - from < REMOVE_ROWS && hasTime()) {
        scope = apply(scope, uids[done] ?? '');
        done++;
      }
      saveScope(ctx.bulk, scope);
      return done;
    });
  for (let from = 0; from < uids.length && !signal.aborted; ) {
    from = ctx.write(() => applySlice(from));
    await giveWay();
  }
}
