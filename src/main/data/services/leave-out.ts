import type { Ticket } from '#shared/domain/ticket.ts';
import { addToDigest } from '#shared/kernel/row-hash.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { releaseDelete } from '../repositories/held-delete.repository.ts';
import { findTaker, isLeftOutTaker, saveLeftOut } from '../repositories/left-out.repository.ts';
import type { ScopeState } from '../repositories/scope.repository.ts';
import { findSeenAt, hasWorkOn, markSeen } from '../repositories/seen-ticket.repository.ts';
import { deleteTicket, findTicketState } from '../repositories/ticket.repository.ts';
import { leaveOldScope, withoutLeftOut, withoutRow } from './leave-scope.ts';
import { saveSeenTicket } from './seen-ticket.service.ts';

/**
 * Does not keep a received ticket that another 班组 took in: only its uid and version, so that count and digest of the month stay the server's.
 * One that somebody asked for, or that work of this seat is on, stays outside of the month, as those of months that are not held do, and is
 * brought up to date.
 * @returns the scope's new count and digest; null when the ticket is to be kept
 */
export function leaveOut(
  db: WritableDb,
  scope: ScopeState,
  row: Ticket,
  actor: OpActor,
  now: number,
): ScopeState | null {
  const { uid, version, createdById: takenBy } = row;
  if (takenBy === null || !scope.leavesOut || !isLeftOutTaker(db, takenBy)) return null;
  if (scope.held !== null) releaseDelete(db, uid);
  const state = findTicketState(db, uid);
  let next = withoutLeftOut(db, scope, uid);
  if (state) {
    leaveOldScope(db, scope, uid, state);
    if (state.scope_id === scope.id) next = withoutRow(next, uid, state.base_version);
    if (state.scope_id === null || hasWorkOn(db, state.id)) {
      const seenAt = findSeenAt(db, uid) ?? now;
      markSeen(db, state.id, seenAt);
      // As for one that is kept: nobody sees a ticket go back, unless the server came out of a backup.
      if (scope.held !== null || state.version < version) saveSeenTicket(db, row, actor, seenAt);
    } else deleteTicket(db, state.id);
  }
  saveLeftOut(db, scope.id, { uid, version, round: scope.round, takenBy });
  return {
    ...next,
    count: next.count + 1,
    digest: addToDigest(next.digest, uid, version),
    leftOut: next.leftOut + 1,
  };
}

/** The same for a ticket that is here: it counts as before. @returns the scope with one row more that is not kept */
export function leaveOutHere(db: WritableDb, scope: ScopeState, uid: string, now: number): ScopeState {
  const state = findTicketState(db, uid);
  const takenBy = findTaker(db, uid);
  // Kept by a person after a restore: no server has it any more, so nobody could give it back.
  if (state?.scope_id !== scope.id || state.base_version === 0 || takenBy === null) return scope;
  if (hasWorkOn(db, state.id)) markSeen(db, state.id, now);
  else deleteTicket(db, state.id);
  saveLeftOut(db, scope.id, { uid, version: state.base_version, round: state.pull_round, takenBy });
  return { ...scope, leftOut: scope.leftOut + 1 };
}
