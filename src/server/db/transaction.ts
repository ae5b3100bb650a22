import pg from 'pg';

const MAX_TRIES = 5;

/** Serialization failure, deadlock: the same work may succeed on a new try. */
function isRetryable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01');
}

/** True when PostgreSQL refused the data of a statement (and not the connection, the disk or the schema). */
export function isDataError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(22|23|54|P0)/.test(error.code ?? '');
}

/** True when PostgreSQL cannot represent a value at all (a NUL character, a number out of range). */
export function isValueError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^22/.test(error.code ?? '');
}

/**
 * True when the database cannot do its work at the moment, whatever it is asked: not reachable, going down, out of disk, memory or
 * connections (53), stopped by somebody or by a time limit (57), failing itself or its files (58, XX), a standby or read-only (25006).
 * The request may be sent again later, unchanged.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|25006|53|57|58|XX)/.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after/.test(error.message)
  );
}

/** Runs `work` in one transaction; rolls back on any error, tries again after a deadlock or serialization failure. */
export function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  return onConnection(pool, async (client) => {
    await client.query(begin);
    const result = await work(client);
    await commit(client);
    return result;
  });
}

/** @throws when PostgreSQL rolled back instead: a statement had failed, and nobody heard of it */
export async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('COMMIT');
  // A transaction that was not kept must never pass for one that was.
  if (command !== 'COMMIT') throw new Error('a transaction was rolled back at its end');
}

/** Runs a whole transaction, BEGIN and COMMIT included; rolls back on any error, tries again after a deadlock or serialization failure. */
export async function onConnection<T>(pool: pg.Pool, transact: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      return await transact(client);
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error('rollback failed');
      });
      if (attempt >= MAX_TRIES || !isRetryable(error)) throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** A consistent picture of several tables at one moment. */
export const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
