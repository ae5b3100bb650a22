import { parseTicketScope, type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { listScopes, type ScopeState } from '../repositories/scope.repository.ts';

/** The scope has been pulled to its end since it was given, or since it had to start anew. Remembered: also without a network, after a restart. */
function hasArrived({ parity }: ScopeState): boolean {
  return parity !== 'unknown';
}

/** Every month of tickets among some scopes has come in full once, and there is one. */
export function areMonthsWhole(scopes: readonly ScopeState[]): boolean {
  const months = scopes.filter(({ scope }) => parseTicketScope(scope) !== null);
  return months.length > 0 && months.every(hasArrived);
}

/** Whether rows of some tables are still on their way: a scope of them that this console is to hold has not been pulled to its end. */
export function isArriving(db: ReadableDb, ...tables: readonly SyncTable[]): boolean {
  return listScopes(db).some(
    (state) => state.isGranted && tables.includes(tableOfScope(state.scope)) && !hasArrived(state),
  );
}
