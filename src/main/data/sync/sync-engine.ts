import type { SyncStatus } from '#shared/contract/data.contract.ts';
import { SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { type HelloResponse, helloResponseSchema } from '#shared/sync/wire.ts';
import { toDataError } from '../errors.ts';
import { findSession, getIdentity, saveServerId } from '../repositories/identity.repository.ts';
import { countOutbox } from '../repositories/outbox.repository.ts';
import { countCached, insertScope, listScopes } from '../repositories/scope.repository.ts';
import { fitsNumbering, startIncarnation } from '../services/numbering.service.ts';
import { listenForPokes } from './pokes.ts';
import { ownProblem, toProblem } from './problems.ts';
import { createPuller, restartScope } from './puller.ts';
import { createPusher } from './pusher.ts';
import type { SyncContext, SyncProblem } from './sync-context.ts';

/** The session with the server is renewed this often: scopes granted meanwhile arrive with it. */
const HELLO_EVERY_MS = 10 * 60_000;
const POLL_MS = 30_000;
const POLL_JITTER_MS = 10_000;
/** A stream of pokes that ends sooner did not work here (a proxy forbids it); polling goes on alone. */
const STREAM_WORKED_MS = 1_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
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
  status(): SyncStatus;
  isOnline(): boolean;
  /** True while the outbox is sent or page after page is pulled; work that can wait should. */
  isCatchingUp(): boolean;
  isSending(s: number): boolean;
}

export interface EngineOptions {
  /** Storage refuses writes: pulled rows must not use up what is kept for the agent's work. */
  readonly isStorageFull: () => boolean;
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
  const puller = createPuller(ctx, options.isBusy);
  const stopper = new AbortController();
  const { signal } = stopper;
  let running: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let wanted = false;
  let listening = false;
  let failures = 0;
  let helloAt: number | null = null;
  let totalRows: number | null = null;
  let caughtUp = false;
  let pulling = false;
  let pushing = false;
  let nextTryAt: number | null = null;
  let connection: SyncStatus['connection'] = 'never-tried';
  let problem: SyncProblem | null = null;
  let lastSuccessAt: number | null = null;

  const hello = async (): Promise<SyncProblem | null> => {
    for (let attempt = 0; attempt < 4; attempt++) {
      const identity = getIdentity(ctx.db);
      const reply = await ctx.client.post(
        '/sync/hello',
        JSON.stringify({
          console: identity.consoleId,
          incarnation: identity.incarnation,
          schema: SCHEMA_VERSION,
          lastOp: identity.lastAck,
        }),
        helloResponseSchema,
        ctx.timeouts.helloMs,
        signal,
      );
      if (signal.aborted) return null;
      if (reply.kind === 'refused' && reply.code === 'IDENTITY_CLASH') {
        renumber();
        continue;
      }
      if (reply.kind !== 'answer') return toProblem(reply);
      const wrong = checkServer(reply.value);
      if (wrong) return wrong;
      if (!fitsNumbering(ctx.db, reply.value)) {
        renumber();
        continue;
      }
      adoptServer(reply.value);
      pusher.noteAnswer();
      helloAt = ctx.clock.now();
      return null;
    }
    return ownProblem('IDENTITY_CLASH', 'server and console do not agree on a numbering');
  };

  const renumber = () => {
    ctx.saveIncarnation(ctx.write(() => startIncarnation(ctx.db)));
    ctx.announce(['outbox']);
  };

  const checkServer = (answer: HelloResponse): SyncProblem | null => {
    if (answer.mode !== ctx.client.target.mode) return ownProblem('MODE_MISMATCH', `server is ${answer.mode}`);
    if (SCHEMA_VERSION < answer.schema.min)
      return ownProblem('PROTOCOL_TOO_OLD', `server needs schema ${answer.schema.min}`);
    return null;
  };

