import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import { createSession, type Session } from '#main/data/session/session.ts';
import { DEFAULT_TIMEOUTS } from '#main/data/sync/sync-context.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type ServerProcess, startServerProcess } from '../../../scripts/driver/server-process.ts';
import { waitFor } from '../../../scripts/driver/wait-for.ts';
import { createTestDatabase } from '../../support/postgres-global.ts';
import { benchTicket } from './bench-tickets.ts';

const ACCOUNT = 'bench1001';
const PASSWORD = 'Bench-Horse-71';
/** Made-up tickets are of so many people. */
const CITIZENS = 3_000;
const LONGEST_MS = 1_800_000;
const APPLY_ENTRY = resolve(import.meta.dirname, '../../../src/main/data/sync/intake/apply-worker.ts');
const INDEX_ENTRY = resolve(import.meta.dirname, '../../../src/main/data/search/threads/index-worker.ts');

/**
 * A new account of the centre 320100 that takes calls, made as an administrator makes one.
 * @param role a 班长's console holds all tickets, an agent's those of the last months
 */
export function addAgent(
  databaseUrl: string,
  account: string,
  name: string,
  password: string,
  role: 'agent' | 'lead' = 'agent',
): void {
  const main = resolve(import.meta.dirname, '../../../src/server/main.ts');
  const values = { account, name, seat: account.slice(-4), role, centre: '320100' };
  const added = spawnSync(
    process.execPath,
    [main, 'account', 'add', ...Object.entries(values).flatMap(([option, value]) => [`--${option}`, value])],
    { env: { ...process.env, DATABASE_URL: databaseUrl, HOTLINE_PASSWORD: password }, encoding: 'utf8' },
  );
  if (added.status !== 0) throw new Error(added.stderr);
}

/** How an empty console gets its rows. */
export type FirstSyncWay = 'by segments' | 'page by page';

/** One server process on a database of its own, and consoles that are made on demand; all of them of one 班长. */
export interface BenchCentre {
  readonly server: ServerProcess;
  readonly databaseUrl: string;
  /**
   * Signs a console in that holds nothing yet; its first sync has begun.
   * @param how `page by page`: as if the server had no segments
   * @param isThreaded false: many rows are applied where lookups are answered, in slices
   */
  openConsole(how?: FirstSyncWay, isThreaded?: boolean): Promise<BenchConsole>;
  closeConsole(console: BenchConsole): Promise<void>;
  close(): Promise<void>;
}

/** A console's data process without its window: real cache, real sync, and a cable that can be pulled. */
export interface BenchConsole {
  readonly session: Session;
  readonly work: WorkContext;
  /** When it first spoke to the sync part of the server, monotonic. */
  firstSyncBegan(): number;
  setCable(isIn: boolean): void;
  /** Until it holds `tickets` and has proved that it equals the server. */
  waitForTickets(tickets: number): Promise<void>;
  waitForOutbox(): Promise<void>;
  /** Until the search index and the suggestions have caught up. */
  waitForRest(): Promise<void>;
}

/**
 * Opens a centre on the cluster that tests/support/postgres-global.ts started.
 * @param folder for logs and profiles
 */
export async function openBenchCentre(folder: string): Promise<BenchCentre> {
  const database = await createTestDatabase();
  const consoles = new Set<Session>();
  let opened = 0;
  try {
    addAgent(database.url, ACCOUNT, '测速', PASSWORD, 'lead');
    const logFile = join(folder, 'server.log');
    const server = await startServerProcess({ mode: 'production', port: 0, databaseUrl: database.url, logFile });
    return {
      server,
      databaseUrl: database.url,
      openConsole: async (how = 'by segments', isThreaded = true) => {
        const profileDir = join(folder, `profiles-${opened++}`);
        mkdirSync(profileDir);
        const console = await openConsole(server.url, profileDir, how, isThreaded ? APPLY_ENTRY : null);
        consoles.add(console.session);
        return console;
      },
      closeConsole: async ({ session }) => {
        consoles.delete(session);
        await session.shutDown();
      },
      close: async () => {
        for (const session of consoles) await session.shutDown();
        await server.stop();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function openConsole(
  serverUrl: string,
  profileDir: string,
  how: FirstSyncWay,
  applyEntry: string | null,
): Promise<BenchConsole> {
  let cableIn = true;
  let firstSync: number | null = null;
  const session = createSession({
    profileDir,
    mode: 'production',
    serverUrl,
    deviceSecret: null,
    keyringUnreadable: false,
    nativeBinding: null,
    applyEntry,
    indexEntry: applyEntry === null ? null : INDEX_ENTRY,
    clock: systemClock,
    elapsed: () => performance.now(),
    random: Math.random,
    timeouts: DEFAULT_TIMEOUTS,
    reconnectSpreadMs: 0,
    fetch: (input, init) => {
      if (!cableIn) return Promise.reject(new TypeError('cable pulled'));
      if (String(input).includes('/sync/')) firstSync ??= performance.now();
      if (how === 'page by page' && String(input).includes('/sync/segments')) return Promise.resolve(noSegments());
      return fetch(input, init);
    },
    announce: () => undefined,
  });
  await session.signIn(ACCOUNT, PASSWORD);
  return {
    session,
    work: session.work(),
    firstSyncBegan: () => firstSync ?? performance.now(),
    setCable: (isIn) => {
      cableIn = isIn;
      // Whoever was without a network greets anew, and hears of months that began meanwhile.
      if (isIn) session.engine()?.renew();
    },
    waitForTickets: async (tickets) => {
      await waitFor(
        `the console has ${tickets} tickets`,
        () => {
          const { cached, progress, parity } = session.syncStatus();
          return cached.tickets === tickets && progress === null && parity === 'equal';
        },
        LONGEST_MS,
      );
    },
    waitForOutbox: async () => {
      await waitFor('the outbox is empty', () => session.syncStatus().outbox.waiting === 0, LONGEST_MS);
    },
    waitForRest: async () => {
      await session.search().idle();
      await session.suggester().idle();
    },
  };
}

/** What a server without segments answers. */
function noSegments(): Response {
  return Response.json({ code: 'NOT_FOUND', message: 'NOT_FOUND' }, { status: 404 });
}

/**
 * Writes the n-th made-up ticket as an agent does: draft, save, submit.
 * @returns how long the save took, ms
 */
export function writeBenchTicket(work: WorkContext, n: number): number {
  const source = benchTicket(n, CITIZENS).fields;
  const draft = openDraft(work, null);
  const content = {
    ...emptyIntake(source.caller.phone),
    type: source.type,
    categoryCode: source.categoryCode,
    title: source.title,
    content: source.content,
    place: source.place,
  };
  const begun = performance.now();
  const saved = saveDraft(work, draft.id, draft.revision, content);
  const took = performance.now() - begun;
  submitDraft(work, draft.id, saved.revision, 'submit');
  return took;
}
