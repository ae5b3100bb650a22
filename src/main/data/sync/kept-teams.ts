import { parseTicketScope } from '#shared/sync/protocol.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import {
  findReturning,
  type LeavingTicket,
  listLeaving,
  listLeftOutTakers,
  replaceLeftOutTakers,
} from '../repositories/left-out.repository.ts';
import { listScopes, type ScopeState } from '../repositories/scope.repository.ts';
import { leaveOutHere } from '../services/leave-out.ts';
import { findKeptTeams, findTakersToLeaveOut, saveSortedTeams, takeOverTeams } from '../services/team.service.ts';
import { restartScope } from './puller.ts';
import { eachSlice } from './remove-rows.ts';
import { giveWay, type SyncContext } from './sync-context.ts';

/** For which accounts the tickets that were here were gone through. */
const GONE_THROUGH = 'left-out-gone-through';

/** Rows looked at between two turns of the event loop. */
const WALK_ROWS = 5_000;

export interface KeptTeams {
  /**
   * Takes over which 班组 this computer keeps the tickets of, and who is in them now. A month with tickets that were not kept and are to be again is
   * pulled from the start; those that need not stay go when there is time ({@link KeptTeams.leave}).
   */
  adopt(signal: AbortSignal): Promise<void>;
  /**
   * Lets go of tickets that are here and that other 班组 took in, in short transactions; count and digest of their months stay what they were.
   * @param isWanted something else is to be done: ends soon
   * @returns whether nothing is left to be gone through
   */
  leave(signal: AbortSignal, isWanted: () => boolean): Promise<boolean>;
}

export function createKeptTeams(ctx: SyncContext): KeptTeams {
  /** Up to which row the tickets were gone through, and for which accounts. */
  let after: number | null = 0;
  let goingThroughFor = '';

  const wantedTakers = () => findTakersToLeaveOut(ctx.db, ctx.actor.role, ctx.actor.id);

  return {
    adopt: async (signal) => {
      ctx.write(() => takeOverTeams(ctx.db));
      const before = listLeftOutTakers(ctx.db);
      const takers = wantedTakers();
      if (JSON.stringify(before) !== JSON.stringify(takers)) {
        const returning = before.filter((id) => !takers.includes(id));
        for (const state of returning.length > 0 ? listScopes(ctx.bulk) : []) {
          if (await hasReturning(ctx, state, returning, signal)) restartScope(ctx, state, state.epoch, false);
          // Asked again next time: nothing is sorted differently before every month has started anew.
          if (signal.aborted) return;
        }
        ctx.write(() =>
          ctx.db.transaction(() => {
            replaceLeftOutTakers(ctx.db, takers);
            // What came back of a choice that was taken back is gone through, too.
            saveSetting(ctx.db, GONE_THROUGH, '');
          }),
        );
      }
      ctx.write(() => saveSortedTeams(ctx.db, takers.length === 0 ? [] : findKeptTeams(ctx.db, ctx.actor.role)));
    },

    leave: async (signal, isWanted) => {
      const sortedBy = JSON.stringify(listLeftOutTakers(ctx.db));
      if ((findSetting(ctx.db, GONE_THROUGH) ?? '[]') === sortedBy) return true;
      if (goingThroughFor !== sortedBy) {
        goingThroughFor = sortedBy;
        after = 0;
      }
      while (after !== null && sortedBy !== '[]') {
        // Chosen differently meanwhile: nothing goes that is to stay.
        if (JSON.stringify(wantedTakers()) !== sortedBy) return true;
        const slice: ReturnType<typeof listLeaving> = listLeaving(ctx.bulk, after, WALK_ROWS);
        for (const [scopeId, uids] of byScope(slice.tickets)) {
          await eachSlice(ctx, scopeId, uids, signal, (scope, uid) =>
            parseTicketScope(scope.scope) ? leaveOutHere(ctx.bulk, scope, uid, ctx.clock.now()) : scope,
          );
        }
        if (slice.tickets.length > 0) ctx.announce(['tickets', 'citizens', 'sync']);
        await giveWay();
        if (signal.aborted) return false;
        after = slice.next;
        if (isWanted()) return false;
      }
      ctx.write(() => saveSetting(ctx.db, GONE_THROUGH, sortedBy));
      goingThroughFor = '';
      return true;
    },
  };
}

/** Whether a month has tickets that were not kept and are to be again, looked for a part at a time. */
async function hasReturning(
  { bulk }: SyncContext,
  { id, leftOut }: ScopeState,
  takers: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  for (let from: string | null = ''; leftOut > 0 && from !== null && !signal.aborted; ) {
    const part: ReturnType<typeof findReturning> = findReturning(bulk, id, takers, from);
    if (part.isFound) return true;
    from = part.next;
    await giveWay();
  }
  return false;
}

function byScope(tickets: readonly LeavingTicket[]): ReadonlyMap<number, readonly string[]> {
  const groups = Map.groupBy(tickets, ({ scopeId }) => scopeId);
  return new Map([...groups].map(([scopeId, group]) => [scopeId, group.map(({ uid }) => uid)]));
}
