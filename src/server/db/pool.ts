import pg from 'pg';
import type { Log } from '../log.ts';

/** bigint columns hold counters and epoch milliseconds, all below 2^53: read them as numbers. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
};

/** Connections of a server process. Every statement is limited in time, so one bad query cannot hold the others up. */
export function createPool(url: string, log: Log, max = 12): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    // What was sent is answered in order: whoever knows what comes next need not wait for the answer before.
    pipeline: true,
    types: TYPES,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'hotline-server',
  });
  // The pool listens to idle connections only; one that breaks while a request uses it would end the process unheard.
  pool.on('connect', (client) => client.on('error', (error) => log.error('postgres.connection-lost', error)));
  pool.on('error', () => undefined);
  return pool;
}

/** One connection with the same types and no time limit: migrations, bulk loading, LISTEN. */
export async function connectOnce(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types: TYPES,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'hotline-server',
  });
  await client.connect();
  return client;
}
