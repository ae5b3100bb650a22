import type pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import type { Decision } from './batch.ts';

/** What a unit's system is told: which ticket, and whether the unit still has it. No word of the ticket itself travels. */
export interface UnitNews {
  readonly event: 'ticket.changed' | 'ticket.withdrawn';
  /** Epoch ms. */
  readonly at: number;
  readonly ticket: { readonly uid: string; readonly version: number; readonly status: string; readonly unit: string };
}

interface NewsRow {
  readonly webhook_id: string;
  readonly uid: string;
  readonly version: number;
  readonly status: string;
  readonly unit: string;
  readonly is_withdrawn: boolean;
}

/**
 * Writes down, with the decision itself, what the systems of units are to be told about it: their tickets that changed, and those that were taken
 * from them. Sent after the commit, as often as it takes.
 */
export async function enqueueUnitNews(
  client: pg.ClientBase,
  { inserts, touches }: Pick<Decision, 'inserts' | 'touches'>,
  now: number,
): Promise<void> {
  const made = inserts
    .filter(({ ticket }) => ticket.unit !== null)
    .map(({ ticket: { uid } }) => ({ uid, former: null }));
  const rows = [...made, ...touches.map(({ uid, moved }) => ({ uid, former: moved?.formerUnit ?? null }))];
  if (rows.length === 0) return;
  const found = await client.query<NewsRow>({
    name: 'unit-news',
    text: `SELECT w.id AS webhook_id, t.uid, t.version, t.status, u.unit, u.unit IS DISTINCT FROM t.unit AS is_withdrawn
      FROM unit_webhooks w JOIN unit_keys k ON k.id = w.key_id
        CROSS JOIN json_to_recordset($1::json) AS r(uid uuid, former text)
        JOIN tickets t ON t.uid = r.uid AND t.centre = k.centre AND t.line = ANY(k.lines)
        CROSS JOIN LATERAL (SELECT t.unit UNION SELECT r.former) AS u(unit)
      WHERE w.removed_at IS NULL AND k.revoked_at IS NULL AND u.unit = ANY(k.units)`,
    values: [JSON.stringify(rows)],
  });
  if (found.rows.length === 0) return;
  const news = found.rows.map(({ webhook_id, uid, version, status, unit, is_withdrawn }) => {
    const ticket = { uid, version, status, unit };
    const body: UnitNews = { event: is_withdrawn ? 'ticket.withdrawn' : 'ticket.changed', at: now, ticket };
    return { id: newId<string>(now), webhook_id, body: JSON.stringify(body) };
  });
  await client.query(
    `INSERT INTO unit_deliveries (id, webhook_id, body, made_at, next_at)
     SELECT id, webhook_id, body, $2, $2 FROM json_to_recordset($1::json) AS d(id uuid, webhook_id uuid, body text)`,
    [JSON.stringify(news), now],
  );
}
