import { parseArgs } from 'node:util';
import { systemClock } from '#shared/kernel/clock.ts';
import { migrate } from '../db/migrate.ts';
import { connectOnce } from '../db/pool.ts';
import { silentLog } from '../log.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openDatabase } from '../postgres/database.ts';
import { StartupError } from '../startup-error.ts';
import { type Partitioned, partitionTables } from './partitions.ts';

const USAGE = [
  'Usage: npm run server -- partition [--data DIR]',
  'Cuts tickets, their events and the log of operations into partitions (docs/scale.md). DATABASE_URL names an existing PostgreSQL.',
].join('\n');

/**
 * `partition`: cuts the big tables once, and makes missing months. The first time is for a moment without work: requests wait while
 * the tables are read, and after 30 seconds are refused and sent again.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runPartitionCommand(args: readonly string[]): Promise<Partitioned> {
  const { url, close } = await openDatabase(
    { url: process.env.DATABASE_URL || null, dir: readDataDir(args), share: true },
    silentLog,
  );
  try {
    const client = await connectOnce(url);
    try {
      await migrate(client, MIGRATIONS);
      await client.query('BEGIN');
      const done = await partitionTables(client, systemClock.now());
      await client.query('COMMIT');
      // A partitioned table as a whole is analyzed by nobody else.
      if (done.made.length > 0) await client.query('ANALYZE tickets, ticket_events, op_log');
      process.stdout.write(`${JSON.stringify({ event: 'partitions.made', partitions: done.made })}\n`);
      return done;
    } finally {
      // Ends a transaction that failed, too.
      await client.end();
    }
  } finally {
    await close();
  }
}

function readDataDir(args: readonly string[]): string {
  try {
    return parseArgs({ args: [...args], options: { data: { type: 'string', default: '.server-data' } } }).values.data;
  } catch (cause) {
    throw new StartupError('BAD_ARGUMENTS', USAGE, { cause });
  }
}
