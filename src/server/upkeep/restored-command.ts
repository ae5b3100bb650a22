import { systemClock } from '#shared/kernel/clock.ts';
import { withDatabase } from './with-database.ts';

const USAGE = [
  'Usage: npm run server -- restored [--data DIR]',
  'After the database came back from a backup, before the server starts: consoles compare everything anew. DATABASE_URL names an existing PostgreSQL.',
].join('\n');

/**
 * `restored`: begins a new numbering of every scope. The epoch becomes the time in minutes, not the next number: a second restore of
 * the same backup must not begin the epoch that the first one did.
 * @returns how many scopes begin anew
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export function runRestoredCommand(args: readonly string[]): Promise<{ readonly scopes: number }> {
  return withDatabase(args, USAGE, async (client) => {
    const raised = await client.query('UPDATE clocks SET epoch = GREATEST(epoch + 1, $1)', [
      Math.floor(systemClock.now() / 60_000),
    ]);
    const scopes = raised.rowCount ?? 0;
    process.stdout.write(`${JSON.stringify({ event: 'scopes.restored', scopes })}\n`);
    return { scopes };
  });
}
