import type { ReadableDb } from '../../db/sqlite.ts';
import type { RowState, SyncedTable } from '../synced-table.ts';

/** A row as the server holds it, as far as this console knows: the one kept beside unconfirmed work, or the one shown. */
export function findServerRow<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  db: ReadableDb,
  uid: string,
): Row | null {
  const state = table.findState(db, uid);
  if (!state || (state.base_version === 0 && state.version === 0)) return null;
  return table.findBase(db, state.id) ?? table.find(db, uid);
}
