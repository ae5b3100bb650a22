import pg from 'pg';
import type { Log } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import { startCluster } from './cluster.ts';

/** A database to work on and what has to be undone at the end. */
export interface OpenedDatabase {
  readonly url: string;
  close(): Promise<void>;
}

const DATABASE = 'hotline';
/** Advisory lock of whoever may stop the embedded cluster: one server (or tool) per data folder. */
const OWNER_LOCK = 0x12345_01;

/**
 * Opens the database: `url` of an existing PostgreSQL ≥ 15, or the embedded cluster of a data folder.
 * With `share`, a tool may work beside a running server on the same folder; it leaves the cluster to its owner.
 * @throws StartupError when it cannot be reached or opened, is too old, or another server owns the folder
 */
export async function openDatabase(
  options: { readonly url: string | null; readonly dir: string; readonly share: boolean },
  log: Log,
): Promise<OpenedDatabase> {
  if (options.url !== null) {
    await checkServerVersion(options.url);
    return { url: options.url, close: async () => {} };
  }
  const cluster = await startCluster(options.dir, log);
  const owner = await connect(cluster.url('postgres'));
  let isOwner = false;
  const close = async () => {
    await owner.end().catch(() => {});
    if (isOwner) await cluster.stop();
  };
  try {
    const lock = await owner.query('SELECT pg_try_advisory_lock($1) AS held', [OWNER_LOCK]);
    isOwner = lock.rows[0]?.held === true;
    if (!isOwner && !options.share) {
      throw new StartupError('FOLDER_IN_USE', `Another server or tool is using the data folder ${options.dir}.`);
    }
    await createDatabase(owner);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: cluster.url(DATABASE), close };
}

async function createDatabase(client: pg.Client): Promise<void> {
  const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (exists.rowCount !== 0) return;
  await client.query(`CREATE DATABASE ${DATABASE} ENCODING 'UTF8' TEMPLATE template0`).catch((error: unknown) => {
    // 42P04: a tool made it in the same moment.
    if (!(error instanceof pg.DatabaseError) || error.code !== '42P04') throw error;
  });
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  // PostgreSQL ending first is reported by the pool; this connection only holds the lock.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Why PostgreSQL could not be opened: three mistakes that are put right in three different places. */
function explainRefusal(cause: unknown): StartupError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case '28P01':
    case '28000':
      return new StartupError(
        'DATABASE_REFUSED',
        'PostgreSQL refuses the user of DATABASE_URL: check user and password, and that pg_hba.conf admits this machine.',
        { cause },
      );
    case '3D000':
      return new StartupError(
        'DATABASE_MISSING',
        'The database that DATABASE_URL names does not exist: create it first, with this user as its owner.',
        { cause },
      );
    case 'ERR_INVALID_URL':
      return new StartupError(
        'BAD_DATABASE_URL',
        'DATABASE_URL is not of the form postgres://user:password@host:port/database.',
        { cause },
      );
    default:
      return new StartupError('DATABASE_UNREACHABLE', 'The PostgreSQL of DATABASE_URL does not answer.', { cause });
  }
}

async function checkServerVersion(url: string): Promise<void> {
  const client = await connect(url).catch((cause: unknown) => {
    throw explainRefusal(cause);
  });
  try {
    const result = await client.query("SELECT current_setting('server_version_num')::int AS version");
    const version: unknown = result.rows[0]?.version;
    if (typeof version !== 'number' || version < 150_000) {
      throw new StartupError('POSTGRES_VERSION', 'DATABASE_URL must point to PostgreSQL 15 or newer.');
    }
  } finally {
    await client.end();
  }
}
