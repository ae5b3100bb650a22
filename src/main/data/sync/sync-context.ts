import type { Topic } from '#shared/contract/topics.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { WritableDb } from '../db/sqlite.ts';
import type { ServerClient } from './server-client.ts';

/** How long an answer may take, in ms; the body included. */
export interface SyncTimeouts {
  readonly helloMs: number;
  readonly pushMs: number;
  readonly pullMs: number;
}

export const DEFAULT_TIMEOUTS: SyncTimeouts = { helloMs: 15_000, pushMs: 30_000, pullMs: 60_000 };

export const RECONNECT_SPREAD_MS = 30_000;

/** What the parts of the sync share. */
export interface SyncContext {
  /** Agent's connection: every commit is on the disk. */
  readonly db: WritableDb;
  /** Connection for what the server can be asked for again after a power cut: pulled rows, answers to pushed operations. */
  readonly bulk: WritableDb;
  readonly client: ServerClient;
  readonly actor: OpActor;
  readonly clock: Clock;
  /** Monotonic milliseconds, to measure how long a slice of work took. */
  readonly elapsed: () => number;
  readonly timeouts: SyncTimeouts;
  /** A number in [0, 1) for jitter. */
  readonly random: () => number;
  /** After an outage the first push waits up to so many ms, by chance: a whole centre comes back at the same moment. */
  readonly reconnectSpreadMs: number;
  /** Runs a write under the watch of the storage guard. */
  write<T>(work: () => T): T;
  announce(topics: readonly Topic[]): void;
  /** Copies the incarnation outside the cache, so that a lost cache never re-uses operation numbers. */
  saveIncarnation(incarnation: number): void;
  /** Tells the journal which operations the server has answered. */
  acknowledged(opIds: readonly string[]): void;
}

/** Why a cycle of the sync could not go on. */
export interface SyncProblem {
  readonly code: string;
  readonly detail: string;
  /** `offline`: nobody answered; `refused`: the server answered and refused. */
  readonly connection: 'offline' | 'refused';
  readonly retryAfterMs: number | null;
}

/** Lets waiting messages (a caller lookup, a keystroke to be saved) go first. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
