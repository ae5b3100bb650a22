import type { Topic } from '#shared/contract/topics.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { SyncTimeouts } from '../sync/sync-context.ts';

/** What the data process was started with, and the sources of time and chance. */
export interface SessionDeps {
  /** Folder that holds all profiles. */
  readonly profileDir: string;
  readonly mode: 'demo' | 'production';
  /** Base URL of the central server, null when none is configured: the console then works offline for good. */
  readonly serverUrl: string | null;
  /** 32 bytes out of the system keyring, null where there is none. */
  readonly deviceSecret: Uint8Array | null;
  /** A secret was stored in a system keyring that does not open now. */
  readonly keyringUnreadable: boolean;
  readonly nativeBinding: string | null;
  /** File of the thread that applies many pulled rows; null: they are applied in this one. */
  readonly applyEntry: string | null;
  /** File of the thread that indexes many rows; null: they are indexed in this one. */
  readonly indexEntry: string | null;
  readonly clock: Clock;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly timeouts: SyncTimeouts;
  /** See SyncContext. */
  readonly reconnectSpreadMs: number;
  /** Replaced in tests. */
  readonly fetch?: typeof fetch;
  announce(topics: readonly Topic[]): void;
}
