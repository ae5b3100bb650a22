import pg from 'pg';
import { getIdentity } from '#main/data/repositories/identity.repository.ts';
import { until } from '../data/until.ts';
import type { TestServer } from '../server.ts';
import type { Seat } from './seat.ts';

/** A push that stands still inside its transaction: clocks raised, rows written, not committed. */
export interface StalledPush {
  /** Waits until as many pushes as given stand still in the database. */
  reached(count?: number): Promise<void>;
  /** How many stand still now. */
  count(): Promise<number>;
  /** Lets them go on. */
  release(): Promise<void>;
}

/**
 * Makes the next push of a seat stop between its effects and its COMMIT: another transaction holds the place in the op log that the
 * push is about to write, and gives it up at {@link StalledPush.release}.
 */
export async function stallNextPush(server: TestServer, seat: Seat): Promise<StalledPush> {
  const { consoleId, incarnation, nextOp } = getIdentity(seat.work.db);
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO op_log (op_id, console, incarnation, s, kind, uid, hash, user_id, schema_version, at, received_at, result)
     VALUES (gen_random_uuid(), $1, $2, $3, 'none', gen_random_uuid(), '\\x00', gen_random_uuid(), 1, 0, 0, '{}')`,
    [consoleId, incarnation, nextOp],
  );
  const count = async () =>
    (
      await server.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).length;
  let isReleased = false;
  return {
    count,
    reached: (wanted = 1) => until('the push stands still', async () => (await count()) >= wanted),
    release: async () => {
      if (isReleased) return;
      isReleased = true;
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}
