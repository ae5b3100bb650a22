import { parseArgs } from 'node:util';
import { z } from 'zod';
import { centreSchema } from '#shared/domain/roles.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { badArguments } from '../command-arguments.ts';
import { StartupError } from '../startup-error.ts';
import { withDatabase } from '../upkeep/with-database.ts';
import { addUnitKey, listUnitKeys, revokeUnitKey, unitKeyFieldsSchema } from './unit-keys.ts';

const USAGE = [
  'Usage: npm run server -- unit-key add --centre 320100 --units 鼓楼区城管局[,…] [--holder NAME] [--lines 12345] [--data DIR]',
  '       npm run server -- unit-key list --centre 320100 [--data DIR]',
  '       npm run server -- unit-key revoke --id ID [--data DIR]',
  'The key is printed once and kept nowhere. DATABASE_URL names an existing PostgreSQL.',
].join('\n');

/**
 * `unit-key add | list | revoke`: keys with which handling units work from their own systems. Works beside a running server.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runUnitKeyCommand(args: readonly string[]): Promise<void> {
  const { work, data } = readArguments(args);
  const line = await withDatabase(['--data', data], USAGE, work);
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

type Work = Parameters<typeof withDatabase<object>>[2];

function readArguments([action, ...args]: readonly string[]): { readonly work: Work; readonly data: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        centre: { type: 'string' },
        units: { type: 'string' },
        holder: { type: 'string' },
        lines: { type: 'string', default: '12345' },
        id: { type: 'string' },
        data: { type: 'string', default: '.server-data' },
      },
    });
    return { work: readWork(action, values), data: values.data };
  } catch (cause) {
    throw badArguments(USAGE, cause);
  }
}

interface Values {
  readonly centre?: string | undefined;
  readonly units?: string | undefined;
  readonly holder?: string | undefined;
  readonly lines: string;
  readonly id?: string | undefined;
}

function readWork(action: string | undefined, values: Values): Work {
  const now = systemClock.now();
  switch (action) {
    case 'add': {
      const units = (values.units ?? '').split(',').map((unit) => unit.trim());
      const fields = unitKeyFieldsSchema.parse({
        centre: values.centre,
        lines: values.lines.split(','),
        units,
        holder: values.holder ?? units[0]?.slice(0, 60),
      });
      return async (client) => ({ event: 'unit-key.added', ...fields, ...(await addUnitKey(client, fields, now)) });
    }
    case 'list': {
      const centre = centreSchema.parse(values.centre);
      return async (client) => ({ event: 'unit-key.list', keys: await listUnitKeys(client, centre) });
    }
    case 'revoke': {
      const id = z.uuid().parse(values.id);
      return async (client) => {
        if (await revokeUnitKey(client, id, now)) return { event: 'unit-key.revoked', id };
        throw new StartupError('BAD_ARGUMENTS', `There is no key ${id} that could be taken back.`);
      };
    }
    default:
      throw new StartupError('BAD_ARGUMENTS', USAGE);
  }
}
