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
    text: 'SELECT op_id, hash, result FROM op_log WHERE op_id = ANY($1::uuid[]) ORDER BY received_at DESC',
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
