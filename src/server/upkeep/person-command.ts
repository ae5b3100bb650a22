import { parseArgs } from 'node:util';
import { z } from 'zod';
import { normalizePhone } from '#shared/domain/phone.ts';
import { centreSchema } from '#shared/domain/roles.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { citizenIdSchema } from '#shared/kernel/ids.ts';
import { textSchema } from '#shared/kernel/text.ts';
import { badArguments } from '../command-arguments.ts';
import { migrate } from '../db/migrate.ts';
import { connectOnce, createPool } from '../db/pool.ts';
import { silentLog } from '../log.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openDatabase } from '../postgres/database.ts';
import { StartupError } from '../startup-error.ts';
import { type Erasure, type ErasureRequest, erasePerson, findErasure } from './erase-person.ts';

const USAGE = [
  'Usage: npm run server -- person erase --centre 320100 (--citizen UID | --phone NUMBER) --reason WHY --by NAME [--yes]',
  '         [--data DIR]',
  'Without --yes it only counts what would be erased. WHY is kept: a file number, not a name. DATABASE_URL names an existing PostgreSQL.',
].join('\n');

const argumentsSchema = z
  .strictObject({
    centre: centreSchema,
    citizen: citizenIdSchema.optional(),
    phone: z.string().transform(normalizePhone).pipe(z.string().min(7)).optional(),
    reason: textSchema(200).min(1),
    by: textSchema(LIMITS.name).min(1),
    yes: z.boolean(),
    data: z.string().min(1),
  })
  .refine(({ citizen, phone }) => (citizen === undefined) !== (phone === undefined), { path: ['citizen', 'phone'] });
type Arguments = z.infer<typeof argumentsSchema>;

/**
 * `person erase`: erases a person who asked for it, at the server and with the next sync on every console. Works beside a running
 * server. Cannot be undone.
 * @throws StartupError BAD_ARGUMENTS, NOBODY_FOUND, and what opening the database throws
 */
export async function runPersonCommand(args: readonly string[]): Promise<Erasure> {
  const wanted = readArguments(args);
  const { url, close } = await openDatabase(
    { url: process.env.DATABASE_URL || null, dir: wanted.data, share: true },
    silentLog,
  );
  try {
    const client = await connectOnce(url);
    await migrate(client, MIGRATIONS).finally(() => client.end());
    const pool = createPool(url, silentLog, 1);
    try {
      const request = toRequest(wanted);
      const erasure = wanted.yes
        ? await erasePerson(pool, request, systemClock.now())
        : await findErasure(pool, request);
      if (erasure.citizens + erasure.tickets === 0) {
        throw new StartupError('NOBODY_FOUND', `Nothing in centre ${wanted.centre} belongs to this person.`);
      }
      const event = wanted.yes ? 'person.erased' : 'person.found';
      process.stdout.write(`${JSON.stringify({ event, centre: wanted.centre, ...erasure })}\n`);
      return erasure;
    } finally {
      await pool.end();
    }
  } finally {
    await close();
  }
}

function toRequest({ centre, citizen, phone, reason, by }: Arguments): ErasureRequest {
  return { centre, by: citizen === undefined ? { phone: phone ?? '' } : { citizenUid: citizen }, reason, doneBy: by };
}

function readArguments(args: readonly string[]): Arguments {
  if (args[0] !== 'erase') throw new StartupError('BAD_ARGUMENTS', USAGE);
  try {
    const { values } = parseArgs({
      args: args.slice(1),
      options: {
        centre: { type: 'string' },
        citizen: { type: 'string' },
        phone: { type: 'string' },
        reason: { type: 'string' },
        by: { type: 'string' },
        yes: { type: 'boolean', default: false },
        data: { type: 'string', default: '.server-data' },
      },
    });
    return argumentsSchema.parse(values);
  } catch (cause) {
    throw badArguments(USAGE, cause);
  }
}
