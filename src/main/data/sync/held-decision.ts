import type { HeldDecision } from '#shared/contract/sync.contract.ts';
import { countHeld, countHeldOf, listHeldOf, releaseDelete } from '../repositories/held-delete.repository.ts';
import { findScope, listScopes, saveScope } from '../repositories/scope.repository.ts';
import { keepRow } from '../services/leave-scope.ts';
import { eachSlice, removeGone } from './remove-rows.ts';
import type { SyncContext } from './sync-context.ts';

/** Rows decided about per step. */
const STEP = 1_000;

/**
 * Does what a person decided about the rows that the server no longer has, and believes its deletes again. Kept rows stay readable and
 * belong to this console alone. Those of a scope that this person may no longer read cannot be kept; they go on waiting.
 * @returns how many rows were decided about
 */
export async function decideHeld(ctx: SyncContext, decision: HeldDecision, signal: AbortSignal): Promise<number> {
  const before = totalOf(ctx);
  for (const { id, held, scope, isGranted } of listScopes(ctx.bulk)) {
    if (held === null || (decision === 'keep' && !isGranted)) continue;
    for (;;) {
      const uids = listHeldOf(ctx.bulk, scope, STEP);
      if (uids.length === 0) break;
      await eachSlice(ctx, id, uids, signal, (state, uid) => {
        releaseDelete(ctx.bulk, uid);
        return decision === 'delete' ? removeGone(ctx.bulk, state, uid) : keepRow(ctx.bulk, state, uid);
      });
      if (signal.aborted) return before - totalOf(ctx);
    }
    ctx.write(() =>
      ctx.bulk.transaction(() => {
        const state = findScope(ctx.bulk, id);
        if (state && countHeldOf(ctx.bulk, scope) === 0) saveScope(ctx.bulk, { ...state, held: null });
      }),
    );
  }
  ctx.announce(['tickets', 'citizens', 'records', 'sync']);
  return before - totalOf(ctx);
}

function totalOf(ctx: SyncContext): number {
  const { tickets, citizens, records } = countHeld(ctx.bulk);
  return tickets + citizens + records;
}
