import type { WritableDb } from '../db/sqlite.ts';
import type { ScopeState } from '../repositories/scope.repository.ts';
import { hasWorkOn, leaveAlone, listForgotten, markSeen } from '../repositories/seen-ticket.repository.ts';
import { deleteTicket, findTicketState } from '../repositories/ticket.repository.ts';
import { withoutRow } from './leave-scope.ts';

/** Tickets outside of the held months stay so long after somebody looked at them, ms. */
const SEEN_LIFE_MS = 30 * 86_400_000;

/**
 * A ticket of a month that is no longer held goes; one with work on it stays outside of every scope until that is done.
 * @returns the scope's new count and digest
 */
export function leaveMonth(db: WritableDb, scope: ScopeState, uid: string, now: number): ScopeState {
  const state = findTicketState(db, uid);
  if (state?.scope_id !== scope.id) return scope;
  // Kept by a person after a restore: no server has it any more, so nobody could give it back.
  if (state.base_version === 0) leaveAlone(db, state.id);
  else if (hasWorkOn(db, state.id)) markSeen(db, state.id, now);
  else deleteTicket(db, state.id);
  return withoutRow(scope, uid, state.base_version);
}

/** Lets go of tickets outside of the held months that nobody has looked at for long. @returns how many */
export function forgetUnseen(db: WritableDb, now: number, most: number): number {
  const ids = listForgotten(db, now - SEEN_LIFE_MS, most);
  for (const id of ids) deleteTicket(db, id);
  return ids.length;
}
