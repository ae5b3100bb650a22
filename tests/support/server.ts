import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { NewAccount } from '#server/accounts/accounts.ts';
import { createLog } from '#server/log.ts';
import { type RunningServer, type ServerParts, startServer } from '#server/server.ts';
import type { Services } from '#server/services.ts';
import { monthOf } from '#shared/domain/month.ts';
import { type Clock, systemClock } from '#shared/kernel/clock.ts';
import { ticketScope } from '#shared/sync/protocol.ts';
import { createTestDatabase, type TestDatabase } from './postgres-global.ts';

export const CENTRE = '320100';
export const PASSWORD = 'Right-Horse-7';

/** The scope of the tickets that a line takes in at a time. */
export function monthScope(line = '12345', centre = CENTRE, at = systemClock.now()): string {
  return ticketScope(centre, line, monthOf(at));
}

/** A clock that tests move by hand. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** Starts at the machine's time, because PostgreSQL and tokens meet it. */
export function createManualClock(start = systemClock.now()): ManualClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

export interface TestServer {
  readonly url: string;
  readonly databaseUrl: string;
  readonly services: Services;
  /** Everything the server logged, one JSON line each. */
  readonly logLines: readonly string[];
  /** SQL beside the server, as an auditor would run it. */
  query<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  addAccount(account: Partial<NewAccount> & { readonly account: string }): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real server over HTTP on a free port with its own database. `database` continues on an existing one (restart);
 * such a database is not dropped at the end.
 */
export async function startTestServer(
  options: {
    readonly mode?: 'demo' | 'production';
    readonly clock?: Clock;
    readonly database?: TestDatabase;
    readonly seed?: ServerParts['seed'];
    readonly trustProxy?: boolean;
    readonly clockSets?: ReadonlyMap<string, string>;
    /** Centres that answer Open311. */
    readonly open311?: readonly string[];
    /** Handling units are simulated, so much faster than in the demo. */
    readonly unitPace?: number;
    /** Agents are simulated, so much faster than in the demo. */
    readonly seatPace?: number;
    /** Folder of a server that is started again. */
    readonly filesDir?: string;
  } = {},
): Promise<TestServer> {
  const database = options.database ?? (await createTestDatabase());
  const logLines: string[] = [];
  const filesDir = options.filesDir ?? mkdtempSync(join(tmpdir(), 'hotline-files-'));
  const clock = options.clock ?? systemClock;
  const server: RunningServer = await startServer(
    {
      mode: options.mode ?? 'production',
      dataDir: '',
      filesDir,
      databaseUrl: database.url,
      host: '127.0.0.1',
      port: 0,
      trustProxy: options.trustProxy ?? false,
      clockSets: options.clockSets ?? new Map(),
      open311: new Set(options.open311 ?? []),
      simulatesUnits: options.unitPace !== undefined,
      simulatesSeats: options.seatPace !== undefined,
    },
    {
      ...(options.unitPace === undefined ? {} : { unitPace: options.unitPace }),
      ...(options.seatPace === undefined ? {} : { seatPace: options.seatPace }),
      clock,
      log: createLog(clock, (line) => logLines.push(line)),
      seed: options.seed ?? (async () => {}),
    },
  );
  const services = await server.ready.catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const sql = new pg.Pool({ connectionString: database.url, max: 2, types: numericBigints });
  sql.on('error', () => {});
  let stopped: Promise<void> | null = null;
  return {
    url: server.url,
    databaseUrl: database.url,
    services,
    logLines,
    query: async <T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await sql.query<T>(text, [...values])).rows,
    addAccount: async (account) => {
      await services.accounts.create({
        password: PASSWORD,
        name: `座席${account.account}`,
        seat: account.account.slice(-4),
        role: 'agent',
        centre: CENTRE,
        lines: ['12345'],
        ...account,
      });
    },
    stop: () => {
      stopped ??= (async () => {
        await sql.end();
        await server.stop();
        if (!options.database) await database.drop();
        if (!options.filesDir) rmSync(filesDir, { recursive: true, force: true });
      })();
      return stopped;
    },
  };
}

const numericBigints: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
};
