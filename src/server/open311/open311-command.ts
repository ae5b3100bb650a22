import { systemClock } from '#shared/kernel/clock.ts';
import { endById, runLineCommand } from '../upkeep/line-command.ts';
import { addOpen311Key, open311KeyFieldsSchema, revokeOpen311Key } from './open311-keys.ts';

const text = { type: 'string' } as const;
const USAGE = [
  'Usage: npm run server -- open311-key add --centre 320100 --holder NAME [--details] [--data DIR]',
  '       npm run server -- open311-key revoke --id ID [--data DIR]',
  'With --details the key reads what people wrote and where it happened, of callers who are not kept secret. The key is printed once.',
].join('\n');
const OPTIONS = { centre: text, holder: text, details: { type: 'boolean', default: false } as const, id: text };

/**
 * `open311-key add | revoke`: keys to report and read through Open311. Works beside a running server.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runOpen311KeyCommand(args: readonly string[]): Promise<void> {
  const now = systemClock.now();
  await runLineCommand(args, USAGE, OPTIONS, (action, values) => {
    switch (action) {
      case 'add': {
        const { centre, holder, details: readsDetails } = values;
        const fields = open311KeyFieldsSchema.parse({ centre, holder, readsDetails });
        return async (client) => ({
          event: 'open311-key.added',
          ...fields,
          ...(await addOpen311Key(client, fields, now)),
        });
      }
      case 'revoke':
        return endById('open311-key.revoked', values, (client, id) => revokeOpen311Key(client, id, now));
      default:
        return null;
    }
  });
}
