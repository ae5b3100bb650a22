import { z } from 'zod';
import { parseDigest } from '#shared/kernel/row-hash.ts';
import { PULL_MAX_ROWS, type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { hasEarlyCitizens } from '../repositories/early-citizen.repository.ts';
import { hasParked, listScopes, type ScopeState, saveScope, unpark } from '../repositories/scope.repository.ts';
import { dropEarlyCitizens } from '../services/early-citizen.service.ts';
import { adoptConfirmed } from './adopt-confirmed.ts';
import type { PulledPage, RowIntake } from './intake/row-intake.ts';
import { toProblem } from './problems.ts';
import { countKnown, isMassDelete, sweepScope } from './remove-rows.ts';
import type { Reply } from './server-client.ts';
import { giveWay, type SyncContext, type SyncProblem } from './sync-context.ts';

/** Rows per request while somebody works at the seat: short answers, short slices of applying them. */
const BUSY_PAGE = 200;
/** After an answer that came in time the next one may be longer by this factor. Halved at once, grown slowly: a timeout costs a minute. */
const GROWTH = 1.25;
/** A scope that differs from the server is pulled again from the start, at most this often: some differences stay (parked rows). */
const REPAIR_EVERY_MS = 60 * 60_000;

/** Records that were fetched ahead of the pull and are looked at in one transaction. */
const EARLY_SLICE = 10;

export interface Puller {
  /** Rows per request now: halved when an answer takes or is too long, a little more after every answer that came. */
  readonly pageSize: number;
  /**
   * Pulls until every scope is caught up. `between` runs after each page (waiting operations are pushed there:
   * a long first sync must not hold them back) and may end the pull with a problem. `deletes`: how many rows each scope lost
   * on the way here, by segments; raised.
   */
  pull(
    signal: AbortSignal,
    between: () => Promise<SyncProblem | null>,
    deletes: Map<string, number>,
  ): Promise<SyncProblem | null>;
}

export function createPuller(ctx: SyncContext, intake: RowIntake, isBusy: () => boolean): Puller {
  let pageSize = PULL_MAX_ROWS;
  const repairedAt = new Map<string, number>();
  /** Scopes whose unfinished pull from the start has taken the server past what it remembers of removals. */
  const anew = new Set<string>();

  const repairDifferent = () => {
    for (const state of listScopes(ctx.bulk)) {
      const last = repairedAt.get(state.scope);
      // Held deletes explain a difference, and a person decides about them.
      if (state.parity !== 'different' || state.held !== null) continue;
      if (last !== undefined && ctx.elapsed() - last < REPAIR_EVERY_MS) continue;
      repairedAt.set(state.scope, ctx.elapsed());
      // A row that is missing after that was taken away without a word: a server that came back from a backup, most likely.
      restart(ctx, { ...state, held: 'server-restored' });
    }
  };

  const nextLimit = () => (isBusy() ? Math.min(BUSY_PAGE, pageSize) : pageSize);

  const fetchPage = (scopes: readonly Cursor[], signal: AbortSignal): Page => {
    const limit = nextLimit();
    const cursors = scopes.map(({ scope, epoch, seq }) => ({
      scope,
      epoch,
      seq,
      ...(anew.has(scope) ? { anew: true as const } : {}),
    }));
    const body = JSON.stringify({ cursors, limit });
    return { limit, reply: fetchRead(body, signal) };
  };

  const fetchRead = async (body: string, signal: AbortSignal): Promise<Reply<PulledPage>> => {
    const reply = await ctx.client.postUnread('/sync/pull', body, ctx.timeouts.pullMs, signal);
    if (reply.kind !== 'answer') return reply;
    const page = await intake.readPage(reply.value);
    if (typeof page !== 'string') return { kind: 'answer', value: page };
    return { kind: 'unreachable', detail: page, because: 'no-answer', retryAfterMs: null };
  };

  return {
    get pageSize() {
      return pageSize;
    },
    pull: async (signal, between, deletes) => {
      let scopes: readonly Cursor[] = listScopes(ctx.bulk).filter(({ isGranted }) => isGranted);
      if (scopes.length === 0) return null;
      let page = fetchPage(scopes, signal);
      for (;;) {
        const { limit } = page;
        const reply = await page.reply;
        if (signal.aborted) return null;
        if (reply.kind !== 'answer') {
          const isTooMuch = reply.kind === 'unreachable' && SHRINK_AFTER.includes(reply.because);
          if (isTooMuch) pageSize = Math.max(1, limit >> 1);
          // It came, only too long: a shorter one can be had at once.
          if (reply.kind === 'unreachable' && reply.because === 'answer-too-long' && limit > 1) {
            page = fetchPage(scopes, signal);
            continue;
          }
          return resetScope(ctx, reply, anew);
        }
        if (limit === pageSize) pageSize = Math.min(PULL_MAX_ROWS, Math.ceil(pageSize * GROWTH));
        const { value } = reply;
        const goesOn = value.more && value.cursors.length > 0;
        if (goesOn) {
          // The next page is fetched while this one is applied; if applying fails it is thrown away.
          scopes = mergeCursors(scopes, value.cursors);
          page = fetchPage(scopes, signal);
          page.reply.catch(() => undefined);
        }
        const problem = (await applyPage(ctx, value, deletes, signal)) ?? (await between());
        for (const { scope } of value.parity) anew.delete(scope);
        if (problem || !goesOn || signal.aborted) {
          if (goesOn) await page.reply;
          else if (!problem) repairDifferent();
          return problem;
        }
      }
    },
  };
}

interface Page {
  readonly limit: number;
  readonly reply: Promise<Reply<PulledPage>>;
}

const SHRINK_AFTER: readonly string[] = ['timeout', 'answer-too-long'];

type Cursor = Pick<ScopeState, 'scope' | 'epoch' | 'seq'>;

function mergeCursors(old: readonly Cursor[], fresh: readonly Cursor[]): readonly Cursor[] {
  const byScope = new Map(fresh.map((cursor) => [cursor.scope, cursor]));
  return old.map((cursor) => byScope.get(cursor.scope) ?? cursor);
}

const resetSchema = z.object({
  scope: z.string(),
  epoch: z.number().int().positive().optional(),
  seq: z.number().int().nonnegative().optional(),
});

/**
 * A scope whose cursor the server no longer accepts starts again from the beginning; its rows stay until newer ones replace them. One that is
 * on its way from the start goes on and says so: it knows of no row that was removed before, and would never arrive otherwise.
 */
function resetScope(
  ctx: SyncContext,
  reply: Exclude<Reply<unknown>, { kind: 'answer' }>,
  anew: Set<string>,
): SyncProblem {
  const problem = toProblem(reply);
  if (reply.kind !== 'refused') return problem;
  const data = resetSchema.safeParse(reply.data);
  if (!data.success || (reply.code !== 'SCOPE_EPOCH_CHANGED' && reply.code !== 'SCOPE_TOO_OLD')) return problem;
  const state = listScopes(ctx.bulk).find((scope) => scope.scope === data.data.scope);
  if (!state) return problem;
  const { epoch = state.epoch, seq = 0 } = data.data;
  const isUnderWay = state.parity === 'unknown' || state.swept < state.round;
  if (reply.code === 'SCOPE_TOO_OLD' && isUnderWay && seq >= state.seq && !anew.has(state.scope)) {
    anew.add(state.scope);
    return { ...problem, connection: 'offline', retryAfterMs: 0 };
  }
  anew.delete(state.scope);
  // Too long ago for what is kept about removed rows is no reason to distrust the server; a server behind this console is.
  restartScope(ctx, state, epoch, epoch !== state.epoch || seq < state.seq);
  return { ...problem, connection: 'offline', retryAfterMs: 0 };
}

/**
 * Restarts the cursor of a scope.
 * @param holdDeletes the server was restored or replaced: no delete is applied until a person agreed
 */
export function restartScope(ctx: SyncContext, state: ScopeState, epoch: number, holdDeletes: boolean): void {
  restart(ctx, { ...state, epoch, parity: 'unknown', held: holdDeletes ? 'server-restored' : state.held });
}

/** Pulls a scope again from the start; rows that do not come again are found when it is caught up. */
function restart(ctx: SyncContext, state: ScopeState): void {
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      unpark(ctx.bulk, state.scope);
      const next = { ...state, seq: 0, round: state.round + 1 };
      saveScope(ctx.bulk, state.held === 'server-restored' ? adoptConfirmed(ctx.bulk, next) : next);
    }),
  );
}

