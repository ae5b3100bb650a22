import { z } from 'zod';
import { carriedResultsSchema } from '#shared/sync/carried.ts';
import {
  type CarriedWork,
  listToHandIn,
  noteCarriedPart,
  noteCarriedProblem,
} from '../repositories/carried-work.repository.ts';
import type { SyncContext } from './sync-context.ts';

/** Tells the server the key this console signs carried work with. @returns false when it did not answer that it has it */
export async function registerKey(ctx: SyncContext, publicKey: string, signal: AbortSignal): Promise<boolean> {
  const body = JSON.stringify({ publicKey });
  const reply = await ctx.client.post(
    '/sync/console-key',
    body,
    z.object({ ok: z.literal(true) }),
    ctx.timeouts.helloMs,
    signal,
  );
  return reply.kind === 'answer';
}

/**
 * Hands in what was brought here from other consoles, part by part; each answer is on disk before the next part goes. A part whose answer got
 * lost is sent again and answered from the server's log. What the server refuses as a whole stays here with the reason.
 */
export async function pushCarried(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  for (const work of listToHandIn(ctx.db)) {
    if (isSettled(work, ctx.clock.now())) continue;
    let { done, results } = work;
    for (const part of work.parts.slice(done)) {
      const body = JSON.stringify(part);
      const reply = await ctx.client.post('/sync/carry', body, carriedResultsSchema, ctx.timeouts.pushMs, signal);
      if (signal.aborted) return;
      if (reply.kind !== 'answer') {
        noteProblem(ctx, work, reply.kind === 'refused' ? reply.code : 'OFFLINE');
        break;
      }
      done++;
      results = [...results, ...reply.value.results];
      const answered = { id: work.id, done, results };
      ctx.write(() => noteCarriedPart(ctx.db, answered, ctx.clock.now()));
      ctx.announce(['outbox', 'sync']);
    }
  }
}

/** Answers that only a person can change are asked for again rarely. */
const LASTING: readonly string[] = ['BAD_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'IDENTITY_CLASH', 'SYNC_GAP'];
const ASK_AGAIN_MS = 10 * 60_000;

function isSettled({ problem, triedAt }: CarriedWork, now: number): boolean {
  return LASTING.includes(problem) && triedAt !== null && now - triedAt < ASK_AGAIN_MS;
}

function noteProblem(ctx: SyncContext, { id }: CarriedWork, code: string): void {
  ctx.write(() => noteCarriedProblem(ctx.db, id, code, ctx.clock.now()));
  ctx.announce(['outbox', 'sync']);
}
