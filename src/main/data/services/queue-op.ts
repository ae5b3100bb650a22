import { createHash } from 'node:crypto';
import { newId, type OpId } from '#shared/kernel/ids.ts';
import { SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { type Op, plainOpText, sortKeys } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { insertOutboxEntry } from '../repositories/outbox.repository.ts';
import { keepServerRow } from './show-row.ts';

/** The part of an operation that says what happened. */
type OpBody = { [K in Op['kind']]: Pick<Extract<Op, { kind: K }>, 'kind' | 'uid' | 'args'> }[Op['kind']];

/** SHA-256 (hex) by which the server tells a resend from a clone; the keys of `args` are in order already. */
export function hashOp(op: Pick<Op, 'kind' | 'uid' | 'args'>): string {
  return createHash('sha256').update(plainOpText(op)).digest('hex');
}

/**
 * Writes an operation into the outbox under the next number. Must run inside the transaction that changes the row it is about:
 * a change without its operation would vanish with the next pull. Called before the row is changed: what the server holds is kept beside it.
 */
export function queueOp<B extends OpBody>(
  db: WritableDb,
  body: B,
  meta: { readonly at: number; readonly baseVersion: number; readonly label: string; readonly dependsOn?: OpId },
): Extract<Op, { kind: B['kind'] }> {
  if (!db.inTransaction) throw new Error('queueOp outside a transaction');
  keepServerRow(db, body.kind, body.uid);
  const identity = getIdentity(db);
  // Keys in order, once for all: what is stored, sent and hashed is the same text, and nobody has to sort it again.
  const args = sortKeys(body.args);
  const op = {
    ...body,
    args,
    s: identity.nextOp,
    opId: newId<OpId>(meta.at),
    at: meta.at,
    baseVersion: meta.baseVersion,
    ...(meta.dependsOn ? { dependsOn: meta.dependsOn } : {}),
    hash: hashOp({ ...body, args }),
  } as unknown as Extract<Op, { kind: B['kind'] }>;
  insertOutboxEntry(db, { op, incarnation: identity.incarnation, schema: SCHEMA_VERSION, label: meta.label });
  saveIdentity(db, { ...identity, nextOp: identity.nextOp + 1 });
  return op;
}
