/** How fast the outbox of one console reaches the central server: real SQLite, real HTTP, real PostgreSQL, two processes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { createSession } from '#main/data/session/session.ts';
import { DEFAULT_TIMEOUTS } from '#main/data/sync/sync-context.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { createTestDatabase, setup, teardown } from '../support/postgres-global.ts';
import { benchTicket } from './support/bench-tickets.ts';
import { processorSeconds } from './support/processor-time.ts';
import { percentile, printTable, sample } from './support/report.ts';

const TICKETS = 10_000;
const WARM_UP = 3_000;
const ACCOUNT = 'bench1001';
const PASSWORD = 'Bench-Horse-71';

await setup();
const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
const database = await createTestDatabase();
try {
  const env = { ...process.env, DATABASE_URL: database.url, HOTLINE_PASSWORD: PASSWORD };
  const main = resolve(import.meta.dirname, '../../src/server/main.ts');
  const added = spawnSync(
    process.execPath,
    [
      main,
      'account',
      'add',
      '--account',
      ACCOUNT,
      '--name',
      '测速',
      '--seat',
      '1001',
      '--role',
      'agent',
      '--centre',
      '320100',
    ],
    { env, encoding: 'utf8' },
  );
  if (added.status !== 0) throw new Error(added.stderr);
  const server = await startServerProcess({
    mode: 'production',
    port: 0,
    databaseUrl: database.url,
    logFile: join(folder, 'server.log'),
  });
  let cableIn = true;
  const profileDir = join(folder, 'profiles');
  mkdirSync(profileDir);
  const session = createSession({
    profileDir,
    mode: 'production',
    serverUrl: server.url,
    deviceSecret: null,
    keyringUnreadable: false,
    nativeBinding: null,
    clock: systemClock,
    elapsed: () => performance.now(),
    random: Math.random,
    timeouts: DEFAULT_TIMEOUTS,
    reconnectSpreadMs: 0,
    fetch: (input, init) => (cableIn ? fetch(input, init) : Promise.reject(new TypeError('cable pulled'))),
    announce: () => undefined,
  });
  await session.signIn(ACCOUNT, PASSWORD);
  await waitFor('the first sync is done', () => session.syncStatus().connection === 'online');

  const work = session.work();
  const saves: number[] = [];
  const write = (i: number) => {
    const source = benchTicket(i + 1, 3_000).fields;
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
    saves.push(performance.now() - begun);
    submitDraft(work, draft.id, saved.revision, 'submit');
  };
  /** Writes tickets offline, then sends them. */
  const writeAndPush = async (from: number, count: number) => {
    cableIn = false;
    const made = sample(count, (i) => write(from + i));
    if (session.syncStatus().outbox.waiting !== count) throw new Error('the outbox does not hold all tickets');
    cableIn = true;
    const start = performance.now();
    const [console, centre] = [process.cpuUsage(), processorSeconds(server.pid)];
    session.engine()?.retryNow();
    await waitFor('the outbox is empty', () => session.syncStatus().outbox.waiting === 0, 120_000);
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(console);
    return { made, seconds, worked: { console: (user + system) / 1e6, server: processorSeconds(server.pid) - centre } };
  };
  /** The warm-up came back from the server, was indexed and learnt from: none of that is part of the next push. */
  const rest = async (tickets: number) => {
    await waitFor('the console has what it sent', () => {
      const { cached, progress, parity } = session.syncStatus();
      return cached.tickets === tickets && progress === null && parity === 'equal';
    });
    await session.search().idle();
    await session.suggester().idle();
  };
  // A central server has been up for days when a console comes back: both sides run their compiled code.
  await writeAndPush(0, WARM_UP);
  await rest(WARM_UP);
  saves.length = 0;
  const { made, seconds, worked } = await writeAndPush(WARM_UP, TICKETS);

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const counted = await client.query<{ tickets: string; numbers: string }>(
    'SELECT count(*) AS tickets, count(DISTINCT number) AS numbers FROM tickets',
  );
  await client.end();
  const row = counted.rows[0];
  const all = WARM_UP + TICKETS;
  if (Number(row?.tickets) !== all || Number(row?.numbers) !== all) throw new Error('not every ticket arrived once');
  await session.shutDown();
  await server.stop();

  printTable(
    `Outbox of ${TICKETS.toLocaleString('en')} tickets (AEGIS-256, fsync on both sides, after ${WARM_UP.toLocaleString('en')} to warm up)`,
    [
      {
        what: 'pushed to the server and confirmed, per second',
        measured: Math.round(TICKETS / seconds).toLocaleString('en'),
        target: '≥ 10,000',
        met: TICKETS / seconds >= 10_000,
      },
      {
        what: 'processor time for that, console / server (PostgreSQL not counted)',
        measured: `${worked.console.toFixed(1)} / ${worked.server.toFixed(1)} s`,
        target: '',
        met: null,
      },
      {
        what: 'saving a draft on disk (one keystroke pause), p50 / p99',
        measured: `${percentile(saves, 0.5).toFixed(2)} / ${percentile(saves, 0.99).toFixed(2)} ms`,
        target: '',
        met: null,
      },
      {
        what: 'writing one whole ticket offline (draft, save, submit), p50 / p99',
        measured: `${percentile(made, 0.5).toFixed(2)} / ${percentile(made, 0.99).toFixed(2)} ms`,
        target: '',
        met: null,
      },
    ],
  );
} finally {
  await database.drop();
  await teardown();
  rmSync(folder, { recursive: true, force: true });
}
