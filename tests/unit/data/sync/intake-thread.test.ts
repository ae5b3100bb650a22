import { expect, test } from 'vitest';
import { DataError } from '#main/data/errors.ts';
import type { ScopeState } from '#main/data/repositories/scope.repository.ts';
import type { ApplyFailure } from '#main/data/sync/apply-slices.ts';
import type { ApplyThread } from '#main/data/sync/intake/apply-thread.ts';
import { createRowIntake } from '#main/data/sync/intake/intake-thread.ts';
import type { SyncContext } from '#main/data/sync/sync-context.ts';

const SCOPE = '320100:12345';
const BODY = new Uint8Array(200_000);
const START = { scope: SCOPE, seq: 0 } as ScopeState;
const FULL: ApplyFailure = { code: 'DISK_FULL', detail: 'no space left on device' };

/** A thread that has read a page of one row and answers so to being told to apply it. */
function threadThatAnswers(...answers: (ApplyFailure | 'ended' | null)[]) {
  const asked: string[] = [];
  const ask = async ({ kind }: { readonly kind: string }) => {
    asked.push(kind);
    if (kind === 'apply') return answers.shift();
    return { head: { cursors: [], more: false, parity: [] }, changes: new Map([[SCOPE, { length: 1, removed: [] }]]) };
  };
  return { asked, thread: { isUsable: true, isRunning: true, ask, close: async () => {} } as unknown as ApplyThread };
}

async function applied(answers: (ApplyFailure | 'ended' | null)[], write: SyncContext['write']) {
  const { asked, thread } = threadThatAnswers(...answers);
  const ctx = { bulk: { get: () => undefined }, actor: {}, clock: { now: () => 0 }, write } as unknown as SyncContext;
  const page = await createRowIntake(ctx, thread).readPage(BODY);
  if (typeof page === 'string') throw new Error(page);
  const problem = await page.changesOf(SCOPE).apply(START, new AbortController().signal);
  return { problem, applies: asked.filter((kind) => kind === 'apply').length };
}

/** As the guard of storage does while it still has something to give up. */
const givesWay: SyncContext['write'] = (work) => {
  try {
    return work();
  } catch {
    return work();
  }
};

test('a disk that is full in the thread: the guard hears of it, makes room, and the rows are applied after all', async () => {
  expect(await applied([FULL, null], givesWay)).toEqual({ problem: null, applies: 2 });
});

test('a disk without anything to give up: the sync says so, once', async () => {
  let heard: unknown;
  const refuses: SyncContext['write'] = (work) => {
    try {
      return work();
    } catch (error) {
      heard = error;
      throw error;
    }
  };
  const { problem, applies } = await applied([FULL], refuses);
  expect(problem).toMatchObject({ code: 'DISK_FULL', connection: 'refused' });
  expect(applies).toBe(1);
  expect(heard).toEqual(new DataError('DISK_FULL', FULL.detail));
});

test('a thread that ended: the sync goes on at once from where the cursor stands', async () => {
  const { problem } = await applied(['ended'], (work) => work());
  expect(problem).toMatchObject({ connection: 'offline', retryAfterMs: 0 });
});
