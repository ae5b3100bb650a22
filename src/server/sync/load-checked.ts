import type pg from 'pg';
import type { CheckedTicket } from './batch.ts';

/** What checks compare themselves with, of tickets by uid. Nothing is locked: who made a ticket never changes, and its end stays one. */
export async function loadChecked(
  client: pg.ClientBase,
  uids: readonly string[],
): Promise<ReadonlyMap<string, CheckedTicket>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<CheckedTicket & { readonly uid: string }>({
    name: 'load-checked',
    text: `SELECT uid, scope, number, status, doc ->> 'createdById' AS "createdById" FROM tickets WHERE uid = ANY($1::uuid[])`,
    values: [uids],
  });
  return new Map(found.rows.map((row) => [row.uid, row]));
}
