import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newId } from '#shared/kernel/ids.ts';
import type { Queryable } from './unit-keys.ts';

/** Where a unit's system listens. No credentials in it: who asks is proved by the signature. */
export const webhookUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => URL.canParse(url) && new URL(url).username === '' && new URL(url).password === '');

/** A webhook as it is listed; its secret is shown once. */
export interface UnitWebhook {
  readonly id: string;
  readonly keyId: string;
  readonly url: string;
  readonly removedAt: number | null;
  /** News that wait to be sent, and those that were given up. */
  readonly waiting: number;
  readonly givenUp: number;
}

/**
 * Registers a webhook for the units of a key.
 * @param now epoch ms
 * @returns null when there is no such key
 */
export async function addUnitWebhook(
  db: Queryable,
  keyId: string,
  url: string,
  now: number,
): Promise<{ readonly id: string; readonly secret: string } | null> {
  const id = newId<string>(now);
  const secret = randomBytes(32);
  const { rowCount } = await db.query(
    `INSERT INTO unit_webhooks (id, key_id, url, secret, created_at)
     SELECT $1, id, $3, $4, $5 FROM unit_keys WHERE id = $2 AND revoked_at IS NULL`,
    [id, keyId, url, secret, now],
  );
  return rowCount === 1 ? { id, secret: `whsec_${secret.toString('base64')}` } : null;
}

/** The webhooks of a centre, oldest first. */
export async function listUnitWebhooks(db: Queryable, centre: string): Promise<readonly UnitWebhook[]> {
  const found = await db.query<{
    id: string;
    key_id: string;
    url: string;
    removed_at: number | string | null;
    waiting: number;
    given_up: number;
  }>(
    `SELECT w.id, w.key_id, w.url, w.removed_at,
        (SELECT count(*)::int FROM unit_deliveries d WHERE d.webhook_id = w.id AND d.next_at IS NOT NULL) AS waiting,
        (SELECT count(*)::int FROM unit_deliveries d
          WHERE d.webhook_id = w.id AND d.next_at IS NULL AND d.delivered_at IS NULL) AS given_up
      FROM unit_webhooks w JOIN unit_keys k ON k.id = w.key_id WHERE k.centre = $1 ORDER BY w.id`,
    [centre],
  );
  return found.rows.map(({ id, key_id, url, removed_at, waiting, given_up }) => ({
    id,
    keyId: key_id,
    url,
    removedAt: removed_at === null ? null : Number(removed_at),
    waiting,
    givenUp: given_up,
  }));
}

/** Ends a webhook with everything it still had to send. @returns false when there is none that could be ended */
export async function removeUnitWebhook(db: Queryable, id: string, now: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH gone AS (UPDATE unit_webhooks SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING id),
       rest AS (UPDATE unit_deliveries SET next_at = NULL WHERE webhook_id IN (SELECT id FROM gone))
     SELECT id FROM gone`,
    [id, now],
  );
  return rowCount === 1;
}

/**
 * Signs a delivery as Standard Webhooks 1.0 asks for: base64 of HMAC-SHA256 over `id.timestamp.body`.
 * @param timestamp seconds
 */
export function signDelivery(secret: Buffer, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
