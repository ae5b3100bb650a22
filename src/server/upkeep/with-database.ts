import { parseArgs } from 'node:util';
import type pg from 'pg';
import { badArguments } from '../command-arguments.ts';
import { migrate } from '../db/migrate.ts';
import { connectOnce } from '../db/pool.ts';
import { silentLog } from '../log.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openDatabase } from '../postgres/database.ts';

/**
 * Does the work of a command in the server's database, beside a running server or without one: the database in DATABASE_URL, else the
 * embedded one in the folder of `--data`, brought to the newest shape first.
 * @param usage said when the arguments cannot be understood
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function withDatabase<T>(
  args: readonly string[],
  usage: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const dir = readDataDir(args, usage);
  const { url, close } = await openDatabase({ url: process.env.DATABASE_URL || null, dir, share: true }, silentLog);
  try {
    const client = await connectOnce(url);
    try {
      await migrate(client, MIGRATIONS);
      return await work(client);
    } finally {
      // Ends a transaction that failed, too.
      await client.end();
    }
  } finally {
    await close();
  }
}

function readDataDir(args: readonly string[], usage: string): string {
  try {
    return parseArgs({ args: [...args], options: { data: { type: 'string', default: '.server-data' } } }).values.data;
  } catch (cause) {
    throw badArguments(usage, cause);
  }
}
