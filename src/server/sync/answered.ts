import type pg from 'pg';
import type { OpResult } from '#shared/sync/wire.ts';
import type { AnsweredOp } from './batch.ts';

/** Reads which of these operations were answered before, under whatever number, and how. */
export async function loadAnswered(
  client: pg.ClientBase,
  opIds: readonly string[],
): Promise<ReadonlyMap<string, AnsweredOp>> {
  const found = await client.query<{ op_id: string; hash: Buffer; result: OpResult }>({
    name: 'load-answered',
    // One by one: of a list of hundreds PostgreSQL expects so many rows, while it knows little of a log that grows fast, that it reads all of it.
    text: `SELECT o.op_id, o.hash, o.result FROM unnest($1::uuid[]) AS asked(op_id)
        CROSS JOIN LATERAL (SELECT * FROM op_log l WHERE l.op_id = asked.op_id OFFSET 0) AS o
      ORDER BY o.received_at DESC`,
    values: [opIds],
  });
  const answered = new Map<string, AnsweredOp>();
  // The first answer counts, but one that changed nothing does not hide a later one that did.
  for (const { op_id, hash, result } of found.rows) {
    const later = answered.get(op_id);
    if (later && isRefusal(result) && !isRefusal(later.result)) continue;
    answered.set(op_id, { hash: hash.toString('hex'), result });
  }
  return answered;
}

function isRefusal({ code }: OpResult): boolean {
  return code === 'rejected' || code === 'blocked';
}