  /** Remembers server and scopes. Another server or epoch restarts the cursors; the outbox stays as it is. */
  const adoptServer = (answer: HelloResponse) => {
    const known = findSession(ctx.db)?.serverId ?? null;
    const replaced = known !== null && known !== answer.serverId;
    ctx.write(() =>
      ctx.db.transaction(() => {
        if (known !== answer.serverId) saveServerId(ctx.db, answer.serverId);
        for (const scope of answer.scopes) insertScope(ctx.db, scope.id, scope.epoch);
      }),
    );
    for (const state of listScopes(ctx.db)) {
      const told = answer.scopes.find((scope) => scope.id === state.scope);
      if (!told) continue;
      if (replaced || told.epoch !== state.epoch || told.seq < state.seq) restartScope(ctx, state, told.epoch, true);
    }
    totalRows = answer.rows;
  };

  const pushAll = async (): Promise<SyncProblem | null> => {
    pushing = true;
    try {
      return await pusher.push(signal);
    } finally {
      pushing = false;
    }
  };

  const cycle = async (): Promise<SyncProblem | null> => {
    if (options.isStorageFull()) return ownProblem('DISK_FULL', 'the disk is full');
    if (helloAt === null || ctx.clock.now() - helloAt > HELLO_EVERY_MS) {
      const failed = await hello();
      if (failed || signal.aborted) return failed;
    }
    let pushProblem = await pushAll();
    // Downloads never wait for uploads: only when nobody answers is there nothing to pull from either.
    if (signal.aborted || (pushProblem && pushProblem.connection === 'offline' && !isServerFault(pushProblem))) {
      return pushProblem;
    }
    const between = async (): Promise<SyncProblem | null> => {
      pulling = true;
      if (!pushProblem) markSuccess();
      if (options.isStorageFull()) return ownProblem('DISK_FULL', 'the disk is full');
      if (pushProblem || countOutbox(ctx.db).waiting === 0) return null;
      pushProblem = await pushAll();
      return null;
    };
    const pullProblem = await puller.pull(signal, between).finally(() => {
      pulling = false;
    });
    if (!pullProblem && !signal.aborted) caughtUp = true;
    return pushProblem ?? pullProblem;
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
      const code = known !== null && typeof known === 'object' && 'code' in known ? String(known.code) : 'INTERNAL';
      return ownProblem(code, known instanceof Error ? known.message : 'sync failed');
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

  const listen = () => {
    if (listening || signal.aborted) return;
    listening = true;
    const since = ctx.elapsed();
    void listenForPokes(ctx.client, signal, () => engine.retryNow()).finally(() => {
      listening = false;
      // The end of a stream that had worked is the first sign of a lost server: one request tells how it stands.
      if (!signal.aborted && ctx.elapsed() - since > STREAM_WORKED_MS) engine.retryNow();
    });
  };

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
        if (failed.code === 'ACCOUNT_DISABLED') options.onDisabled();
      } else {
        failures = 0;
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
    isOnline: () => connection === 'online',
    isCatchingUp: () => pulling || pushing,
    isSending: (s) => pusher.isSending(s),
    status: () => {
      const cached = countCached(ctx.db);
      const held = cached.tickets + cached.citizens;
      const scopes = listScopes(ctx.db);
      const catchingUp = connection === 'online' && !caughtUp && totalRows !== null && held < totalRows;
      return {
        connection,
        problem: problem ? { code: problem.code, detail: problem.detail } : null,
        lastSuccessAt,
        nextTryAt,
        outbox: countOutbox(ctx.db),
        progress: catchingUp && totalRows !== null ? { done: held, total: totalRows } : null,
        cached,
        // Proved in this session, not remembered from the last one.
        parity: caughtUp ? parityOf(scopes.map((scope) => scope.parity)) : 'unknown',
      };
    },
  };
  return engine;
}

function isServerFault(problem: SyncProblem): boolean {
  return problem.code === 'INTERNAL';
}

function parityOf(scopes: readonly SyncStatus['parity'][]): SyncStatus['parity'] {
  if (scopes.includes('different')) return 'different';
  return scopes.length > 0 && scopes.every((parity) => parity === 'equal') ? 'equal' : 'unknown';
}
