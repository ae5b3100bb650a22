import { applyOpToCitizen, applyOpToTicket, type OpActor } from '#shared/sync/apply-op.ts';
import type { JournalEntry } from '../db/op-journal.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { findCitizen, saveCitizen } from '../repositories/citizen.repository.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { findOutboxEntry, insertOutboxEntry } from '../repositories/outbox.repository.ts';
import { findTicket, saveTicket } from '../repositories/ticket.repository.ts';

/**
 * Queues again what the journal holds and the cache has lost (cache set aside, write-ahead log cut), and shows its effect.
 * Operations the cache knows as acknowledged are left alone; any other doubt is harmless, because the server recognises an
 * operation by its id.
 * @returns the operations that were brought back
 */
export function recoverOps(db: WritableDb, pending: readonly JournalEntry[], actor: OpActor): readonly JournalEntry[] {
  if (pending.length === 0) return [];
  return db.transaction(() => {
    const recovered: JournalEntry[] = [];
    for (const entry of pending) {
      const identity = getIdentity(db);
      const isAcknowledged = entry.incarnation === identity.incarnation && entry.op.s <= identity.lastAck;
      if (isAcknowledged || findOutboxEntry(db, entry.op.opId)) continue;
      const op = { ...entry.op, s: identity.nextOp };
      insertOutboxEntry(db, { op, incarnation: identity.incarnation, schema: entry.schema, label: entry.label });
      saveIdentity(db, { ...identity, nextOp: identity.nextOp + 1 });
      if (op.kind === 'citizen.upsert') {
        saveCitizen(db, applyOpToCitizen(findCitizen(db, op.uid), op));
      } else {
        const ticket = applyOpToTicket(findTicket(db, op.uid)?.ticket ?? null, op, actor);
        if (ticket) saveTicket(db, ticket);
      }
      recovered.push({ ...entry, op, incarnation: identity.incarnation });
    }
    return recovered;
  });
}
