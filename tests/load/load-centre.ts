import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type ServerProcess, startServerProcess } from '../../scripts/driver/server-process.ts';
import { addAgent } from '../bench/support/bench-centre.ts';
import { processorSeconds } from '../bench/support/processor-time.ts';
import { createTestDatabase, setup, teardown } from '../support/postgres-global.ts';
import { TestConsole } from '../support/test-console.ts';

/** Consoles share accounts, as seats share people: what counts for a server is the console. */
const ACCOUNTS = 8;
const PASSWORD = 'Load-Horse-71';
/** Sign-ins at once: each is a deliberately slow hash. */
const SIGN_INS = 4;

/** A centre under load: PostgreSQL, some server processes on it, and consoles that speak the protocol but hold no database. */
export interface LoadCentre {
  readonly consoles: readonly TestConsole[];
  /** Address of the process that is next in turn: what stands before several processes needs to know nothing of consoles. */
  nextUrl(): string;
  sql<T extends pg.QueryResultRow>(text: string): Promise<readonly T[]>;
  /** Processor time of all server processes so far, in seconds; PostgreSQL's is not counted. */
  serverSeconds(): number;
  close(): Promise<void>;
}

/**
 * Starts a centre and signs its consoles in.
 * @param say told how far it is
 */
export async function openLoadCentre(
  consoleCount: number,
  processCount: number,
  say: (line: string) => void,
): Promise<LoadCentre> {
  await setup();
  const folder = mkdtempSync(join(tmpdir(), 'hotline-load-'));
  const database = await createTestDatabase();
  const processes: ServerProcess[] = [];
  const client = new pg.Client({ connectionString: database.url });
  const close = async () => {
    await client.end();
    for (const each of processes) await each.stop();
    await database.drop();
    await teardown();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    say('accounts …');
    for (let n = 0; n < ACCOUNTS; n++) addAgent(database.url, accountOf(n), `压测${n}`, PASSWORD);
    for (let n = 0; n < processCount; n++) {
      const logFile = join(folder, `server-${n}.log`);
      processes.push(await startServerProcess({ mode: 'production', port: 0, databaseUrl: database.url, logFile }));
    }
    await client.connect();
    let turn = 0;
    const nextUrl = () => forceUnwrap('no server process', processes[turn++ % processes.length]).url;
    const consoles = Array.from({ length: consoleCount }, () => new TestConsole(nextUrl()));
    let signedIn = 0;
    const waiting = [...consoles.entries()];
    const signInAll = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [n, one] = next;
        await one.signIn(accountOf(n % ACCOUNTS), PASSWORD);
        await one.hello();
        if (++signedIn % 100 === 0) say(`${signedIn} of ${consoleCount} consoles signed in …`);
      }
    };
    await Promise.all(Array.from({ length: SIGN_INS }, signInAll));
    return {
      consoles,
      nextUrl,
      sql: async <T extends pg.QueryResultRow>(text: string) => (await client.query<T>(text)).rows,
      serverSeconds: () => processes.reduce((sum, { pid }) => sum + processorSeconds(pid), 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const accountOf = (n: number) => `load100${n}`;
