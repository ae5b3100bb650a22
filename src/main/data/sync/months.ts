import { holdMonths, type MonthSize } from '#shared/domain/cache-policy.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import type { HelloResponse } from '#shared/sync/wire.ts';
import { listScopes, type ScopeState, saveScope, unpark } from '../repositories/scope.repository.ts';
import { getCachePolicy, saveCoverage } from '../services/cache-policy.service.ts';
import { forgetUnseen, leaveMonth } from '../services/leave-month.ts';
import { emptyScope } from './remove-rows.ts';
import type { SyncContext } from './sync-context.ts';

/** Tickets outside of the held months that go in one transaction. */
const FORGET_ROWS = 200;

/** Scopes a console pulls, and how many rows those have at the server. */
export interface ChosenScopes {
  readonly scopes: HelloResponse['scopes'];
  readonly rows: number;
}

/** Chooses among the scopes a person may read those this console holds: everything but tickets, and of these the months of the policy. */
export function chooseScopes(ctx: Pick<SyncContext, 'db' | 'actor' | 'write'>, answer: HelloResponse): ChosenScopes {
  const { scopes, serverTime } = answer;
  const policy = getCachePolicy(ctx.db, ctx.actor.role);
  const held = holdMonths(policy, sizesOf(scopes), serverTime);
  ctx.write(() => saveCoverage(ctx.db, held));
  const chosen = scopes.filter(({ id }) => (parseTicketScope(id)?.month ?? held.from) >= held.from);
  return { scopes: chosen, rows: answer.rows - held.outside.tickets };
}

function sizesOf(scopes: HelloResponse['scopes']): readonly MonthSize[] {
  const sizes = new Map<string, number>();
  for (const { id, rows = 0 } of scopes) {
    const month = parseTicketScope(id)?.month;
    if (month !== undefined) sizes.set(month, (sizes.get(month) ?? 0) + rows);
  }
  return [...sizes].map(([month, tickets]) => ({ month, tickets }));
}

/** The scope is no longer pulled; its rows go when there is time ({@link leaveMonths}). Held again before that, it starts anew. */
export function stopScope(ctx: SyncContext, state: ScopeState): void {
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      unpark(ctx.bulk, state.scope);
      saveScope(ctx.bulk, { ...state, seq: 0, round: state.round + 1, parity: 'unknown', isGranted: false });
    }),
  );
}

/**
 * Lets go of months that are outside of the policy, and of single tickets that nobody has looked at for long. These are deletes of this
 * console's own, so none of them waits for a person; months in which the server's deletes wait are left alone.
 */
export async function leaveMonths(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  const leaving = listScopes(ctx.bulk).filter(
    ({ scope, isGranted, held }) => !isGranted && held === null && parseTicketScope(scope) !== null,
  );
  for (const state of leaving) {
    await emptyScope(ctx, state, signal, (scope, uid) => leaveMonth(ctx.bulk, scope, uid, ctx.clock.now()));
    if (signal.aborted) return;
  }
  const gone = ctx.write(() => ctx.bulk.transaction(() => forgetUnseen(ctx.bulk, ctx.clock.now(), FORGET_ROWS)));
  if (leaving.length + gone > 0) ctx.announce(['tickets', 'citizens', 'sync']);
}
