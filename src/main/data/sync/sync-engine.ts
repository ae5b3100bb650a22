import type { HeldDecision, SyncStatus } from '#shared/contract/sync.contract.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { toDataError } from '../errors.ts';
import { countHeld, countMissingWork } from '../repositories/held-delete.repository.ts';
import { countOutbox } from '../repositories/outbox.repository.ts';
import { countHere } from '../repositories/row-standing.repository.ts';
import { countCached, listScopes, type ScopeState } from '../repositories/scope.repository.ts';
import { areMonthsWhole } from '../services/arrival.ts';
import { findCoverage } from '../services/cache-policy.service.ts';
import { pushCarried, registerKey } from './carried-push.ts';
import { refreshDirectory } from './directory.ts';
import { decideHeld } from './held-decision.ts';
import type { ApplyThread } from './intake/apply-thread.ts';
import { createRowIntake } from './intake/intake-thread.ts';
import { createKeptTeams } from './kept-teams.ts';
import { leaveMonths } from './months.ts';
import { createPokeListener } from './poke-listener.ts';
import { ownProblem, problemOf } from './problems.ts';
import { createPuller } from './puller.ts';
import { createPusher } from './pusher.ts';
import { createSeenTickets } from './seen-tickets.ts';
import { createSegmentSync } from './segments/segment-sync.ts';
import { type ServerScopes, startSession } from './start-session.ts';
import type { SyncContext, SyncProblem } from './sync-context.ts';

/** The session with the server is renewed this often: scopes granted meanwhile arrive with it. */
const HELLO_EVERY_MS = 10 * 60_000;
const POLL_MS = 30_000;
const POLL_JITTER_MS = 10_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** Nobody answered for so long: an outage, which others had too. */
const OUTAGE_MS = 10_000;
/** A refusal that only a person can change is tried again rarely. */
const REFUSED_RETRY_MS = 60_000;

export interface SyncEngine {
  start(): void;
  /** Ends the running request and waits until nothing of the sync runs any more. */
  stop(): Promise<void>;
  /** Something was queued: send it now, unless the server is known to be away. */
  queued(): void;
  /** Tries now. */
  retryNow(): void;
  /** Greets the server anew: what this console holds was chosen differently, or there is a scope it does not know. */
  renew(): void;
  status(): SyncStatus;
  isOnline(): boolean;
  /** Online, or kept from it by something else than the network: a full disk, a refusal. */
  isServerThere(): boolean;
  /** True while the outbox is sent or page after page is pulled; work that can wait should. */
  isCatchingUp(): boolean;
  isSending(s: number): boolean;
  /** Does what a person decided about rows the server no longer has. @returns how many */
  decideHeld(decision: HeldDecision): Promise<number>;
  /** See {@link Pusher}. */
  wasSent(opId: string): boolean;
}

export interface EngineOptions {
  /** Where many pulled rows are applied; without one they are applied in this thread, a slice at a time. */
  readonly thread?: ApplyThread | null;
  /** Storage refuses writes: pulled rows must not use up what is kept for the agent's work. */
  readonly isStorageFull: () => boolean;
  /** The key this console signs carried work with; the server is told once a session. */
  readonly publicKey: string;
  /** True while somebody works at the seat: smaller pages. */
  readonly isBusy: () => boolean;
  /** Called when the server says that this account may no longer be used. */
  readonly onDisabled: () => void;
  /** Told of every failure on this side (storage, programming). */
  readonly onError: (error: unknown) => void;
}

