import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { tableOfScope } from '#shared/sync/protocol.ts';
import { mayHaveSegments, SEGMENT_BYTES, SEGMENT_MAX_CHANGES } from '#shared/sync/segments.ts';
import { inTransaction, SNAPSHOT } from '../../db/transaction.ts';
import type { Log } from '../../log.ts';
import { readPage } from '../read-page.ts';
import { packPage } from './pack.ts';
import {
  beginManifest,
  insertSegment,
  type KeptSegment,
  listStandings,
  listUnchanged,
  publish,
  type ScopeStanding,
  sweepOtherFormats,
  sweepRetired,
  withdraw,
} from './segment-store.ts';

/** When segments are made, and how long they stay. */
export interface SegmentRules {
  /** A scope with fewer rows has none: pulling it takes a few requests. */
  readonly fromRows: number;
  readonly changesPerSegment: number;
  /** Bytes (unpacked) of a segment; only a single change may be larger. */
  readonly bytesPerSegment: number;
  /** Made anew after so many changes, or this share of the rows if that is more. */
  readonly staleChanges: number;
  readonly staleShare: number;
  /** Made anew after this time, if anything has changed at all: what was corrected does not lie around in its old words. */
  readonly staleMs: number;
  /** Retired segments are kept so long for consoles that are just fetching them. */
  readonly graceMs: number;
  /** Pause after each segment, by the time it took: whoever works comes first. */
  readonly pausePerWork: number;
}

export const SEGMENT_RULES: SegmentRules = {
  fromRows: 5_000,
  changesPerSegment: SEGMENT_MAX_CHANGES,
  bytesPerSegment: SEGMENT_BYTES,
  staleChanges: 5_000,
  staleShare: 0.1,
  staleMs: 24 * 3_600_000,
  graceMs: 3_600_000,
  pausePerWork: 3,
};

/** Advisory lock: of all server processes on a database one makes segments. */
const BUILD_LOCK = 0x12345_07;

/** True when the segments of a scope have to be made (again). */
export function isStale(
  { value, count, manifest, hasRemovals }: ScopeStanding,
  rules: SegmentRules,
  now: number,
): boolean {
  if (!manifest || hasRemovals) return true;
  const changes = value - manifest.seq;
  if (changes === 0) return false;
  return changes > Math.max(rules.staleChanges, rules.staleShare * count) || now - manifest.madeAt > rules.staleMs;
}

export interface BuildDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Makes segments for all scopes that need them, unless another server process is at it.
 * @returns scopes that got a new manifest
 */
export async function buildSegments(
  deps: BuildDeps,
  rules: SegmentRules = SEGMENT_RULES,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly string[]> {
  const { pool, clock } = deps;
  const client = await pool.connect();
  try {
    const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [BUILD_LOCK]);
    if (!lock.rows[0]?.taken) return [];
    await sweepRetired(pool, clock.now() - rules.graceMs);
    await sweepOtherFormats(pool, clock.now() - 2 * rules.staleMs);
    const made: string[] = [];
    for (const standing of await listStandings(pool, rules.fromRows)) {
      if (signal.aborted) break;
      if (!mayHaveSegments(standing.scope)) continue;
      if (standing.count < rules.fromRows) await inTransaction(pool, (tx) => withdraw(tx, [standing.scope]));
      else if (isStale(standing, rules, clock.now()) && (await buildScope(deps, standing, rules, signal))) {
        made.push(standing.scope);
      }
    }
    return made;
  } finally {
    // The end of the session releases it, too, but only after this function has said that it has finished.
    await client.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    client.release(true);
  }
}

/**
 * @returns false when it was given up
 * @throws see {@link publish}
 */
async function buildScope(
  { pool, clock, log }: BuildDeps,
  standing: ScopeStanding,
  rules: SegmentRules,
  signal: AbortSignal,
): Promise<boolean> {
  const begun = clock.now();
  const { scope, value } = standing;
  const mark = await beginManifest(pool, standing, begun);
  const table = tableOfScope(scope) === 'citizens' ? 'citizens' : 'tickets';
  const unchanged = await listUnchanged(pool, standing, table);
  // Half-empty ones are made again together with their neighbours.
  const kept = unchanged.filter(
    ({ changes, size }) => changes * 2 >= rules.changesPerSegment || size * 2 >= rules.bytesPerSegment,
  );
  const segments: KeptSegment[] = [];
  let after = 0;
  let limit = rules.changesPerSegment;
  for (const next of [...kept, null]) {
    const until = next?.after ?? value;
    while (after < until) {
      if (signal.aborted) return false;
      const started = performance.now();
      const range = { scope, after, until };
      const page = await inTransaction(pool, (client) => readPage(client, range, limit, 'with-removals'), SNAPSHOT);
      let reached = page.seq;
      const found = page.rows.length + page.gone.length;
      if (found > 0) {
        const packed = await packPage(page, rules.bytesPerSegment);
        const segment = { id: newId(clock.now()), after, ...packed };
        await insertSegment(pool, standing, segment, clock.now());
        segments.push(segment);
        reached = packed.until;
        // Long rows: reading many more than fit would fill the memory with what is thrown away.
        limit = packed.changes < found ? packed.changes * 2 : rules.changesPerSegment;
        await pause((performance.now() - started) * rules.pausePerWork);
      }
      after = reached;
    }
    if (!next) break;
    segments.push(next);
    after = next.until;
  }
  if (!(await publish(pool, standing, segments, mark, clock.now()))) return false;
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  log.info('segments.made', { scope, rows, segments: segments.length, ms: clock.now() - begun });
  return true;
}
