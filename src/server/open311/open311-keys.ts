import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { centreSchema } from '#shared/domain/roles.ts';
import { newId } from '#shared/kernel/ids.ts';
import { textSchema } from '#shared/kernel/text.ts';
import type { Queryable } from '../units/unit-keys.ts';

export const open311KeyFieldsSchema = z.strictObject({
  centre: centreSchema,
  /** Who holds it: the author of what is reported with it. */
  holder: textSchema(60).min(1),
  /** Whether it reads what people wrote and where, of callers who are not kept secret. */
  readsDetails: z.boolean(),
});
export interface Open311Key extends z.infer<typeof open311KeyFieldsSchema> {
  readonly id: string;
}

const hashKey = (key: string) => createHash('sha256').update(key).digest();

/** Makes a key, shown this once. @param now epoch ms */
export async function addOpen311Key(
  db: Queryable,
  { centre, holder, readsDetails }: z.infer<typeof open311KeyFieldsSchema>,
  now: number,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = newId<string>(now);
  const key = `o311-${randomBytes(32).toString('base64url')}`;
  await db.query(
    'INSERT INTO open311_keys (id, hash, centre, holder, reads_details, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [id, hashKey(key), centre, holder, readsDetails, now],
  );
  return { id, key };
}

/** Takes a key back, from the next request on. @returns false when there is none that could be taken back */
export async function revokeOpen311Key(db: Queryable, id: string, now: number): Promise<boolean> {
  const { rowCount } = await db.query('UPDATE open311_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [
    id,
    now,
  ]);
  return rowCount === 1;
}

/** Whose key it is, null for none that holds. */
export async function findOpen311Key(db: Queryable, key: string): Promise<Open311Key | null> {
  const found = await db.query<Open311Key>(
    `SELECT id, centre, holder, reads_details AS "readsDetails" FROM open311_keys WHERE hash = $1 AND revoked_at IS NULL`,
    [hashKey(key)],
  );
  return found.rows[0] ?? null;
}
