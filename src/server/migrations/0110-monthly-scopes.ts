import type pg from 'pg';
import { addToDigest, type Digest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import type { Migration } from '../db/migrate.ts';

/** Tickets read at a time while their digests are summed up. */
const PAGE = 20_000;

/**
 * Scopes of tickets get a month (Beijing time, of acceptance): `320100:12345` becomes `320100:12345:2026-11` and so on. Rows keep their seqs,
 * which stay unique and in order inside each month; clocks are made anew in the epoch of the old ones. Nothing is known of the old scopes any
 * more, so that a console that still holds one is told of the months instead and pulls those.
 */
export const migration: Migration = {
  id: 110,
  name: 'monthly scopes',
  statements: [
    `UPDATE tickets SET scope = scope || ':' || to_char(
       (to_timestamp(coalesce(accepted_at, created_at) / 1000.0) AT TIME ZONE 'UTC') + interval '8 hours', 'YYYY-MM')
     WHERE scope ~ '^\\d{6}:\\d{5}$'`,
    `DELETE FROM scope_gone WHERE scope ~ '^\\d{6}:\\d{5}$'`,
    `DELETE FROM segments WHERE scope ~ '^\\d{6}:\\d{5}$'`,
    `DELETE FROM segment_manifests WHERE scope ~ '^\\d{6}:\\d{5}$'`,
  ],
  work: async (client) => {
    const months = await sumUp(client);
    await client.query(
      `INSERT INTO clocks (scope, epoch, value, count, digest_hi, digest_lo)
       SELECT m.scope, coalesce((SELECT epoch FROM clocks WHERE clocks.scope = left(m.scope, -8)), 1), m.value, m.count, m.hi, m.lo
       FROM json_to_recordset($1::json) AS m(scope text, value bigint, count bigint, hi bigint, lo bigint)`,
      [JSON.stringify([...months].map(([scope, { digest, ...sums }]) => ({ scope, ...sums, ...digest })))],
    );
    await client.query(`DELETE FROM clocks WHERE scope ~ '^\\d{6}:\\d{5}$'`);
  },
};

interface Sums {
  /** Seq of the newest change. */
  readonly value: number;
  readonly count: number;
  readonly digest: Digest;
}

/** What the clock of every scope of tickets has to say, out of the rows. */
async function sumUp(client: pg.ClientBase): Promise<ReadonlyMap<string, Sums>> {
  const sums = new Map<string, Sums>();
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await client.query<{ uid: string; scope: string; seq: string | number; version: number }>(
      'SELECT uid, scope, seq, version FROM tickets WHERE uid > $1 ORDER BY uid LIMIT $2',
      [after, PAGE],
    );
    for (const { uid, scope, seq, version } of page.rows) {
      const { value, count, digest } = sums.get(scope) ?? { value: 0, count: 0, digest: EMPTY_DIGEST };
      sums.set(scope, {
        value: Math.max(value, Number(seq)),
        count: count + 1,
        digest: addToDigest(digest, uid, version),
      });
      after = uid;
    }
    if (page.rows.length < PAGE) return sums;
  }
}
