import type { ErrorCode } from '#shared/contract/error-codes.ts';
import { DataError } from '../../errors.ts';
import { findScope, type ScopeState } from '../../repositories/scope.repository.ts';
import type { ApplyFailure } from '../apply-slices.ts';
import { ownProblem } from '../problems.ts';
import type { SyncContext, SyncProblem } from '../sync-context.ts';
import type { ApplyThread } from './apply-thread.ts';
import { type ChangeSet, createIntakeHere, NO_CHANGES, type RowIntake } from './row-intake.ts';
import type { ChangesHead } from './thread-messages.ts';

/** Bytes of an answer for which the thread is started, and for which one that runs is asked: less is applied sooner than said. */
const WORTH_STARTING = 128 * 1024;
const WORTH_ASKING = 8 * 1024;

/** The thread ended in the middle of something: what it held is asked for again. */
const ENDED: SyncProblem = {
  code: 'INTERNAL',
  detail: 'the thread that applies rows ended',
  connection: 'offline',
  retryAfterMs: 0,
};

/** In the thread where that is worth it and possible, else here. */
export function createRowIntake(ctx: SyncContext, thread: ApplyThread | null): RowIntake {
  const here = createIntakeHere(ctx);
  return thread ? inThread(ctx, thread, here) : here;
}

function inThread(ctx: SyncContext, thread: ApplyThread, here: RowIntake): RowIntake {
  let contents = 0;
  const isWorthIt = (bytes: number) => thread.isUsable && bytes >= (thread.isRunning ? WORTH_ASKING : WORTH_STARTING);

  const applyOnce = (content: number, start: ScopeState, signal: AbortSignal) => {
    const actor = { ...ctx.actor };
    return thread.ask({ kind: 'apply', content, start, actor, now: ctx.clock.now() }, { signal });
  };
  const toSet = (content: number, { length, removed }: ChangesHead): ChangeSet => ({
    length,
    removed,
    apply: async (start, signal) => {
      let failure = await applyOnce(content, start, signal);
      if (failure !== null && failure !== 'ended' && makesRoom(ctx, failure)) {
        const seq = findScope(ctx.bulk, start.id)?.seq ?? start.seq;
        failure = await applyOnce(content, { ...start, seq }, signal);
      }
      if (failure === 'ended') return signal.aborted ? null : ENDED;
      return failure && ownProblem(failure.code, failure.detail);
    },
  });

  return {
    readPage: async (body) => {
      if (!isWorthIt(body.length)) return here.readPage(body);
      const content = ++contents;
      const page = await thread.ask({ kind: 'page', content, body }, { transfer: ownBuffer(body) });
      if (page === 'ended') return 'CUT_OFF';
      if (typeof page === 'string') return page;
      return {
        ...page.head,
        changesOf: (scope) => {
          const changes = page.changes.get(scope);
          return changes ? toSet(content, changes) : NO_CHANGES;
        },
      };
    },
    readSegment: async (bytes, packing, entry) => {
      if (!isWorthIt(entry.size)) return here.readSegment(bytes, packing, entry);
      const content = ++contents;
      const head = await thread.ask(
        { kind: 'segment', content, bytes, packing, entry },
        { transfer: ownBuffer(bytes) },
      );
      return head === 'ended' || head === null ? null : toSet(content, head);
    },
  };
}

/** Bytes that share their memory with others are copied instead. */
function ownBuffer({ buffer, byteLength }: Uint8Array<ArrayBuffer>): readonly ArrayBuffer[] {
  return buffer.byteLength === byteLength ? [buffer] : [];
}

/** Tells the guard of storage what happened in the thread. @returns true when it made room and the work can be tried again */
function makesRoom(ctx: SyncContext, { code, detail }: ApplyFailure): boolean {
  let isTold = false;
  try {
    ctx.write(() => {
      if (isTold) return;
      isTold = true;
      throw new DataError(code as ErrorCode, detail);
    });
    return true;
  } catch {
    return false;
  }
}
