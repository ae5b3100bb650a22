import type pg from 'pg';
import type { Actor } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';

/**
 * Locks a console's numbering (making it on first contact) until the transaction ends, so two connections of one console
 * take turns.
 * @returns number of the last operation the server answered
 * @throws ServiceError FORBIDDEN when the console belongs to another centre
 */
export async function lockConsole(
  client: pg.ClientBase,
  actor: Actor,
  incarnation: number,
  schema: number,
  now: number,
): Promise<number> {
  const locked = await client.query<{ last_s: number; centre: string }>({
    name: 'lock-console',
    text: `INSERT INTO consoles (id, incarnation, centre, user_id, schema_version, first_seen_at, last_seen_at)
      VALUES ($1, $2, $3, $4, $5, $6, $6)
      ON CONFLICT (id, incarnation) DO UPDATE SET
        last_seen_at = excluded.last_seen_at, schema_version = excluded.schema_version, user_id = excluded.user_id
      RETURNING last_s, centre`,
    values: [actor.console, incarnation, actor.centre, actor.id, schema, now],
  });
  const row = locked.rows[0];
  if (!row || row.centre !== actor.centre) throw new ServiceError('FORBIDDEN');
  return row.last_s;
}
