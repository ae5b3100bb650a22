import type { HelloResponse } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { listWaiting, renumberWaiting } from '../repositories/outbox.repository.ts';

/**
 * Starts a new numbering of operations under a new incarnation: this console's numbers are no longer the ones the server knows
 * (cloned disk, restored backup on either side, an operation taken out of the queue). The operations keep their ids, so one
 * that the server has applied already is recognised and has no second effect.
 * @returns the new incarnation
 * @param above an incarnation known from outside the cache
 */
export function startIncarnation(db: WritableDb, above = 0): number {
  return db.transaction(() => {
    const identity = getIdentity(db);
    const incarnation = Math.max(identity.incarnation, above) + 1;
    const waiting = renumberWaiting(db, incarnation);
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
