import type { OpActor } from '#shared/sync/apply-op.ts';
import type { JournalEntry } from '../db/op-journal.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { findOutboxEntry, insertOutboxEntry, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { keepServerRow } from './show-row.ts';
import { onTableOf } from './synced-table.ts';

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
      // The server may have applied it long ago, and others have changed the row since: then this is shown again.
      keepServerRow(db, op.kind, op.uid);
      insertOutboxEntry(db, { op, incarnation: identity.incarnation, schema: entry.schema, label: entry.label });
      saveIdentity(db, { ...identity, nextOp: identity.nextOp + 1 });
      showAgain(db, findOutboxEntry(db, op.opId), actor);
      recovered.push({ ...entry, op, incarnation: identity.incarnation });
    }
    return recovered;
  });
}

/** Lets the row of a recovered operation show it. */
function showAgain(db: WritableDb, entry: OutboxEntry | null, actor: OpActor): void {
  if (!entry) return;
  const { kind, uid } = entry.op;
  onTableOf(kind, (table) => {
    const shown = table.replay(table.find(db, uid), [entry], actor);
    if (shown) table.save(db, shown, table.findState(db, uid) ?? null);
  });
}
