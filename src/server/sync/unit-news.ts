import type pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import type { Decision } from './batch.ts';
import { enqueueDeliveries } from './webhook-deliveries.ts';

/** What a unit's system is told: which ticket, and whether the unit still has it. No word of the ticket itself travels. */
export interface UnitNews {
  readonly event: 'ticket.changed' | 'ticket.withdrawn';
  /** Epoch ms. */
  readonly at: number;
  readonly ticket: {
    readonly uid: string;
    readonly version: number;
    readonly status: string;
    readonly unit: string;
    /** 主办, 协办, or named by a 督办 or 批示. */
    readonly as: 'lead' | 'co' | 'order';
  };
}

interface NewsRow {
  readonly webhook_id: string;
  readonly uid: string;
  readonly version: number;
  readonly status: string;
  readonly unit: string;
  readonly part: UnitNews['ticket']['as'];
  readonly is_withdrawn: boolean;
}

/**
 * Writes down, with the decision itself, what the systems of units are to be told about it: their tickets that changed, those under a 督办 or
 * 批示 that names them, and those that were taken from them. Sent after the commit, as often as it takes.
 */
export async function enqueueUnitNews(
  client: pg.ClientBase,
  { inserts, touches }: Pick<Decision, 'inserts' | 'touches'>,
  now: number,
): Promise<void> {
  const made = inserts
    .filter(({ ticket }) => ticket.unit !== null)
    .map(({ ticket: { uid } }) => ({ uid, since: 0, former: null, former_co: [] }));
  const touched = touches.map(({ uid, fromVersion: since, moved }) => {
    const { formerUnit: former = null, formerCoUnits: former_co = [] } = moved ?? {};
    return { uid, since, former, former_co };
  });
  const rows = [...made, ...touched];
  if (rows.length === 0) return;
  const found = await client.query<NewsRow>({
    name: 'unit-news',
    text: `SELECT w.id AS webhook_id, t.uid, t.version, t.status, u.unit, u.part, u.rank > 2 AS is_withdrawn
      FROM unit_webhooks w JOIN unit_keys k ON k.id = w.key_id
        CROSS JOIN json_to_recordset($1::json) AS r(uid uuid, since int, former text, former_co json)
        JOIN tickets t ON t.uid = r.uid AND t.centre = k.centre AND t.line = ANY(k.lines)
        CROSS JOIN LATERAL (
          SELECT DISTINCT ON (one.unit) one.unit, one.part, one.rank FROM (
            SELECT t.unit, 'lead' AS part, 0 AS rank
            UNION ALL SELECT c.unit, 'co', 1 FROM json_array_elements_text(t.handling -> 'coUnits') AS c(unit) WHERE t.unit IS NOT NULL
            UNION ALL SELECT o.overlay ->> 'unit', 'order', CASE WHEN e.version IS NULL THEN 2 ELSE 5 END
              FROM ticket_events o LEFT JOIN ticket_events e
                ON e.ticket_uid = o.ticket_uid AND e.overlay ->> 'step' = 'finish' AND e.overlay ->> 'ref' = o.id::text
              WHERE o.ticket_uid = t.uid AND o.overlay ->> 'step' = 'order' AND (e.version IS NULL OR e.version > r.since)
            UNION ALL SELECT r.former, 'lead', 3
            UNION ALL SELECT f.unit, 'co', 4 FROM json_array_elements_text(r.former_co) AS f(unit)
          ) AS one ORDER BY one.unit, one.rank) AS u
      WHERE w.removed_at IS NULL AND k.revoked_at IS NULL AND k.kind = 'unit' AND u.unit = ANY(k.units)`,
    values: [JSON.stringify(rows)],
  });
  const news = found.rows.map(({ webhook_id, uid, version, status, unit, part, is_withdrawn }) => {
    const ticket = { uid, version, status, unit, as: part };
    const body: UnitNews = { event: is_withdrawn ? 'ticket.withdrawn' : 'ticket.changed', at: now, ticket };
    return { id: newId<string>(now), webhook_id, body: JSON.stringify(body) };
  });
  await enqueueDeliveries(client, news, now);
}
