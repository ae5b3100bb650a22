import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { flowReceiverSchema } from '#shared/domain/overlay/flow.ts';
import { centreSchema, type Line, lineSchema } from '#shared/domain/roles.ts';
import { unitNameSchema } from '#shared/domain/ticket-act.ts';
import { newId } from '#shared/kernel/ids.ts';
import { textSchema } from '#shared/kernel/text.ts';
import { ServiceError } from '../service-error.ts';

/** Most units that work through one system. */
const MOST_UNITS = 2_000;
/** Begins every key, so that one that turns up in a file or a log is known for what it is. */
const PREFIX = 'unit-';

/** Whose key it is: one unit, or a platform (区级平台) that several units of a centre work through. */
export const unitKeyFieldsSchema = z
  .strictObject({
    centre: centreSchema,
    lines: z.array(lineSchema).min(1),
    /** Names of units as dispatchers write them; of a key of kind `flow`, receivers (police, 110 …). */
    units: z.array(unitNameSchema).min(1).max(MOST_UNITS),
    /** What it opens: tickets of units, or what went on to receivers. */
    kind: z.enum(['unit', 'flow']).default('unit'),
    /** Who holds it, for the list of keys. */
    holder: textSchema(60).min(1),
  })
  .refine(({ kind, units }) => kind === 'unit' || units.every((one) => flowReceiverSchema.safeParse(one).success), {
    path: ['units'],
    message: 'not a receiver',
  });
export type UnitKeyFields = z.infer<typeof unitKeyFieldsSchema>;
type NewKey = Omit<UnitKeyFields, 'kind'> & Partial<Pick<UnitKeyFields, 'kind'>>;

/** A key as it is listed: never the key itself, which nobody has but its holder. */
export interface UnitKey extends UnitKeyFields {
  readonly id: string;
}

/** A pool or a connection. */
export type Queryable = Pick<pg.ClientBase | pg.Pool, 'query'>;

interface KeyRow {
  readonly id: string;
  readonly centre: string;
  readonly lines: Line[];
  readonly units: string[];
  readonly holder: string;
  readonly kind: UnitKeyFields['kind'];
  readonly created_at: number | string;
  readonly revoked_at: number | string | null;
}

/** A key has 256 random bits: nobody guesses one, so a plain hash of it is as good as a slow one. */
function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/**
 * Makes a key. It is shown this once: the database keeps its hash only.
 * @param now epoch ms
 */
export async function addUnitKey(
  db: Queryable,
  { centre, lines, units, holder, kind = 'unit' }: NewKey,
  now: number,
): Promise<{ readonly id: string; readonly key: string }> {
  const id = newId<string>(now);
  const key = PREFIX + randomBytes(32).toString('base64url');
  await db.query(
    `INSERT INTO unit_keys (id, hash, centre, lines, units, holder, created_at, kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, hashKey(key), centre, lines, [...new Set(units)], holder, now, kind],
  );
  return { id, key };
}

/** The keys of a centre, oldest first, those that were taken back with the time of it. */
export async function listUnitKeys(
  db: Queryable,
  centre: string,
): Promise<readonly (UnitKey & { readonly createdAt: number; readonly revokedAt: number | null })[]> {
  const found = await db.query<KeyRow>(
    'SELECT id, centre, lines, units, holder, kind, created_at, revoked_at FROM unit_keys WHERE centre = $1 ORDER BY id',
    [centre],
  );
  return found.rows.map(({ created_at, revoked_at, ...key }) => ({
    ...key,
    createdAt: Number(created_at),
    revokedAt: revoked_at === null ? null : Number(revoked_at),
  }));
}

/** Takes a key back, from the next request on, with what was still to be told to its webhooks. @returns false when there is no such key, or it was taken back before */
export async function revokeUnitKey(db: Queryable, id: string, now: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH gone AS (UPDATE unit_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id),
       rest AS (UPDATE unit_deliveries SET next_at = NULL WHERE next_at IS NOT NULL
         AND webhook_id IN (SELECT w.id FROM unit_webhooks w JOIN gone ON gone.id = w.key_id))
     SELECT id FROM gone`,
    [id, now],
  );
  return rowCount === 1;
}

/** Whether an Authorization header carries the key of a unit, good or not. */
export function isUnitKey(header: string | undefined): boolean {
  return /^Bearer unit-/i.test(header ?? '');
}

/**
 * Whose key an Authorization header carries.
 * @throws ServiceError UNAUTHENTICATED also for a key that was taken back, or opens something else
 */
export async function findUnitKey(
  db: Queryable,
  header: string | undefined,
  kind: UnitKeyFields['kind'] = 'unit',
): Promise<UnitKey> {
  const key = /^Bearer (unit-[\w-]{20,100})$/i.exec(header ?? '')?.[1];
  if (key === undefined) throw new ServiceError('UNAUTHENTICATED');
  const found = await db.query<UnitKey>({
    name: 'find-unit-key',
    text: 'SELECT id, centre, lines, units, holder, kind FROM unit_keys WHERE hash = $1 AND kind = $2 AND revoked_at IS NULL',
    values: [hashKey(key), kind],
  });
  const [row] = found.rows;
  if (!row) throw new ServiceError('UNAUTHENTICATED');
  return row;
}
