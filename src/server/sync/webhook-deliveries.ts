import type pg from 'pg';

/** Writes down what is to be sent to webhooks after the commit. */
export async function enqueueDeliveries(
  client: pg.ClientBase,
  news: readonly { readonly id: string; readonly webhook_id: string; readonly body: string }[],
  now: number,
): Promise<void> {
  if (news.length === 0) return;
  await client.query(
    `INSERT INTO unit_deliveries (id, webhook_id, body, made_at, next_at)
     SELECT id, webhook_id, body, $2, $2 FROM json_to_recordset($1::json) AS d(id uuid, webhook_id uuid, body text)`,
    [JSON.stringify(news), now],
  );
}
