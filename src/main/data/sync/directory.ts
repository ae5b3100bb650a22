import { seatDirectorySchema } from '#shared/contract/server.contract.ts';
import { findDirectory, saveDirectory } from '../services/colleague.service.ts';
import type { SyncContext } from './sync-context.ts';

/**
 * Asks for the seats of the centre and keeps them for offline use. Best effort: a server without a directory, or one that does
 * not answer now, leaves the list as it is, and nothing else of the sync waits for it.
 */
export async function refreshDirectory(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  const known = findDirectory(ctx.db);
  const path = `/centre/seats${known ? `?hash=${encodeURIComponent(known.hash)}` : ''}`;
  const reply = await ctx.client.get(path, seatDirectorySchema, ctx.timeouts.helloMs, signal);
  if (signal.aborted || reply.kind !== 'answer') return;
  const { hash, seats } = reply.value;
  const current = seats ?? known?.seats;
  if (!current) return;
  ctx.write(() => saveDirectory(ctx.db, { hash, seats: current, syncedAt: ctx.clock.now() }));
  if (seats) ctx.announce(['calls']);
}
