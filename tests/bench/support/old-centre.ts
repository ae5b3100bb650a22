import pg from 'pg';
import { inLoadTransaction, loadCitizens, loadTickets } from '#server/bulk/bulk-load.ts';
import { createPool } from '#server/db/pool.ts';
import { createLog } from '#server/log.ts';
import { buildSegments, SEGMENT_RULES } from '#server/sync/segments/segment-builder.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { BenchRows } from './bench-rows.ts';

const PART = 2_000;

/** Puts made-up tickets and citizens into a server's database, as an import does. */
export async function fillDatabase(databaseUrl: string, size: number, rows: BenchRows): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const inParts = async <T>(count: number, rowOf: (n: number) => T, load: (part: readonly T[]) => Promise<unknown>) => {
    for (let done = 0; done < count; done += PART) {
      const part = Array.from({ length: Math.min(PART, count - done) }, (_, n) => rowOf(done + n + 1));
      await inLoadTransaction(client, async () => void (await load(part)));
    }
  };
  await inParts(rows.citizens, rows.citizen, (part) => loadCitizens(client, part));
  await inParts(size, rows.ticket, (part) => loadTickets(client, part, rows.now));
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** Lets segments be made, as the server does in the background. @returns how long it took without its pauses (s), and their bytes */
export async function packCentre(databaseUrl: string): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const log = createLog(systemClock, () => undefined);
  const pool = createPool(databaseUrl, log);
  try {
    const begun = performance.now();
    await buildSegments({ pool, clock: systemClock, log }, { ...SEGMENT_RULES, pausePerWork: 0 });
    const seconds = (performance.now() - begun) / 1_000;
    const packed = await pool.query<{ bytes: number }>('SELECT sum(length(data)) AS bytes FROM segments');
    return { seconds, bytes: Number(packed.rows[0]?.bytes ?? 0) };
  } finally {
    await pool.end();
  }
}
