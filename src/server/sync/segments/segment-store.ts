import type pg from 'pg';
import { SEGMENT_FORMAT } from '#shared/sync/segments.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { PackedSegment } from './pack.ts';

/** Where a large scope stands, and what its manifest covers (null without one of this format and epoch). */
export interface ScopeStanding {
  readonly scope: string;
  readonly epoch: number;
  /** Seq of the newest change. */
  readonly value: number;
  readonly count: number;
  readonly manifest: { readonly seq: number; readonly madeAt: number } | null;
  /** Rows left the scope, or somebody was erased, after the manifest was made, or so long ago that this is no longer known. */
  readonly hasRemovals: boolean;
}

/** True for a manifest that must not be used any more: a row it holds may be one that was removed, or name somebody who was erased. */
const REMOVED = `(m.seq < greatest(c.gone_floor, c.packed_floor)
  OR EXISTS (SELECT 1 FROM scope_gone g WHERE g.scope = m.scope AND g.seq > m.seq))`;

/** Scopes with at least so many rows, and those that have segments. */
export async function listStandings(pool: pg.Pool, fromRows: number): Promise<readonly ScopeStanding[]> {
  const found = await pool.query<{
    scope: string;
    epoch: number;
    value: number;
    count: number;
    seq: number | null;
    made_at: number | null;
    removed: boolean;
  }>(
    `SELECT c.scope, c.epoch, c.value, c.count, m.seq, m.made_at, m.seq IS NOT NULL AND ${REMOVED} AS removed
     FROM clocks c LEFT JOIN segment_manifests m ON m.scope = c.scope AND m.epoch = c.epoch AND m.format = $2 AND m.seq <= c.value
     WHERE c.count >= $1 OR EXISTS (SELECT 1 FROM segments s WHERE s.scope = c.scope) ORDER BY c.scope`,
    [fromRows, SEGMENT_FORMAT],
  );
  return found.rows.map(({ seq, made_at, removed, scope, epoch, value, count }) => ({
    scope,
    epoch,
    value,
    count,
    manifest: seq === null || made_at === null ? null : { seq, madeAt: made_at },
    hasRemovals: removed,
  }));
}

/** A segment as a manifest names it. */
export interface KeptSegment {
  readonly id: string;
  readonly after: number;
  readonly until: number;
  readonly rows: number;
  readonly changes: number;
  /** Bytes, unpacked. */
  readonly size: number;
}

/**
 * Segments in use whose rows are all still what the segment says, in order: no row of theirs was changed or removed since.
 * @param table whose rows the scope holds
 */
export async function listUnchanged(
  pool: pg.Pool,
  { scope, epoch }: Pick<ScopeStanding, 'scope' | 'epoch'>,
  table: 'tickets' | 'citizens',
): Promise<readonly KeptSegment[]> {
  const found = await pool.query<KeptSegment>(
    `SELECT id, after_seq AS after, until_seq AS until, rows, changes, size FROM segments s
     WHERE scope = $1 AND epoch = $2 AND format = $3 AND retired_at IS NULL AND rows =
       (SELECT count(*) FROM ${table} t WHERE t.scope = $1 AND t.seq > s.after_seq AND t.seq <= s.until_seq)
     ORDER BY until_seq`,
    [scope, epoch, SEGMENT_FORMAT],
  );
  return found.rows;
}

