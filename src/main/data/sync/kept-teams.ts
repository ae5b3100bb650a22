import { parseTicketScope } from '#shared/sync/protocol.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import {
  hasReturning,
  type LeavingTicket,
  listLeaving,
  replaceLeftOutTakers,
} from '../repositories/left-out.repository.ts';
import { listScopes } from '../repositories/scope.repository.ts';
import { leaveOutHere } from '../services/leave-out.ts';
import { listLeftOutTakers } from '../services/team.service.ts';
import { restartScope } from './puller.ts';
import { eachSlice } from './remove-rows.ts';
import { giveWay, type SyncContext } from './sync-context.ts';

/** The accounts by which pulled tickets are sorted, and those for which the tickets that were here were gone through. */
const SORTED_BY = 'left-out-takers';
const GONE_THROUGH = 'left-out-gone-through';

/** Rows looked at between two turns of the event loop. */
const WALK_ROWS = 5_000;

/**
 * Takes over which 班组 this computer keeps the tickets of, and who is in them now. A month with tickets that were not kept and are to be again is
 * pulled from the start; those that need not stay go when there is time ({@link leaveOtherTeams}).
 */
export async function adoptKeptTeams(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  const takers = listLeftOutTakers(ctx.db, ctx.actor.role, ctx.actor.id);
  const wanted = JSON.stringify(takers);
  if ((findSetting(ctx.db, SORTED_BY) ?? '[]') === wanted) return;
  for (const state of listScopes(ctx.bulk)) {
    if (state.leftOut > 0 && hasReturning(ctx.bulk, state.id, takers)) restartScope(ctx, state, state.epoch, false);
    await giveWay();
    // Asked again next time: nothing is sorted differently before every month has started anew.
    if (signal.aborted) return;
  }
  ctx.write(() =>
    ctx.db.transaction(() => {
      replaceLeftOutTakers(ctx.db, takers);
      saveSetting(ctx.db, SORTED_BY, wanted);
    }),
  );
}

/** Lets go of tickets that are here and that other 班组 took in, in short transactions; count and digest of their months stay what they were. */
export async function leaveOtherTeams(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  const wanted = findSetting(ctx.db, SORTED_BY) ?? '[]';
  if ((findSetting(ctx.db, GONE_THROUGH) ?? '[]') === wanted) return;
  let gone = 0;
  for (let after: number | null = 0; after !== null && wanted !== '[]'; ) {
    const slice: ReturnType<typeof listLeaving> = listLeaving(ctx.bulk, after, WALK_ROWS);
    for (const [scopeId, uids] of byScope(slice.tickets)) {
      await eachSlice(ctx, scopeId, uids, signal, (scope, uid) =>
        parseTicketScope(scope.scope) ? leaveOutHere(ctx.bulk, scope, uid) : scope,
      );
    }
    gone += slice.tickets.length;
    after = slice.next;
    await giveWay();
    if (signal.aborted) return;
  }
  ctx.write(() => saveSetting(ctx.db, GONE_THROUGH, wanted));
  if (gone > 0) ctx.announce(['tickets', 'citizens', 'sync']);
}

function byScope(tickets: readonly LeavingTicket[]): ReadonlyMap<number, readonly string[]> {
  const groups = Map.groupBy(tickets, ({ scopeId }) => scopeId);
  return new Map([...groups].map(([scopeId, group]) => [scopeId, group.map(({ uid }) => uid)]));
}
