import { z } from 'zod';
import { PUSH_MAX_BYTES, PUSH_MAX_OPS } from '#shared/sync/protocol.ts';
import { type PushResponse, pushResponseSchema } from '#shared/sync/wire.ts';
import { isWaitingForRoom } from '../repositories/attachment.repository.ts';
import { getIdentity } from '../repositories/identity.repository.ts';
import {
  findWaiting,
  listWaiting,
  listWaitingTexts,
  noteOutboxTry,
  setOutboxRefused,
  type WaitingText,
} from '../repositories/outbox.repository.ts';
import { moveBehindOthers, startIncarnation } from '../services/numbering.service.ts';
import { ownProblem, toProblem } from './problems.ts';
import { createPushFaults } from './push-faults.ts';
import { applyPushResults } from './push-results.ts';
import type { Reply } from './server-client.ts';
import { giveWay, type SyncContext, type SyncProblem } from './sync-context.ts';

interface Batch {
  readonly incarnation: number;
  readonly first: number;
  readonly last: number;
  readonly ops: number;
  readonly opIds: readonly string[];
  readonly body: string;
  /** As much as a request may hold: more waits behind it, most likely. */
  readonly isFull: boolean;
}

interface Flight {
  readonly batch: Batch;
  readonly reply: Promise<Reply<PushResponse>>;
  /** Sent before the batch in front of it was answered. */
  readonly isAhead: boolean;
}

/** An answer holds hundreds of results: checked by compiled code, which takes and refuses the same. */
const answerSchema = z.compile(pushResponseSchema);

/** Immediate retries (smaller batches, new numbering) in one run; a server that never agrees must not keep us busy. */
const MOST_RETRIES = 40;

export interface Pusher {
  /** True while the operation is on its way to the server. */
  isSending(s: number): boolean;
  /** True when the operation was in a request since this process began, whatever became of it, and is not confirmed. */
  wasSent(opId: string): boolean;
  /** Operations per batch now. */
  readonly batchSize: number;
  /** The server answered something else than a push. */
  noteAnswer(): void;
  /** Sends everything that waits; ends with a problem or with an empty queue. */
  push(signal: AbortSignal): Promise<SyncProblem | null>;
}

/**
 * Sends operations in the order of their numbers. After an unknown outcome the same operations are sent again unchanged:
 * the server stores each result with its effect and answers it again. Batches shrink on timeouts, on answers that name
 * a whole batch as bad and after repeated server errors, until the one operation that causes it stands alone.
 */
