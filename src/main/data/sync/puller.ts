import { z } from 'zod';
import { parseDigest } from '#shared/kernel/row-hash.ts';
import { PULL_MAX_ROWS, type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import { pullResponseSchema } from '#shared/sync/wire.ts';
import { DataError, toDataError } from '../errors.ts';
import { listScopes, type ScopeState, saveScope, unparkUnknown } from '../repositories/scope.repository.ts';
import { applyChange, type Change, rawRowSchema } from './apply-rows.ts';
import { ownProblem, toProblem } from './problems.ts';
import type { Reply } from './server-client.ts';
import { giveWay, type SyncContext, type SyncProblem } from './sync-context.ts';

/** Rows are checked one by one while they are applied, so that an unknown one can be parked. */
const rawPullSchema = pullResponseSchema.extend({ rows: z.array(rawRowSchema) });
type RawPull = z.infer<typeof rawPullSchema>;

/**
 * A transaction of pulled rows ends after this long, or after the first rows if they took longer; a caller lookup never waits longer
 * than one slice. Every commit writes the last pages of all indices again, so that very short ones triple the work.
 */
const SLICE_MS = 12;
const SLICE_LEAST = 50;
/** More deletes than this share of a scope in one answer wait for a person (a server gone wrong must not empty the cache). */
const MASS_DELETE_SHARE = 0.2;
const MASS_DELETE_MIN = 50;
/** A scope that differs from the server is pulled again from the start, at most this often: some differences stay (parked rows). */
const REPAIR_EVERY_MS = 60 * 60_000;

export interface Puller {
  /** Rows per request now; halved when answers take too long. */
  readonly pageSize: number;
  /**
   * Pulls until every scope is caught up. `between` runs after each page (waiting operations are pushed there:
   * a long first sync must not hold them back) and may end the pull with a problem.
   */
  pull(signal: AbortSignal, between: () => Promise<SyncProblem | null>): Promise<SyncProblem | null>;
}

export function createPuller(ctx: SyncContext, isBusy: () => boolean): Puller {
  let pageSize = 500;
  const repairedAt = new Map<string, number>();

  const repairDifferent = () => {
    for (const state of listScopes(ctx.bulk)) {
      const last = repairedAt.get(state.scope);
      // Held deletes explain a difference, and a person decides about them.
      if (state.parity !== 'different' || state.deletesHeld) continue;
      if (last !== undefined && ctx.elapsed() - last < REPAIR_EVERY_MS) continue;
      repairedAt.set(state.scope, ctx.elapsed());
      ctx.write(() =>
        ctx.bulk.transaction(() => {
          // They come again.
          unparkUnknown(ctx.bulk, state.scope);
          saveScope(ctx.bulk, { ...state, seq: 0 });
        }),
      );
    }
  };

  const fetchPage = (scopes: readonly Cursor[], signal: AbortSignal): Promise<Reply<RawPull>> => {
    const limit = Math.min(PULL_MAX_ROWS, isBusy() ? Math.min(200, pageSize) : pageSize);
    const cursors = scopes.map(({ scope, epoch, seq }) => ({ scope, epoch, seq }));
    return ctx.client.post(
      '/sync/pull',
      JSON.stringify({ cursors, limit }),
      rawPullSchema,
      ctx.timeouts.pullMs,
      signal,
    );
  };

  return {
    get pageSize() {
      return pageSize;
    },
    pull: async (signal, between) => {
      let scopes: readonly Cursor[] = listScopes(ctx.bulk);
      if (scopes.length === 0) return null;
      let next = fetchPage(scopes, signal);
      for (;;) {
        const reply = await next;
        if (signal.aborted) return null;
        if (reply.kind !== 'answer') {
          if (reply.kind === 'unreachable' && reply.because === 'timeout') pageSize = Math.max(50, pageSize >> 1);
          const problem = resetScope(ctx, reply);
          return problem;
        }
        const page = reply.value;
        const goesOn = page.more && page.cursors.length > 0;
        if (goesOn) {
          // The next page is fetched while this one is applied; if applying fails it is thrown away.
          scopes = mergeCursors(scopes, page.cursors);
          next = fetchPage(scopes, signal);
          next.catch(() => undefined);
        }
        const problem = (await applyPage(ctx, page, signal)) ?? (await between());
        if (problem || !goesOn || signal.aborted) {
          if (goesOn) await next;
          else if (!problem) repairDifferent();
          return problem;
        }
      }
    },
  };
}

type Cursor = Pick<ScopeState, 'scope' | 'epoch' | 'seq'>;

function mergeCursors(old: readonly Cursor[], fresh: readonly Cursor[]): readonly Cursor[] {
  const byScope = new Map(fresh.map((cursor) => [cursor.scope, cursor]));
  return old.map((cursor) => byScope.get(cursor.scope) ?? cursor);
}

/** A scope whose cursor the server no longer accepts starts again from the beginning; its rows stay until newer ones replace them. */
function resetScope(ctx: SyncContext, reply: Exclude<Reply<unknown>, { kind: 'answer' }>): SyncProblem {
  const problem = toProblem(reply);
  if (reply.kind !== 'refused') return problem;
  const data = z.object({ scope: z.string(), epoch: z.number().int().positive().optional() }).safeParse(reply.data);
  if (!data.success || (reply.code !== 'SCOPE_EPOCH_CHANGED' && reply.code !== 'SCOPE_TOO_OLD')) return problem;
  const state = listScopes(ctx.bulk).find((scope) => scope.scope === data.data.scope);
  if (!state) return problem;
  const epoch = data.data.epoch ?? state.epoch;
  restartScope(ctx, state, epoch, epoch !== state.epoch);
  return { ...problem, connection: 'offline', retryAfterMs: 0 };
}

/**
 * Restarts the cursor of a scope.
 * @param holdDeletes the server was restored or replaced: no delete is applied until a person agreed
 */
export function restartScope(ctx: SyncContext, state: ScopeState, epoch: number, holdDeletes: boolean): void {
  ctx.write(() =>
    ctx.bulk.transaction(() =>
      saveScope(ctx.bulk, {
        ...state,
        epoch,
        seq: 0,
        parity: 'unknown',
        deletesHeld: state.deletesHeld || holdDeletes,
      }),
    ),
  );
}

/** Changes of one scope out of an answer, in the order of their server numbers. */
function changesOf(page: RawPull, scope: string): readonly Change[] {
  const rows = page.rows
    .filter((raw) => raw.scope === scope)
    .map((raw): Change => ({ kind: 'row', seq: raw.seq, raw }));
  const gone = page.gone
    .filter((row) => row.scope === scope)
    .map((row): Change => ({ kind: 'gone', seq: row.seq, gone: row }));
  return [...rows, ...gone].sort((a, b) => a.seq - b.seq);
}

async function applyPage(ctx: SyncContext, page: RawPull, signal: AbortSignal): Promise<SyncProblem | null> {
  let problem: SyncProblem | null = null;
  const announced = new Set<SyncTable>();
  for (const cursor of page.cursors) {
    const known = listScopes(ctx.bulk).find((scope) => scope.scope === cursor.scope);
    // A cursor of another epoch belongs to another history of the server.
    if (!known || known.epoch !== cursor.epoch) continue;
    const changes = changesOf(page, cursor.scope);
    const deletes = changes.filter((change) => change.kind === 'gone').length;
    const isMassDelete = deletes > Math.max(MASS_DELETE_MIN, known.count * MASS_DELETE_SHARE);
    const start = isMassDelete ? { ...known, deletesHeld: true } : known;
    const applied = await applyChanges(ctx, start, changes, signal);
    if (signal.aborted) return null;
    if (applied.error) problem = applied.error;
    else finishScope(ctx, cursor, page);
    if (changes.length > 0) announced.add(tableOfScope(cursor.scope));
  }
  ctx.announce([...announced, 'sync']);
  return problem;
}

/**
 * Applies changes in short transactions; rows and cursor commit together. A row that fails stops the cursor of this scope right
 * before it, and this scope only.
 */
async function applyChanges(
  ctx: SyncContext,
  start: ScopeState,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<{ readonly error: SyncProblem | null }> {
  let done = 0;
  let mostRows = Number.POSITIVE_INFINITY;
  while (done < changes.length && !signal.aborted) {
    const from = done;
    try {
      done += ctx.write(() => applySlice(ctx, start, changes, from, mostRows));
    } catch (error) {
      const known = toDataError(error);
      const isStorage = known instanceof DataError;
      if (isStorage || mostRows === 1) {
        const code = isStorage ? known.code : 'INTERNAL';
        const detail = known instanceof Error ? known.message : 'row does not apply';
        return { error: ownProblem(code, `${start.scope}: ${detail}`) };
      }
      mostRows = 1;
    }
    await giveWay();
  }
  return { error: null };
}

function applySlice(
  ctx: SyncContext,
  start: ScopeState,
  changes: readonly Change[],
  from: number,
  mostRows: number,
): number {
  const now = ctx.clock.now();
  return ctx.bulk.transaction(() => {
    const state = listScopes(ctx.bulk).find((scope) => scope.id === start.id);
    if (!state) return changes.length;
    let scope: ScopeState = { ...state, deletesHeld: state.deletesHeld || start.deletesHeld };
    const begun = ctx.elapsed();
    let index = from;
    while (
      index < changes.length &&
      index - from < mostRows &&
      (index - from < SLICE_LEAST || ctx.elapsed() - begun < SLICE_MS)
    ) {
      const change = changes[index];
      if (change) scope = applyChange(ctx.bulk, scope, change, ctx.actor, now);
      index++;
    }
    // Inside an answer the cursor stands at the last applied change: everything before it is in this answer or older.
    saveScope(ctx.bulk, { ...scope, seq: Math.max(state.seq, scope.seq) });
    return index - from;
  });
}

/** Moves the cursor to the end of the answer and compares count and digest when the scope is caught up. */
function finishScope(ctx: SyncContext, cursor: Cursor, page: RawPull): void {
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      const state = listScopes(ctx.bulk).find((scope) => scope.scope === cursor.scope);
      if (!state) return;
      const proof = page.parity.find((entry) => entry.scope === cursor.scope);
      const parity = proof ? compareParity(state, proof) : state.parity;
      if (state.seq === cursor.seq && state.parity === parity) return;
      saveScope(ctx.bulk, { ...state, seq: cursor.seq, parity });
    }),
  );
}

function compareParity(state: ScopeState, proof: { count: number; digest: string }): ScopeState['parity'] {
  if (!/^[0-9a-f]{16}$/.test(proof.digest)) return 'unknown';
  const digest = parseDigest(proof.digest);
  const equal = state.count === proof.count && state.digest.hi === digest.hi && state.digest.lo === digest.lo;
  return equal ? 'equal' : 'different';
}
