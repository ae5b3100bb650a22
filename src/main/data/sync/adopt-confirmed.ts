import { addToDigest } from '#shared/kernel/row-hash.ts';
import { citizenScope, monthOfTicket, tableOfScope, ticketScope } from '#shared/sync/protocol.ts';
import type { WritableDb } from '../db/sqlite.ts';
import type { ScopeState } from '../repositories/scope.repository.ts';
import { attachRow, listConfirmedRows } from '../repositories/scope-rows.repository.ts';
import { CITIZENS, TICKETS } from '../services/synced-table.ts';

/**
 * When a server comes back from a backup: what it had confirmed before counts as received, also where no pull had brought it yet. What
 * does not come again is found missing then, like every other row; otherwise it would stay here for ever and be nowhere else.
 * @param scope as it starts its new round
 * @returns the scope's new count and digest
 */
export function adoptConfirmed(db: WritableDb, scope: ScopeState): ScopeState {
  const table = tableOfScope(scope.scope);
  const scopeOf = SCOPE_OF[table];
  if (!scopeOf) return scope;
  let { count, digest } = scope;
  for (const { id, uid, version } of listConfirmedRows(db, table)) {
    if (scopeOf(db, uid) !== scope.scope) continue;
    attachRow(db, table, id, scope);
    count++;
    digest = addToDigest(digest, uid, version);
  }
  return { ...scope, count, digest };
}

/** The scope a row belongs to; documents are made at the server and never before they were received. */
const SCOPE_OF: Partial<Record<ReturnType<typeof tableOfScope>, (db: WritableDb, uid: string) => string | null>> = {
  tickets: (db, uid) => {
    const ticket = TICKETS.find(db, uid);
    return ticket && ticketScope(ticket.centre, ticket.fields.line, monthOfTicket(ticket));
  },
  citizens: (db, uid) => {
    const citizen = CITIZENS.find(db, uid);
    return citizen && citizenScope(citizen.centre);
  },
};
