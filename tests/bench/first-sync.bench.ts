/** The first sync of an empty console, page by page and by segments, in one run: real SQLite, HTTP and PostgreSQL, two processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import type { Session } from '#main/data/session/session.ts';
import { setup, teardown } from '../support/postgres-global.ts';
import { type BenchCentre, type FirstSyncWay, openBenchCentre } from './support/bench-centre.ts';
import { benchRows } from './support/bench-rows.ts';
import { benchPhone } from './support/bench-tickets.ts';
import { fillDatabase, packCentre } from './support/old-centre.ts';
import { processorSeconds } from './support/processor-time.ts';
import { type BenchRow, ms, percentile, printTable } from './support/report.ts';

const SIZES = (process.env.BENCH_SIZES ?? '60000').split(',').map(Number);
/** A caller rings so often while the sync runs. */
const RING_EVERY_MS = 40;

interface FirstSync {
  readonly rowsPerSecond: number;
  readonly seconds: number;
  /** From then on until everything is found by search; null where that was not measured. */
  readonly searchSeconds: number | null;
  readonly consoleSeconds: number;
  readonly serverSeconds: number;
  /** From the ring to the found caller, waiting included, ms. */
  readonly lookups: readonly number[];
}

await setup();
try {
  for (const size of SIZES) await measure(size);
} finally {
  await teardown();
}

async function measure(size: number): Promise<void> {
  const rows = benchRows(size);
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  const centre = await openBenchCentre(folder);
  try {
    await fillDatabase(centre.databaseUrl, size, rows);
    const packed = await packCentre(centre.databaseUrl);
    // Both sides run their compiled code from here on.
    await firstSync(centre, 'by segments', size, rows.citizens);
    const load = loadavg()[0] ?? 0;
    const pulled = await firstSync(centre, 'page by page', size, rows.citizens);
    const segments = await firstSync(centre, 'by segments', size, rows.citizens, true);
    printTable(
      `First sync of ${size.toLocaleString('en')} tickets and ${rows.citizens.toLocaleString('en')} citizens, load ${load.toFixed(1)} before`,
      [
        ...toRows('page by page', pulled),
        ...toRows('by segments', segments),
        {
          what: 'segments made at the server, without pauses',
          measured: `${packed.seconds.toFixed(1)} s, ${(packed.bytes / 1_048_576).toFixed(1)} MiB`,
          target: '',
          met: null,
        },
      ],
    );
  } finally {
    await centre.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstSync(
  centre: BenchCentre,
  how: FirstSyncWay,
  tickets: number,
  citizens: number,
  isSearched = false,
): Promise<FirstSync> {
  const used = process.cpuUsage();
  const server = processorSeconds(centre.server.pid);
  const console = await centre.openConsole(how);
  const { session, work } = console;
  const lookups: number[] = [];
  let due = performance.now() + RING_EVERY_MS;
  const rings = setInterval(() => {
    lookUpCaller(work, benchPhone(lookups.length % citizens));
    const now = performance.now();
    lookups.push(Math.max(0, now - due));
    due = now + RING_EVERY_MS;
  }, RING_EVERY_MS);
  await console.waitForTickets(tickets).finally(() => clearInterval(rings));
  const seconds = (performance.now() - console.firstSyncBegan()) / 1_000;
  const { user, system } = process.cpuUsage(used);
  const serverSeconds = processorSeconds(centre.server.pid) - server;
  const searchSeconds = isSearched ? await timeIndexing(session) : null;
  await centre.closeConsole(console);
  return {
    rowsPerSecond: (tickets + citizens) / seconds,
    seconds,
    searchSeconds,
    consoleSeconds: (user + system) / 1e6,
    serverSeconds,
    lookups,
  };
}

/** Until everything is in the search index, s. */
async function timeIndexing(session: Session): Promise<number> {
  const begun = performance.now();
  session.search().wake();
  await session.search().idle();
  return (performance.now() - begun) / 1_000;
}

function toRows(how: string, sync: FirstSync): readonly BenchRow[] {
  const row = (what: string, measured: string): BenchRow => ({ what, measured, target: '', met: null });
  const p = (share: number) => ms(percentile(sync.lookups, share));
  return [
    row(
      `${how}: until the console equals the server`,
      `${sync.seconds.toFixed(1)} s, ${Math.round(sync.rowsPerSecond).toLocaleString('en')} rows/s`,
    ),
    row(
      `${how}: processor time, console / server (PostgreSQL not counted)`,
      `${sync.consoleSeconds.toFixed(1)} / ${sync.serverSeconds.toFixed(1)} s`,
    ),
    row(
      `${how}: ring to caller found meanwhile, waiting included, p50 / p99 / worst`,
      `${p(0.5)} / ${p(0.99)} / ${p(1)}`,
    ),
    ...(sync.searchSeconds === null
      ? []
      : [row(`${how}: everything found by search after the sync`, `${sync.searchSeconds.toFixed(1)} s`)]),
  ];
}