/** @param deletes how many rows each scope lost in this pull so far */
async function applyPage(
  ctx: SyncContext,
  page: PulledPage,
  deletes: Map<string, number>,
  signal: AbortSignal,
): Promise<SyncProblem | null> {
  let problem: SyncProblem | null = null;
  const announced = new Set<SyncTable>();
  for (const cursor of page.cursors) {
    const known = listScopes(ctx.bulk).find((scope) => scope.scope === cursor.scope);
    // A cursor of another epoch belongs to another history of the server.
    if (!known || known.epoch !== cursor.epoch) continue;
    const changes = page.changesOf(cursor.scope);
    const gone = (deletes.get(cursor.scope) ?? 0) + countKnown(ctx.bulk, known, changes.removed);
    deletes.set(cursor.scope, gone);
    const held = known.held ?? (isMassDelete(gone, known) ? 'mass-delete' : null);
    const failed = await changes.apply({ ...known, held }, signal);
    if (signal.aborted) return null;
    if (failed) problem = failed;
    else await finishScope(ctx, cursor, page, signal);
    if (signal.aborted) return null;
    if (changes.length > 0) announced.add(tableOfScope(cursor.scope));
  }
  // A document may be the form of a call that was passed on to this seat.
  ctx.announce([...announced, ...(announced.has('records') ? (['drafts'] as const) : []), 'sync']);
  return problem;
}

