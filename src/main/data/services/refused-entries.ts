import type { OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { findOutboxEntry, listOutboxOf, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { rebaseOp } from './attention/rebase-op.ts';
import { queueOp } from './queue-op.ts';

/** A refused operation. @throws DataError NOT_FOUND when it is not there or was not refused */
export function getRefused(db: WritableDb, opId: string): OutboxEntry {
  const entry = findOutboxEntry(db, opId);
  if (!entry || entry.state === 'waiting') throw new DataError('NOT_FOUND', 'no such refused operation');
  return entry;
}

/** The refused operation that keeps this one from being sent: itself, or what it was blocked by. */
export function findRefusedRoot(db: WritableDb, entry: OutboxEntry): OutboxEntry {
  const before = entry.op.dependsOn === undefined ? null : findOutboxEntry(db, entry.op.dependsOn);
  return before && before.state !== 'waiting' ? findRefusedRoot(db, before) : entry;
}

/** Operations that were blocked because this one was refused, oldest first. */
export function listBlockedBy(db: WritableDb, { op }: OutboxEntry): readonly OutboxEntry[] {
  const ids = new Set<string>([op.opId]);
  return listOutboxOf(db, op.uid).filter((other) => {
    const { dependsOn, opId } = other.op;
    if (other.state !== 'blocked' || dependsOn === undefined || !ids.has(dependsOn)) return false;
    ids.add(opId);
    return true;
  });
}

/**
 * Queues what a refused operation says as a new one, on the row as it is now.
 * @param newIds ids of operations that were queued again, by their old ones
 */
export function queueAgain(
  db: WritableDb,
  { op, label }: OutboxEntry,
  newIds: ReadonlyMap<OpId, OpId>,
  now: number,
): Op {
  const before = op.dependsOn === undefined ? undefined : (newIds.get(op.dependsOn) ?? op.dependsOn);
  // An operation that has left the outbox is applied; the server knows its id.
  const dependsOn = before !== undefined && findOutboxEntry(db, before) ? { dependsOn: before } : {};
  const { kind, uid } = op;
  const { args, baseVersion } = rebaseOp(db, op, now);
  return queueOp(db, { kind, uid, args } as Parameters<typeof queueOp>[1], {
    at: op.at,
    baseVersion,
    label,
    ...dependsOn,
  });
}
