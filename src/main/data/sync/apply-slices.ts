import { DataError, toDataError } from '../errors.ts';
import { findScope, type ScopeState, saveScope } from '../repositories/scope.repository.ts';
import { applyChange, type Change } from './apply-rows.ts';
import { ownProblem } from './problems.ts';
import { giveWay, type SyncContext, type SyncProblem } from './sync-context.ts';

/**
 * A transaction of pulled rows ends after this long, or after the first rows if they took longer; a caller lookup never waits longer
 * than one slice. Every commit writes the last pages of all indices again, so that very short ones triple the work.
 */
const SLICE_MS = 12;
const SLICE_LEAST = 50;

/** Changes in the order of their server numbers; one is read when its turn comes. */
export type Changes = Pick<readonly Change[], 'length' | 'at'>;

/**
 * Applies changes in short transactions; rows and cursor commit together. A row that fails stops the cursor of this scope right
 * before it, and this scope only.
 */
export async function applyChanges(
  ctx: SyncContext,
  start: ScopeState,
  changes: Changes,
  signal: AbortSignal,
): Promise<{ readonly error: SyncProblem | null }> {
  let done = 0;
  let mostRows = Number.POSITIVE_INFINITY;
  while (done < changes.length && !signal.aborted) {
    const from = done;
    try {
      done += ctx.write(() => applySlice(ctx, start, changes, from, mostRows));
    } catch (error) {
      const known = toDataError(error);
      const isStorage = known instanceof DataError;
      if (isStorage || mostRows === 1) {
        const code = isStorage ? known.code : 'INTERNAL';
        const detail = known instanceof Error ? known.message : 'row does not apply';
        return { error: ownProblem(code, `${start.scope}: ${detail}`) };
      }
      mostRows = 1;
    }
    await giveWay();
  }
  return { error: null };
}

function applySlice(ctx: SyncContext, start: ScopeState, changes: Changes, from: number, mostRows: number): number {
  const now = ctx.clock.now();
  return ctx.bulk.transaction(() => {
    const state = findScope(ctx.bulk, start.id);
    if (!state) return changes.length;
    let scope: ScopeState = { ...state, held: state.held ?? start.held };
    const begun = ctx.elapsed();
    let index = from;
    while (
      index < changes.length &&
      index - from < mostRows &&
      (index - from < SLICE_LEAST || ctx.elapsed() - begun < SLICE_MS)
    ) {
      const change = changes.at(index);
      if (change) scope = applyChange(ctx.bulk, scope, change, ctx.actor, now);
      index++;
    }
    // Inside an answer the cursor stands at the last applied change: everything before it is in this answer or older.
    saveScope(ctx.bulk, { ...scope, seq: Math.max(state.seq, scope.seq) });
    return index - from;
  });
}