/** Moves the cursor to the end of the answer; a scope that is caught up is swept and its count and digest compared. */
async function finishScope(ctx: SyncContext, cursor: Cursor, page: PulledPage, signal: AbortSignal): Promise<void> {
  const find = () => listScopes(ctx.bulk).find((scope) => scope.scope === cursor.scope);
  const proof = page.parity.find((entry) => entry.scope === cursor.scope);
  const before = find();
  if (proof && before) await sweepScope(ctx, before.id, signal);
  if (signal.aborted) return;
  ctx.write(() =>
    ctx.bulk.transaction(() => {
      const state = find();
      if (!state) return;
      const parity = proof ? compareParity(ctx.bulk, state, proof) : state.parity;
      if (state.seq === cursor.seq && state.parity === parity) return;
      saveScope(ctx.bulk, { ...state, seq: cursor.seq, parity });
    }),
  );
  if (proof && tableOfScope(cursor.scope) === 'citizens' && hasEarlyCitizens(ctx.bulk)) await dropEarly(ctx, signal);
}

/** Lets go of records of callers that were fetched ahead of the pull and did not come with it, in short transactions. */
export async function dropEarly(ctx: SyncContext, signal: AbortSignal): Promise<void> {
  const drop = () => ctx.write(() => ctx.bulk.transaction(() => dropEarlyCitizens(ctx.bulk, EARLY_SLICE)));
  while (!signal.aborted && drop() > 0) await giveWay();
}

function compareParity(
  db: ReadableDb,
  state: ScopeState,
  proof: { count: number; digest: string },
): ScopeState['parity'] {
  if (!/^[0-9a-f]{16}$/.test(proof.digest)) return 'unknown';
  // What was kept unread is not here, whatever was counted for it: of an own row that the server had only confirmed the version is known.
  if (hasParked(db, state.scope)) return 'different';
  const digest = parseDigest(proof.digest);
  const equal = state.count === proof.count && state.digest.hi === digest.hi && state.digest.lo === digest.lo;
  return equal ? 'equal' : 'different';
}
