import type { HelloResponse } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { listWaiting, type OutboxEntry, renumberWaiting } from '../repositories/outbox.repository.ts';

/**
 * Starts a new numbering of operations under a new incarnation: this console's numbers are no longer the ones the server knows
 * (cloned disk, restored backup on either side, an operation taken out of the queue). The operations keep their ids, so one
 * that the server has applied already is recognised and has no second effect.
 * @returns the new incarnation
 * @param above an incarnation known from outside the cache
 * @param order ids of the waiting operations in the order they are to be sent; as they were numbered when left out
 */
export function startIncarnation(db: WritableDb, above = 0, order?: readonly string[]): number {
  return db.transaction(() => {
    const identity = getIdentity(db);
    const incarnation = Math.max(identity.incarnation, above) + 1;
    const waiting = renumberWaiting(db, incarnation, order);
    saveIdentity(db, { ...identity, incarnation, nextOp: waiting + 1, lastAck: 0 });
    return incarnation;
  });
}

/**
 * True when the server's view of this console's numbering and ours fit together: it has seen everything we no longer keep,
 * and nothing that we never made.
 */
export function fitsNumbering(db: WritableDb, hello: Pick<HelloResponse, 'nextOp'>): boolean {
  const identity = getIdentity(db);
  const firstWaiting = listWaiting(db, 0, 1)[0]?.op.s ?? identity.nextOp;
  return hello.nextOp >= firstWaiting && hello.nextOp <= identity.nextOp;
}

/**
 * Moves a waiting operation, with everything behind it that could need it, to the end of the queue, so that the others go first.
 * Safe while its outcome is unknown: it keeps its id, by which the server recognises it.
 * @param isTried true for an operation that need not go first, it was tried like this one
 * @returns the new incarnation; `tried` when all others were tried, `alone` when there are none
 */
export function moveBehindOthers(
  db: WritableDb,
  opId: string,
  isTried: (opId: string) => boolean,
): number | 'tried' | 'alone' {
  return db.transaction(() => {
    const waiting = listWaiting(db, 0, Number.MAX_SAFE_INTEGER);
    const needed = new Set<string>();
    const [moved, others]: [OutboxEntry[], OutboxEntry[]] = [[], []];
    for (const entry of waiting) {
      const { op } = entry;
      const text = JSON.stringify(op);
      if (op.opId !== opId && ![...needed].some((id) => text.includes(id))) {
        others.push(entry);
        continue;
      }
      needed.add(op.uid).add(op.opId);
      moved.push(entry);
    }
    if (others.length === 0) return 'alone';
    if (others.every(({ op }) => isTried(op.opId))) return 'tried';
    return startIncarnation(
      db,
      0,
      [...others, ...moved].map(({ op }) => op.opId),
    );
  });
}
