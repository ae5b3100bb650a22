import type { OpActor } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { isEarlyCitizen } from '../repositories/early-citizen.repository.ts';
import { hasOutboxOf, listOutboxOf } from '../repositories/outbox.repository.ts';
import { forgetLeft } from './leave-scope.ts';
import { onTableOf, tableOfOp } from './synced-table.ts';

/**
 * Keeps the server's row before the first unconfirmed operation changes what is shown of it: should the server refuse, there is something
 * to come back to. Nothing to do for a row that only this console has.
 */
export function keepServerRow(db: WritableDb, kind: Op['kind'], uid: string): void {
  onTableOf(kind, (table) => {
    const state = table.findState(db, uid);
    if (!state || hasOutboxOf(db, uid)) return;
    if (state.base_version === 0 && !isEarlyCitizen(db, uid)) return;
    const row = table.find(db, uid);
    if (row) table.saveBase(db, state.id, row);
  });
}

/**
 * Shows a row as the server holds it, as far as this console knows, with the operations that still wait on top. A row that only
 * an operation had made is gone with it.
 */
export function showRow(db: WritableDb, kind: Op['kind'], uid: string, actor: OpActor): void {
  onTableOf(kind, (table) => {
    const state = table.findState(db, uid);
    if (!state) return;
    const entries = listOutboxOf(db, uid);
    // Confirmed and not pulled yet: the row as it is shown is all there is of it here.
    const known = state.version > 0 ? (table.findBase(db, state.id) ?? table.find(db, uid)) : null;
    const shown = table.replay(known, entries, actor);
    if (!shown) {
      table.remove(db, state.id);
      return;
    }
    table.save(db, shown, state);
    if (entries.length === 0) table.deleteBase(db, state.id);
  });
  const name = tableOfOp(kind);
  if (name !== null) forgetLeft(db, name, uid);
}
