import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { centreSchema, lineSchema, roleSchema } from '#shared/domain/roles.ts';
import { teamSchema } from '#shared/domain/team.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { textSchema } from '#shared/kernel/text.ts';
import { DEFAULT_PASSWORD_POLICY } from '../auth/passwords.ts';
import { badArguments } from '../command-arguments.ts';
import { migrate } from '../db/migrate.ts';
import { connectOnce, createPool } from '../db/pool.ts';
import { claimServerIdentity } from '../db/server-meta.ts';
import { createDb } from '../db/tables.ts';
import { silentLog } from '../log.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openDatabase } from '../postgres/database.ts';
import { ServiceError } from '../service-error.ts';
import { StartupError } from '../startup-error.ts';
import { Accounts } from './accounts.ts';

const USAGE = [
  'Usage: npm run server -- account add --account NAME --centre 320100 [--role admin] [--name 姓名] [--seat 工号]',
  '         [--lines 12345,12350] [--team 班组] [--data DIR]',
  'The password is asked for, or read from HOTLINE_PASSWORD or standard input. DATABASE_URL names an existing PostgreSQL.',
].join('\n');

const newAccountSchema = z.strictObject({
  account: z.string().regex(/^[A-Za-z0-9._-]{2,40}$/),
  password: textSchema(200).min(1),
  name: textSchema(60).min(1),
  seat: textSchema(20).min(1),
  role: roleSchema,
  centre: centreSchema,
  lines: z.array(lineSchema).min(1),
  team: teamSchema.nullable(),
});

/**
 * `account add`: makes an account from the command line, the only way to the first administrator of a production server.
 * Works beside a running server.
 * @throws StartupError BAD_ARGUMENTS, WEAK_PASSWORD, and what opening the database throws
 */
export async function runAccountCommand(args: readonly string[]): Promise<void> {
  const { account, dataDir } = await readArguments(args);
  const database = await openDatabase({ url: process.env.DATABASE_URL || null, dir: dataDir, share: true }, silentLog);
  try {
    const client = await connectOnce(database.url);
    await migrate(client, MIGRATIONS).finally(() => client.end());
    const pool = createPool(database.url, silentLog, 2);
    try {
      const db = createDb(pool);
      await claimServerIdentity(db, 'production', systemClock.now());
      const user = await new Accounts(db, systemClock, DEFAULT_PASSWORD_POLICY).create(account);
      process.stdout.write(
        `${JSON.stringify({ event: 'account.added', id: user.id, role: user.role, centre: user.centre })}\n`,
      );
    } catch (error) {
      throw explain(error);
    } finally {
      await pool.end();
    }
  } finally {
    await database.close();
  }
}

async function readArguments(args: readonly string[]) {
  if (args[0] !== 'add') throw new StartupError('BAD_ARGUMENTS', USAGE);
  try {
    const { values } = parseArgs({
      args: args.slice(1),
      options: {
        account: { type: 'string' },
        name: { type: 'string' },
        seat: { type: 'string' },
        role: { type: 'string', default: 'admin' },
        centre: { type: 'string' },
        lines: { type: 'string', default: '12345,12350' },
        team: { type: 'string' },
        data: { type: 'string', default: '.server-data' },
      },
    });
    const {
      account = '',
      data,
      lines,
      name = account,
      seat = account.slice(0, 20),
      role,
      centre,
      team = null,
    } = values;
    const known = { account, name, seat, role, centre, lines: lines.split(','), team };
    // Asked for last, when everything else is right.
    newAccountSchema.omit({ password: true }).parse(known);
    return { account: newAccountSchema.parse({ ...known, password: await readPassword() }), dataDir: data };
  } catch (cause) {
    throw badArguments(USAGE, cause);
  }
}

async function readPassword(): Promise<string> {
  if (process.env.HOTLINE_PASSWORD !== undefined) return process.env.HOTLINE_PASSWORD;
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  return error.code === 'WEAK_PASSWORD'
    ? new StartupError(
        'WEAK_PASSWORD',
        'The password is too weak: at least 10 characters of three kinds, without the account name.',
      )
    : new StartupError('BAD_ARGUMENTS', 'This account name is taken.');
}