export function createPusher(ctx: SyncContext): Pusher {
  let batchSize = PUSH_MAX_OPS;
  const flights = new Set<Flight>();
  const sent = new Set<string>();
  const faults = createPushFaults();

  const send = (batch: Batch, signal: AbortSignal): Promise<Reply<PushResponse>> =>
    ctx.client.post('/sync/push', batch.body, answerSchema, ctx.timeouts.pushMs, signal);

  /** What a power cut takes back of it is sent again and answered the same: no commit has to wait for the disk. */
  const takeOver = async (batch: Batch, response: PushResponse, signal: AbortSignal): Promise<void> => {
    let next = 0;
    while (next < response.results.length && !signal.aborted) {
      const from = next;
      const taken = ctx.write(() => applyPushResults({ ...ctx, db: ctx.bulk }, batch.incarnation, response, from));
      next = taken.next;
      if (taken.done.length > 0) ctx.acknowledged(taken.done);
      for (const opId of taken.done) sent.delete(opId);
      await giveWay();
    }
    // What was registered now may name files that had to wait for it.
    const files = isWaitingForRoom(ctx.db) ? (['attachments'] as const) : [];
    ctx.announce(['outbox', 'tickets', 'citizens', 'records', 'sync', ...files]);
  };

  const renumber = () => {
    ctx.saveIncarnation(ctx.write(() => startIncarnation(ctx.db)));
  };

  /** Reacts to a batch without results. Null: try again at once with what was changed. */
  const onFailure = (batch: Batch, reply: Exclude<Reply<PushResponse>, { kind: 'answer' }>): SyncProblem | null => {
    const problem = toProblem(reply);
    ctx.write(() => noteOutboxTry(ctx.db, batch.first, batch.last, problem, ctx.clock.now()));
    ctx.announce(['outbox']);
    if (reply.kind === 'unreachable') {
      if (batch.ops === 1) return problem;
      if (reply.because === 'timeout') shrink(batch);
      if (reply.because !== 'request-too-long') return problem;
      shrink(batch);
      return null;
    }
    if (reply.code === 'IDENTITY_CLASH') {
      renumber();
      return null;
    }
    // The start of the session compares the numbers and decides what to do.
    if (reply.code === 'SYNC_GAP') return { ...problem, retryAfterMs: 0 };
    if (reply.code === 'PAYLOAD_TOO_LARGE' || reply.code === 'BAD_INPUT') {
      if (batch.ops > 1) shrink(batch);
      else setAside(batch, problem);
      return null;
    }
    return reply.status >= 500 ? onFault(batch, problem) : problem;
  };

  const shrink = (batch: Batch) => {
    batchSize = Math.max(1, batch.ops >> 1);
  };

  /** The server failed. Only an operation that stands out from others which it applies is to blame for that. */
  const onFault = (batch: Batch, problem: SyncProblem): SyncProblem | null => {
    const opId = findWaiting(ctx.db, batch.incarnation, batch.first)?.op.opId;
    if (opId === undefined) return problem;
    const next = faults.onFault(batch, problem.code, opId);
    if (next === 'halve') shrink(batch);
    // A database that is away is not the fault of what it was asked to write.
    if (next !== 'suspected' || problem.code === 'NOT_READY') return problem;
    if (!faults.isProven(opId)) {
      const moved = ctx.write(() => moveBehindOthers(ctx.db, opId, faults.isMoved));
      if (typeof moved === 'number') {
        ctx.saveIncarnation(moved);
        faults.onMoved(opId);
        batchSize = PUSH_MAX_OPS;
        return null;
      }
      if (moved !== 'alone' || !faults.isLikely(opId)) return problem;
    }
    faults.onSetAside(opId);
    setAside(batch, problem);
    return null;
  };

  /** Takes one operation out of the queue so that the others go on; it stays visible with its reason. */
  const setAside = (batch: Batch, { code, detail }: SyncProblem) => {
    ctx.write(() =>
      ctx.db.transaction(() => {
        const entry = findWaiting(ctx.db, batch.incarnation, batch.first);
        if (entry) setOutboxRefused(ctx.db, entry.op.opId, 'rejected', `${code}:${detail}`, ctx.clock.now());
      }),
    );
    renumber();
    batchSize = PUSH_MAX_OPS;
  };

  const begin = (batch: Batch | null, signal: AbortSignal, isAhead = false): Flight | null => {
    if (!batch) return null;
    for (const opId of batch.opIds) sent.add(opId);
    const flight = { batch, reply: send(batch, signal), isAhead };
    // Nobody waits for the batch behind when the one before it ends the run.
    flight.reply.catch(() => undefined);
    flights.add(flight);
    return flight;
  };

  /**
   * Sends the batch behind a full one before that one is answered, so that the server reads and checks it while its database
   * writes the other. Only while everything goes well: batches that are being halved go one by one.
   */
  const beginAhead = (flight: Flight | null, signal: AbortSignal): Flight | null =>
    flight?.batch.isFull && batchSize === PUSH_MAX_OPS
      ? begin(nextBatch(ctx, flight.batch.last, batchSize), signal, true)
      : null;

  return {
    wasSent: (opId) => sent.has(opId),
    isSending: (s) => [...flights].some(({ batch }) => s >= batch.first && s <= batch.last),
    get batchSize() {
      return batchSize;
    },
    noteAnswer: faults.onOtherAnswer,
    push: async (signal) => {
      let retries = 0;
      let flight = begin(nextBatch(ctx, 0, batchSize), signal);
      let ahead = beginAhead(flight, signal);
      try {
        while (flight) {
          const { batch } = flight;
          const reply = await flight.reply;
          flights.delete(flight);
          if (signal.aborted) return null;
          if (reply.kind !== 'answer') {
            // Whatever becomes of the batch behind: its operations are sent again, and recognised if they arrived.
            if (ahead) flights.delete(ahead);
            ahead = null;
            // It overtook the batch before it on the way: nothing was applied, and by now its turn has come.
            const hasOvertaken = flight.isAhead && reply.kind === 'refused' && reply.code === 'SYNC_GAP';
            const problem = hasOvertaken ? null : onFailure(batch, reply);
            if (problem) return problem;
            if (++retries > MOST_RETRIES) return toProblem(reply);
            flight = begin(nextBatch(ctx, 0, batchSize), signal);
            continue;
          }
          if (!faults.onApplied(batch)) batchSize = Math.min(PUSH_MAX_OPS, batchSize * 2);
          // The next batches travel while the answers of this one are taken over.
          const following: Flight | null = ahead ?? begin(nextBatch(ctx, batch.last, batchSize), signal);
          ahead = beginAhead(following, signal);
          await takeOver(batch, reply.value, signal);
          if (signal.aborted) return null;
          if (
            listWaiting(ctx.db, 0, 1)[0]?.op.s === batch.first &&
            getIdentity(ctx.db).incarnation === batch.incarnation
          ) {
            return ownProblem('INTERNAL', 'no results for sent operations');
          }
          flight = following ?? begin(nextBatch(ctx, 0, batchSize), signal);
        }
        return null;
      } finally {
        flights.clear();
      }
    },
  };
}

/** The next operations after a number as a request body, at most `size` of them and 512 KiB. */
function nextBatch(ctx: SyncContext, after: number, size: number): Batch | null {
  const { incarnation, consoleId } = getIdentity(ctx.db);
  const taken: WaitingText[] = [];
  let bytes = 0;
  let isFull = false;
  for (const waiting of listWaitingTexts(ctx.db, after, size)) {
    const before = taken.at(-1);
    // Numbers are gapless on the wire; a hole can only follow an operation that was set aside.
    if (before && waiting.s !== before.s + 1) break;
    bytes += Buffer.byteLength(waiting.text, 'utf8') + 1;
    isFull = before !== undefined && bytes > PUSH_MAX_BYTES - 200;
    if (isFull) break;
    taken.push(waiting);
  }
  const first = taken[0];
  const last = taken.at(-1);
  if (!first || !last) return null;
  return {
    incarnation,
    first: first.s,
    last: last.s,
    ops: taken.length,
    opIds: taken.map(({ opId }) => opId),
    isFull: isFull || taken.length === PUSH_MAX_OPS,
    body: `{"console":"${consoleId}","incarnation":${incarnation},"ops":[${taken.map(({ text }) => text).join(',')}]}`,
  };
}