/** Runs the sync of one unlocked profile: push before pull, back off after failures, wake up for queued work and pokes. */
export function createSyncEngine(ctx: SyncContext, options: EngineOptions): SyncEngine {
  const pusher = createPusher(ctx);
  const intake = createRowIntake(ctx, options.thread ?? null);
  const puller = createPuller(ctx, intake, options.isBusy);
  const segments = createSegmentSync(ctx, intake);
  const seen = createSeenTickets(ctx);
  const teams = createKeptTeams(ctx);
  const stopper = new AbortController();
  const { signal } = stopper;
  let running: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let wanted = false;
  let failures = 0;
  let helloAt: number | null = null;
  let totalRows: number | null = null;
  /** Where the server stood at the last greeting, until segments have brought what they could. */
  let told: ServerScopes = [];
  /** Rows that each scope lost by segments; the pull that follows goes on counting. */
  let deletes = new Map<string, number>();
  let caughtUp = false;
  let isKeyKnown = false;
  /** Since the last greeting months outside of the policy may have to be left. */
  let isLeaving = false;
  let pulling = false;
  let pushing = false;
  let nextTryAt: number | null = null;
  let connection: SyncStatus['connection'] = 'never-tried';
  let problem: SyncProblem | null = null;
  let lastSuccessAt: number | null = null;
  /** When nobody answered first, monotonic; null while somebody does. */
  let awaySince: number | null = null;

  const tellKey = async () => {
    if (!isKeyKnown) isKeyKnown = await registerKey(ctx, options.publicKey, signal);
  };

  const pushAll = async (): Promise<SyncProblem | null> => {
    pushing = true;
    try {
      return await pusher.push(signal);
    } finally {
      pushing = false;
    }
  };

  /** This console is too old to be given rows: everything is handed in, nothing pulled. */
  const handInOnly = async (problem: SyncProblem): Promise<SyncProblem> => {
    pusher.noteAnswer();
    void tellKey().catch(options.onError);
    await waitAfterOutage();
    const pushProblem = await pushAll();
    if (!pushProblem && !signal.aborted) await pushCarried(ctx, signal);
    return pushProblem ?? problem;
  };

  const cycle = async (): Promise<SyncProblem | null> => {
    if (options.isStorageFull()) return ownProblem('DISK_FULL', 'the disk is full');
    if (helloAt === null || ctx.clock.now() - helloAt > HELLO_EVERY_MS) {
      const started = await startSession(ctx, signal);
      if (signal.aborted) return null;
      if (started.problem) return started.takesPushes ? await handInOnly(started.problem) : started.problem;
      totalRows = started.rows;
      told = started.scopes;
      await teams.adopt(signal);
      if (signal.aborted) return null;
      if (started.isDoubtful) seen.expire();
      isLeaving = true;
      helloAt = ctx.clock.now();
      pusher.noteAnswer();
      void refreshDirectory(ctx, signal).catch(options.onError);
      void tellKey().catch(options.onError);
      await waitAfterOutage();
      if (signal.aborted) return null;
    }
    let pushProblem = await pushAll();
    // Downloads never wait for uploads: only when nobody answers is there nothing to pull from either.
    if (signal.aborted || (pushProblem && pushProblem.connection === 'offline' && !isServerFault(pushProblem))) {
      return pushProblem;
    }
    await pushCarried(ctx, signal);
    if (signal.aborted) return null;
    const between = async (): Promise<SyncProblem | null> => {
      pulling = true;
      if (!pushProblem) markSuccess();
      if (options.isStorageFull()) return ownProblem('DISK_FULL', 'the disk is full');
      if (pushProblem || countOutbox(ctx.db).waiting === 0) return null;
      pushProblem = await pushAll();
      return null;
    };
    const pullAll = async (): Promise<SyncProblem | null> => {
      // What a first sync brings is looked for and learnt from after it; later rounds mostly bring nothing.
      pulling = !caughtUp;
      const early = await segments.run(told, { signal, between, deletes });
      if (early) return early;
      told = [];
      const lost = deletes;
      deletes = new Map();
      return puller.pull(signal, between, lost);
    };
    const pullProblem = await pullAll().finally(() => {
      pulling = false;
    });
    if (!pullProblem && !signal.aborted) {
      caughtUp = true;
      if (isLeaving) {
        // After everything that somebody waits for.
        markSuccess();
        await leaveMonths(ctx, signal);
        await seen.refresh(signal);
        // What is queued, or has come, goes first; this goes on after it.
        isLeaving = !(await teams.leave(signal, () => wanted || countOutbox(ctx.db).waiting > 0));
        if (isLeaving) wanted = true;
      }
    }
    return pushProblem ?? pullProblem;
  };

  /** The whole centre comes back at the same moment: everybody waits a little by chance. Somebody who works or asks for it goes at once. */
  const waitAfterOutage = async () => {
    const away = awaySince === null ? 0 : ctx.elapsed() - awaySince;
    awaySince = null;
    if (away < OUTAGE_MS || ctx.reconnectSpreadMs === 0) return;
    const wait = Math.round(ctx.random() * ctx.reconnectSpreadMs);
    nextTryAt = ctx.clock.now() + wait;
    markSuccess();
    await sleep(wait);
    wanted = false;
    nextTryAt = null;
  };

  const markSuccess = () => {
    connection = 'online';
    problem = null;
    lastSuccessAt = ctx.clock.now();
    ctx.announce(['sync']);
  };

  const safeCycle = async (): Promise<SyncProblem | null> => {
    try {
      return await cycle();
    } catch (error) {
      const known = toDataError(error);
      options.onError(known);
      return problemOf(known);
    }
  };

  const delayAfter = (failed: SyncProblem | null): number => {
    if (!failed) return POLL_MS + (ctx.random() * 2 - 1) * POLL_JITTER_MS;
    const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(10, failures - 1));
    const jittered = backoff * (0.5 + ctx.random() / 2);
    // A wish to be tried at once is granted a few times only, or two sides that disagree would never rest.
    if (failed.retryAfterMs !== null)
      return failures > 3 ? Math.max(jittered, failed.retryAfterMs) : failed.retryAfterMs;
    if (failed.connection === 'refused') return REFUSED_RETRY_MS * (0.75 + ctx.random() / 2);
    return jittered;
  };

  /** A month that is not held is nothing to be pulled; one nobody has heard of is asked about. */
  const poked = (scope: string | null) => {
    const known = scope === null ? undefined : listScopes(ctx.db).find((each) => each.scope === scope);
    const month = scope === null ? null : parseTicketScope(scope)?.month;
    const from = findCoverage(ctx.db)?.from;
    if (!known && month && from !== undefined) {
      if (month >= from) engine.renew();
    } else if (known?.isGranted !== false) engine.retryNow();
  };

  const listen = createPokeListener({
    client: ctx.client,
    signal,
    elapsed: ctx.elapsed,
    onPoke: poked,
    onEnd: () => engine.retryNow(),
  });

  const loop = async () => {
    while (!signal.aborted) {
      wanted = false;
      nextTryAt = null;
      const failed = await safeCycle();
      if (signal.aborted) return;
      if (failed) {
        failures++;
        problem = failed;
        connection = failed.connection;
        helloAt = null;
        if (failed.connection === 'offline') awaySince ??= ctx.elapsed();
        if (failed.code === 'ACCOUNT_DISABLED') options.onDisabled();
      } else {
        failures = 0;
        awaySince = null;
        markSuccess();
        listen();
      }
      const delay = Math.round(delayAfter(failed));
      nextTryAt = ctx.clock.now() + delay;
      ctx.announce(['sync']);
      await sleep(delay);
    }
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (wanted || signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wake = null;
        resolve();
      }
      wake = done;
      signal.addEventListener('abort', done, { once: true });
    });

  const engine: SyncEngine = {
    start: () => {
      running ??= loop();
    },
    stop: async () => {
      stopper.abort();
      wake?.();
      await running;
    },
    queued: () => {
      // While nobody answers, the next scheduled try takes it along; every keystroke of work must not become a request.
      if (connection === 'offline') return;
      engine.retryNow();
    },
    retryNow: () => {
      wanted = true;
      wake?.();
    },
    renew: () => {
      helloAt = null;
      engine.retryNow();
    },
    isOnline: () => connection === 'online',
    isServerThere: () => connection === 'online' || connection === 'refused',
    isCatchingUp: () => pulling || pushing,
    isSending: (s) => pusher.isSending(s),
    decideHeld: async (decision) => {
      const rows = await decideHeld(ctx, decision, signal);
      engine.retryNow();
      return rows;
    },
    wasSent: (opId) => pusher.wasSent(opId),
    status: () => {
      const cached = countCached(ctx.db);
      const held = cached.tickets + cached.citizens;
      const scopes = listScopes(ctx.db).filter(({ isGranted, held: reason }) => isGranted || reason !== null);
      const catchingUp = connection === 'online' && !caughtUp && totalRows !== null && held < totalRows;
      return {
        connection,
        problem: problem ? { code: problem.code, detail: problem.detail } : null,
        lastSuccessAt,
        nextTryAt,
        outbox: countOutbox(ctx.db),
        progress: catchingUp && totalRows !== null ? { done: held, total: totalRows } : null,
        cached: countHere(ctx.db),
        isWhole: areMonthsWhole(scopes),
        // Proved in this session, not remembered from the last one.
        parity: caughtUp ? parityOf(scopes.map((scope) => scope.parity)) : 'unknown',
        held: summarizeHeld(ctx.db, scopes),
      };
    },
  };
  return engine;
}

function summarizeHeld(db: ReadableDb, scopes: readonly ScopeState[]): SyncStatus['held'] {
  const counts = countHeld(db);
  const missing = countMissingWork(db);
  if (Object.values({ ...counts, ...missing }).every((count) => count === 0)) return null;
  const isRestored = missing.ownNotes > 0 || scopes.some(({ held }) => held === 'server-restored');
  return { because: isRestored ? 'server-restored' : 'mass-delete', ...counts, ...missing };
}

function isServerFault(problem: SyncProblem): boolean {
  return problem.code === 'INTERNAL';
}

function parityOf(scopes: readonly SyncStatus['parity'][]): SyncStatus['parity'] {
  if (scopes.includes('different')) return 'different';
  return scopes.length > 0 && scopes.every((parity) => parity === 'equal') ? 'equal' : 'unknown';
}
