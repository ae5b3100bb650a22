import { accessSync, constants, mkdirSync } from 'node:fs';
import { RPCHandler } from '@orpc/server/message-port';
import type { HostMessage } from '#shared/contract/host.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type InstanceLock, lockFolder } from './db/instance-lock.ts';
import { DataError, hasCode, toDataError } from './errors.ts';
import { createChangeHub } from './rpc/change-hub.ts';
import { type DataPort, guardPort } from './rpc/guarded-port.ts';
import { createRouter } from './rpc/router.ts';
import { toRpcError } from './rpc/rpc-error.ts';
import { createSession } from './session/session.ts';
import { DEFAULT_TIMEOUTS, RECONNECT_SPREAD_MS, type SyncTimeouts } from './sync/sync-context.ts';

export type InitMessage = Extract<HostMessage, { kind: 'init' }>;

export interface DataProcess {
  /** Serves the data contract on a window's port. */
  attach(port: DataPort): void;
  /** The workstation was locked. */
  lock(): Promise<void>;
  /** Refuses new work, closes everything and lets the folder go. */
  shutDown(): Promise<void>;
}

export interface DataProcessDeps {
  readonly clock: Clock;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Told of unexpected errors; must not log personal data. */
  readonly report: (error: unknown) => void;
  /** Shorter ones in tests. */
  readonly timeouts?: SyncTimeouts;
  readonly reconnectSpreadMs?: number;
  readonly fetch?: typeof fetch;
  /** See SessionDeps. */
  readonly applyEntry?: string;
  readonly indexEntry?: string;
}

/**
 * Puts the data process together: takes the folder, makes the session, serves ports.
 * @throws DataError READ_ONLY, DATABASE_BUSY (another console uses the folder), DISK_FULL
 */
export function createDataProcess(init: InitMessage, deps: DataProcessDeps): DataProcess {
  const lock = takeFolder(init);
  const hub = createChangeHub();
  const session = createSession({
    profileDir: init.profileDir,
    mode: init.mode,
    serverUrl: init.serverUrl,
    deviceSecret: decodeSecret(init.deviceSecret),
    keyringUnreadable: init.keyringUnreadable,
    nativeBinding: init.nativeBinding,
    applyEntry: deps.applyEntry ?? null,
    indexEntry: deps.indexEntry ?? null,
    clock: deps.clock,
    elapsed: deps.elapsed,
    random: deps.random,
    timeouts: deps.timeouts ?? DEFAULT_TIMEOUTS,
    // A demo console has its server to itself.
    reconnectSpreadMs: deps.reconnectSpreadMs ?? (init.mode === 'demo' ? 0 : RECONNECT_SPREAD_MS),
    ...(deps.fetch ? { fetch: deps.fetch } : {}),
    announce: hub.announce,
  });
  const report = (error: unknown) => {
    if (hasCode(error, 'DATABASE_DAMAGED')) session.reportDamage();
    deps.report(error);
  };
  const handler = new RPCHandler(createRouter(session, hub), {
    clientInterceptors: [
      async ({ next, path }) => {
        // Live queries run by themselves; a person at work is what makes the sync step back.
        if (path[0] === 'drafts' || path[0] === 'citizens' || path[0] === 'attachments') session.touch();
        try {
          return await next();
        } catch (error) {
          throw toRpcError(error, report);
        }
      },
    ],
  });
  session.start();

  return {
    attach: (port) => {
      handler.upgrade(guardPort(port, () => deps.report(new DataError('BAD_INPUT', 'message is no call'))));
      port.start?.();
    },
    lock: () => session.lock(),
    shutDown: async () => {
      await session.shutDown();
      hub.close();
      lock.release();
    },
  };
}

function takeFolder(init: InitMessage): InstanceLock {
  try {
    mkdirSync(init.profileDir, { recursive: true, mode: 0o700 });
    accessSync(init.profileDir, constants.W_OK);
  } catch (error) {
    const known = toDataError(error);
    // On a read-only file system Node says of a folder to be made that its parent does not exist.
    throw known instanceof DataError ? known : new DataError('READ_ONLY', 'folder cannot be made', undefined, error);
  }
  return lockFolder(init.profileDir, init.nativeBinding);
}

function decodeSecret(base64: string | null): Uint8Array | null {
  if (base64 === null) return null;
  const secret = Buffer.from(base64, 'base64');
  if (secret.length !== 32) throw new DataError('KEYRING_UNAVAILABLE', 'device secret is not 32 bytes');
  return secret;
}
