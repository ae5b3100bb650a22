import type { TicketId } from '#shared/kernel/ids.ts';
import { HISTORY_MAX_KNOWN, type HistoryRequest, historyResponseSchema } from '#shared/sync/history.ts';
import { listSeen, type SeenTicket } from '../repositories/seen-ticket.repository.ts';
import { saveSeenTicket, takeAwaySeen } from '../services/seen-ticket.service.ts';
import type { SyncContext } from './sync-context.ts';

/** Tickets outside of the held months are compared with the server this often. */
const REFRESH_EVERY_MS = 60 * 60_000;

export interface SeenTickets {
  /** Compares tickets outside of the held months with the server when that is due. Best effort: asked again after an error. */
  refresh(signal: AbortSignal): Promise<void>;
  /** What may be read has changed: the next refresh is due. */
  expire(): void;
}

/** Keeps tickets outside of the held months current: changes, erasures and withdrawn rights reach them here, not by a pull. */
export function createSeenTickets(ctx: SyncContext): SeenTickets {
  let refreshedAt: number | null = null;

  /** @returns what is left to be asked about, null when the server did not answer */
  const compare = async (known: readonly SeenTicket[], signal: AbortSignal): Promise<'done' | 'more' | null> => {
    const tickets = known.map(({ uid, version }) => ({ uid: uid as TicketId, version }));
    const body = JSON.stringify({ by: 'known', tickets } satisfies HistoryRequest);
    const reply = await ctx.client.post('/sync/history', body, historyResponseSchema, ctx.timeouts.pullMs, signal);
    if (signal.aborted) return null;
    // Nobody who reads no tickets at all keeps some.
    const isForbidden = reply.kind === 'refused' && reply.code === 'FORBIDDEN';
    if (reply.kind !== 'answer' && !isForbidden) return null;
    const {
      tickets: changed,
      gone,
      more,
    } = reply.kind === 'answer' ? reply.value : { tickets: [], gone: known.map(({ uid }) => uid), more: false };
    // Comparing is not looking: they grow old as before.
    const seenAt = new Map(known.map((ticket) => [ticket.uid, ticket.seen_at]));
    ctx.write(() =>
      ctx.bulk.transaction(() => {
        for (const each of changed) {
          saveSeenTicket(ctx.bulk, each, ctx.actor, seenAt.get(each.uid) ?? ctx.clock.now());
        }
        for (const uid of gone) takeAwaySeen(ctx.bulk, uid);
      }),
    );
    if (changed.length + gone.length > 0) ctx.announce(['tickets', 'citizens', 'sync']);
    return more && changed.length > 0 ? 'more' : 'done';
  };

  return {
    expire: () => {
      refreshedAt = null;
    },
    refresh: async (signal) => {
      if (refreshedAt !== null && ctx.elapsed() - refreshedAt < REFRESH_EVERY_MS) return;
      for (let after = 0; ; ) {
        const known = listSeen(ctx.db, after, HISTORY_MAX_KNOWN);
        const last = known.at(-1);
        if (!last) break;
        const compared = await compare(known, signal);
        if (compared === null) return;
        if (compared === 'done') after = last.id;
      }
      refreshedAt = ctx.elapsed();
    },
  };
}