/** Stores a segment that nobody is told of yet: it counts as retired until {@link publish}. */
export async function insertSegment(
  pool: pg.Pool,
  { scope, epoch }: Pick<ScopeStanding, 'scope' | 'epoch'>,
  segment: KeptSegment & PackedSegment,
  now: number,
): Promise<void> {
  const { id, after, until, rows, changes, size, sha256, data } = segment;
  await pool.query(
    `INSERT INTO segments (id, scope, epoch, format, after_seq, until_seq, rows, changes, size, sha256, data, retired_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [id, scope, epoch, SEGMENT_FORMAT, after, until, rows, changes, size, sha256, data, now],
  );
}

/**
 * Notes that a scope's segments are being made, so that {@link withdraw} can stop that.
 * @returns what {@link publish} asks for
 */
export async function beginManifest(pool: pg.Pool, { scope, manifest }: ScopeStanding, now: number): Promise<number> {
  if (manifest) return manifest.madeAt;
  await pool.query(
    `INSERT INTO segment_manifests (scope, format, epoch, seq, made_at) VALUES ($1, $2, 0, 0, $3)
     ON CONFLICT (scope, format) DO UPDATE SET epoch = 0, seq = 0, made_at = excluded.made_at`,
    [scope, SEGMENT_FORMAT, now],
  );
  return now;
}

/**
 * Takes all segments of some scopes away: too small now, or rows of theirs were changed whose former words nobody may read again (in the
 * transaction that changes them; what is just being made is not published).
 */
export async function withdraw(client: pg.ClientBase, scopes: readonly string[]): Promise<void> {
  await client.query('DELETE FROM segment_manifests WHERE scope = ANY($1::text[])', [scopes]);
  await client.query('DELETE FROM segments WHERE scope = ANY($1::text[])', [scopes]);
}

/**
 * Makes some segments the scope's manifest. The others of this format are retired: those who were told of them may still fetch them for a
 * while, but not when rows were removed, which would come back with them.
 * @param begun what {@link beginManifest} gave
 * @returns false when the scope's segments were withdrawn meanwhile: these are of no use
 * @throws when one of the segments is no longer there; nothing is changed
 */
export function publish(
  pool: pg.Pool,
  standing: ScopeStanding,
  segments: readonly KeptSegment[],
  begun: number,
  now: number,
): Promise<boolean> {
  const { scope, epoch, value, hasRemovals, manifest } = standing;
  const ids = segments.map(({ id }) => id);
  const areOldHarmless = manifest !== null && !hasRemovals;
  return inTransaction(pool, async (client) => {
    const published = await client.query(
      `UPDATE segment_manifests SET epoch = $3, seq = $4, made_at = $5 WHERE scope = $1 AND format = $2 AND made_at = $6`,
      [scope, SEGMENT_FORMAT, epoch, value, now, begun],
    );
    if (published.rowCount === 0) {
      await client.query('DELETE FROM segments WHERE id = ANY($1::uuid[])', [ids]);
      return false;
    }
    await client.query(
      areOldHarmless
        ? `UPDATE segments SET retired_at = $4
           WHERE scope = $1 AND format = $2 AND NOT id = ANY($3::uuid[]) AND retired_at IS NULL`
        : 'DELETE FROM segments WHERE scope = $1 AND format = $2 AND NOT id = ANY($3::uuid[])',
      [scope, SEGMENT_FORMAT, ids, ...(areOldHarmless ? [now] : [])],
    );
    const told = await client.query('UPDATE segments SET retired_at = NULL WHERE id = ANY($1::uuid[])', [ids]);
    if (told.rowCount !== ids.length) throw new Error(`segments of ${scope} were taken away while they were made`);
    return true;
  });
}

/** Takes away what was retired before a moment. */
export async function sweepRetired(pool: pg.Pool, before: number): Promise<void> {
  await pool.query('DELETE FROM segments WHERE retired_at < $1', [before]);
}

/** Takes away what builds of another format made before a moment: by then it was made anew, or they no longer run. */
export async function sweepOtherFormats(pool: pg.Pool, before: number): Promise<void> {
  await pool.query(
    `WITH old AS (DELETE FROM segment_manifests WHERE format <> $1 AND made_at < $2 RETURNING scope, format)
     DELETE FROM segments USING old WHERE segments.scope = old.scope AND segments.format = old.format`,
    [SEGMENT_FORMAT, before],
  );
}

/** One segment as a manifest tells of it. */
export interface ListedSegment {
  readonly id: string;
  readonly until: number;
  readonly changes: number;
  readonly size: number;
  readonly sha256: Buffer;
}

/** The segments of a scope after a seq, and the seq they lead to; null without a manifest that can be used. In a snapshot. */
export async function findManifest(
  client: pg.ClientBase,
  scope: string,
  after: number,
): Promise<{ readonly seq: number; readonly segments: readonly ListedSegment[] } | null> {
  const manifest = await client.query<{ seq: number }>(
    `SELECT m.seq FROM segment_manifests m JOIN clocks c ON c.scope = m.scope AND c.epoch = m.epoch
     WHERE m.scope = $1 AND m.format = $2 AND m.seq <= c.value AND NOT ${REMOVED}`,
    [scope, SEGMENT_FORMAT],
  );
  const [found] = manifest.rows;
  if (!found) return null;
  const segments = await client.query<ListedSegment>(
    `SELECT id, until_seq AS until, changes, size, sha256 FROM segments
     WHERE scope = $1 AND format = $3 AND retired_at IS NULL AND until_seq > $2 ORDER BY until_seq`,
    [scope, after, SEGMENT_FORMAT],
  );
  return { seq: found.seq, segments: segments.rows };
}

/** The packed bytes of a segment and its scope, or null: unknown, taken away, or rows were removed since it was made. */
export async function readSegment(
  pool: pg.Pool,
  id: string,
): Promise<{ readonly scope: string; readonly data: Buffer } | null> {
  const found = await pool.query<{ scope: string; data: Buffer }>({
    name: 'read-segment',
    text: `SELECT s.scope, s.data FROM segments s JOIN clocks c ON c.scope = s.scope AND c.epoch = s.epoch
       JOIN segment_manifests m ON m.scope = s.scope AND m.format = s.format
       WHERE s.id = $1 AND s.format = $2 AND NOT ${REMOVED}`,
    values: [id, SEGMENT_FORMAT],
  });
  return found.rows[0] ?? null;
}
