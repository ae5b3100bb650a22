import type pg from 'pg';
import { inTransaction } from '../db/transaction.ts';

/** How long the server remembers removed rows and the results of operations, in ms: 90 days. */
export const RETENTION_MS = 90 * 86_400_000;

/** Rows deleted in one transaction: short enough that nobody waits for it. */
const BATCH = 5_000;
/** Advisory lock: of all server processes on a database one at a time cleans up. */
export const CLEANING_LOCK = 0x12345_08;

/** What was forgotten. */
export interface Forgotten {
  readonly results: number;
  readonly removals: number;
}

/**
 * Forgets what is older than {@link RETENTION_MS}: results of operations (sent again after that they are answered as duplicates without
 * details), and which rows were removed (a console whose cursor is older is told `SCOPE_TOO_OLD` and pulls that scope anew). Nothing
 * is done while another process does it.
 */
export async function forgetExpired(pool: pg.Pool, now: number): Promise<Forgotten> {
  const before = now - RETENTION_MS;
  const results = await repeat(() =>
    inTransaction(pool, async (client) => {
      if (!(await isAlone(client))) return 0;
      const gone = await client.query(
        `DELETE FROM op_log WHERE (console, incarnation, s) IN
           (SELECT console, incarnation, s FROM op_log WHERE received_at < $1 LIMIT $2)`,
        [before, BATCH],
      );
      return gone.rowCount ?? 0;
    }),
  );
  const removals = await repeat(() =>
    inTransaction(pool, async (client) => {
      if (!(await isAlone(client))) return 0;
      // The floor rises in the transaction that forgets: no snapshot shows a cursor as good whose removals are gone.
      const gone = await client.query<{ count: number }>(
        `WITH expired AS (
           DELETE FROM scope_gone WHERE (scope, seq, uid) IN
             (SELECT scope, seq, uid FROM scope_gone WHERE at < $1 ORDER BY scope, seq LIMIT $2)
           RETURNING scope, seq
         ), floors AS (
           UPDATE clocks SET gone_floor = greatest(gone_floor, expired.seq)
           FROM (SELECT scope, max(seq) AS seq FROM expired GROUP BY scope) AS expired
           WHERE clocks.scope = expired.scope
         )
         SELECT count(*) AS count FROM expired`,
        [before, BATCH],
      );
      return Number(gone.rows[0]?.count ?? 0);
    }),
  );
  return { results, removals };
}

/** True when no other transaction of this kind is open; holds until COMMIT. */
async function isAlone(client: pg.ClientBase): Promise<boolean> {
  const got = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS alone', [CLEANING_LOCK]);
  return got.rows[0]?.alone === true;
}

async function repeat(batch: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let count = BATCH; count === BATCH; sum += count) count = await batch();
  return sum;
}
