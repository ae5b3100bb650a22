/**
 * The first sync of an empty console in one run: page by page and by segments, applied in a thread of its own and where lookups are answered. Real
 * SQLite, HTTP and PostgreSQL, two processes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '#main/data/session/session.ts';
import { setup, teardown } from '../support/postgres-global.ts';
import { type BenchCentre, type FirstSyncWay, openBenchCentre } from './support/bench-centre.ts';
import { benchRows } from './support/bench-rows.ts';
import { fillDatabase, packCentre } from './support/old-centre.ts';
import { processorSeconds } from './support/processor-time.ts';
import { type BenchRow, ms, percentile, printTable } from './support/report.ts';
import { type Rings, startRings, threadMs } from './support/rings.ts';

const SIZES = (process.env.BENCH_SIZES ?? '60000').split(',').map(Number);
interface FirstSync {
  readonly rowsPerSecond: number;
  readonly seconds: number;
  /** From then on until everything is found by search; null where that was not measured. */
  readonly searchSeconds: number | null;
  readonly consoleSeconds: number;
  readonly serverSeconds: number;
  /** Of the thread that answers lookups. */
  readonly answeringSeconds: number;
  readonly rings: Rings;
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
    const beside = await firstSync(centre, 'by segments', size, rows.citizens, { isThreaded: false });
    const segments = await firstSync(centre, 'by segments', size, rows.citizens, { isSearched: true });
    printTable(
      `First sync of ${size.toLocaleString('en')} tickets and ${rows.citizens.toLocaleString('en')} citizens, load ${load.toFixed(1)} before`,
      [
        ...toRows('page by page', pulled),
        ...toRows('by segments, applied where lookups are answered', beside),
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
  { isThreaded = true, isSearched = false } = {},
): Promise<FirstSync> {
  const used = process.cpuUsage();
  const answering = threadMs();
  const server = processorSeconds(centre.server.pid);
  const console = await centre.openConsole(how, isThreaded);
  const { session, work } = console;
  const rings = startRings(work, citizens);
  await console.waitForTickets(tickets).finally(rings.stop);
  const seconds = (performance.now() - console.firstSyncBegan()) / 1_000;
  const { user, system } = process.cpuUsage(used);
  const serverSeconds = processorSeconds(centre.server.pid) - server;
  const answeringSeconds = (threadMs() - answering) / 1_000;
  const searchSeconds = isSearched ? await timeIndexing(session) : null;
  await centre.closeConsole(console);
  return {
    rowsPerSecond: (tickets + citizens) / seconds,
    seconds,
    searchSeconds,
    consoleSeconds: (user + system) / 1e6,
    serverSeconds,
    answeringSeconds,
    rings,
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
  const of = (times: readonly number[]) => [0.5, 0.99, 1].map((share) => ms(percentile(times, share))).join(' / ');
  return [
    row(
      `${how}: until the console equals the server`,
      `${sync.seconds.toFixed(1)} s, ${Math.round(sync.rowsPerSecond).toLocaleString('en')} rows/s`,
    ),
    row(
      `${how}: processor time, console / of it the thread that answers / server (PostgreSQL not counted)`,
      `${sync.consoleSeconds.toFixed(1)} / ${sync.answeringSeconds.toFixed(1)} / ${sync.serverSeconds.toFixed(1)} s`,
    ),
    row(
      `${how}: from the question for a caller or a page of a queue to the answer meanwhile, p50 / p99 / worst`,
      of(sync.rings.waits),
    ),
    row(`${how}: the same by processor time of the thread that answers`, of(sync.rings.work)),
    ...(sync.searchSeconds === null
      ? []
      : [row(`${how}: everything found by search after the sync`, `${sync.searchSeconds.toFixed(1)} s`)]),
  ];
}
