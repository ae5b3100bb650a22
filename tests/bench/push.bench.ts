/** How fast the outbox of one console reaches the central server: real SQLite, real HTTP, real PostgreSQL, two processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { setup, teardown } from '../support/postgres-global.ts';
import { openBenchCentre, writeBenchTicket } from './support/bench-centre.ts';
import { processorSeconds } from './support/processor-time.ts';
import { percentile, printTable, sample } from './support/report.ts';

const TICKETS = 10_000;
const WARM_UP = 3_000;

await setup();
const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
const centre = await openBenchCentre(folder);
try {
  const seat = await centre.openConsole();
  await seat.waitForTickets(0);
  const saves: number[] = [];
  /** Writes tickets offline, then sends them. */
  const writeAndPush = async (from: number, count: number) => {
    seat.setCable(false);
    const made = sample(count, (i) => {
      saves.push(writeBenchTicket(seat.work, from + i + 1));
    });
    if (seat.session.syncStatus().outbox.waiting !== count) throw new Error('the outbox does not hold all tickets');
    const start = performance.now();
    const [console, server] = [process.cpuUsage(), processorSeconds(centre.server.pid)];
    seat.setCable(true);
    await seat.waitForOutbox();
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(console);
    return {
      made,
      seconds,
      worked: { console: (user + system) / 1e6, server: processorSeconds(centre.server.pid) - server },
    };
  };
  // A central server has been up for days when a console comes back: both sides run their compiled code.
  await writeAndPush(0, WARM_UP);
  // The warm-up came back from the server, was indexed and learnt from: none of that is part of the next push.
  await seat.waitForTickets(WARM_UP);
  await seat.waitForRest();
  saves.length = 0;
  const { made, seconds, worked } = await writeAndPush(WARM_UP, TICKETS);

  const client = new pg.Client({ connectionString: centre.databaseUrl });
  await client.connect();
  const counted = await client.query<{ tickets: string; numbers: string }>(
    'SELECT count(*) AS tickets, count(DISTINCT number) AS numbers FROM tickets',
  );
  await client.end();
  const row = counted.rows[0];
  const all = WARM_UP + TICKETS;
  if (Number(row?.tickets) !== all || Number(row?.numbers) !== all) throw new Error('not every ticket arrived once');

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
  await centre.close();
  await teardown();
  rmSync(folder, { recursive: true, force: true });
}
