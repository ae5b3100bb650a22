import { z } from 'zod';
import { centreSchema } from '#shared/domain/roles.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { StartupError } from '../startup-error.ts';
import { endById, runLineCommand } from '../upkeep/line-command.ts';
import { addUnitKey, listUnitKeys, revokeUnitKey, unitKeyFieldsSchema } from './unit-keys.ts';
import { addUnitWebhook, listUnitWebhooks, removeUnitWebhook, webhookUrlSchema } from './unit-webhooks.ts';

const text = { type: 'string' } as const;
const inCentre = z.object({ centre: centreSchema });
const list = z
  .string()
  .default('')
  .transform((written) => written.split(',').map((one) => one.trim()));
const namesSchema = z.object({ units: list, lines: list });

const KEY_USAGE = [
  'Usage: npm run server -- unit-key add --centre 320100 --units 鼓楼区城管局[,…] [--holder NAME] [--lines 12345] [--data DIR]',
  '       npm run server -- unit-key add --centre 320500 --kind flow --units police [--holder NAME] [--lines 12345] [--data DIR]',
  '       npm run server -- unit-key list --centre 320100 [--data DIR]',
  '       npm run server -- unit-key revoke --id ID [--data DIR]',
  'The key is printed once and kept nowhere. DATABASE_URL names an existing PostgreSQL.',
].join('\n');
const KEY_OPTIONS = {
  centre: text,
  units: text,
  holder: text,
  lines: { ...text, default: '12345' },
  id: text,
  kind: { ...text, default: 'unit' },
};

/**
 * `unit-key add | list | revoke`: keys with which handling units, and receivers of 流转 and 移交, work from their own systems. Works beside a running server.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runUnitKeyCommand(args: readonly string[]): Promise<void> {
  const now = systemClock.now();
  await runLineCommand(args, KEY_USAGE, KEY_OPTIONS, (action, values) => {
    switch (action) {
      case 'add': {
        const { units, lines } = namesSchema.parse(values);
        const { centre, holder = units[0]?.slice(0, 60) } = values;
        const fields = unitKeyFieldsSchema.parse({ centre, lines, units, holder, kind: values.kind });
        return async (client) => ({ event: 'unit-key.added', ...fields, ...(await addUnitKey(client, fields, now)) });
      }
      case 'list': {
        const { centre } = inCentre.parse(values);
        return async (client) => ({ event: 'unit-key.list', keys: await listUnitKeys(client, centre) });
      }
      case 'revoke':
        return endById('unit-key.revoked', values, (client, id) => revokeUnitKey(client, id, now));
      default:
        return null;
    }
  });
}

const WEBHOOK_USAGE = [
  'Usage: npm run server -- unit-webhook add --key ID --url https://… [--data DIR]',
  '       npm run server -- unit-webhook list --centre 320100 [--data DIR]',
  '       npm run server -- unit-webhook remove --id ID [--data DIR]',
  'The secret that deliveries are signed with is printed once. DATABASE_URL names an existing PostgreSQL.',
].join('\n');
const WEBHOOK_OPTIONS = { centre: text, key: text, url: text, id: text };

/**
 * `unit-webhook add | list | remove`: where the systems of units are told that a ticket changed. Works beside a running server.
 * @throws StartupError BAD_ARGUMENTS, and what opening the database throws
 */
export async function runUnitWebhookCommand(args: readonly string[]): Promise<void> {
  const now = systemClock.now();
  await runLineCommand(args, WEBHOOK_USAGE, WEBHOOK_OPTIONS, (action, values) => {
    switch (action) {
      case 'add': {
        const { key, url } = z.object({ key: z.uuid(), url: webhookUrlSchema }).parse(values);
        return async (client) => {
          const made = await addUnitWebhook(client, key, url, now);
          if (!made) throw new StartupError('BAD_ARGUMENTS', `There is no key ${key} that holds.`);
          return { event: 'unit-webhook.added', url, ...made };
        };
      }
      case 'list': {
        const { centre } = inCentre.parse(values);
        return async (client) => ({ event: 'unit-webhook.list', webhooks: await listUnitWebhooks(client, centre) });
      }
      case 'remove':
        return endById('unit-webhook.removed', values, (client, id) => removeUnitWebhook(client, id, now));
      default:
        return null;
    }
  });
}
