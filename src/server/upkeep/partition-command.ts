import { systemClock } from '#shared/kernel/clock.ts';
import { type Partitioned, partitionTables } from './partitions.ts';
import { withDatabase } from './with-database.ts';

const USAGE = [
  'Usage: npm run server -- partition [--data DIR]',
  'Cuts tickets, their events and the log of operations into partitions (docs/scale.md). DATABASE_URL names an existing PostgreSQL.',
].join('\n');

/**
 * `partition`: cuts the big tables once, and makes missing months. The first time is for a moment without work: requests wait while
 * the tables are read, and after 30 seconds are refused and sent again.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export function runPartitionCommand(args: readonly string[]): Promise<Partitioned> {
  return withDatabase(args, USAGE, async (client) => {
    await client.query('BEGIN');
    const done = await partitionTables(client, systemClock.now());
    await client.query('COMMIT');
    // A partitioned table as a whole is analyzed by nobody else.
    if (done.made.length > 0) await client.query('ANALYZE tickets, ticket_events, op_log');
    process.stdout.write(`${JSON.stringify({ event: 'partitions.made', partitions: done.made })}\n`);
    return done;
  });
}
