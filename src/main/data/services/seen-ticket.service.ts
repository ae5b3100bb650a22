import type { Ticket } from '#shared/domain/ticket.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findSeenAt, hasWorkOn, markSeen } from '../repositories/seen-ticket.repository.ts';
import { forgetErasedCaller } from './forget-person.ts';
import { TICKETS } from './synced-table.ts';

/**
 * Writes a ticket that came outside of a pull, as looked at at a time; one of a month that is held is the pull's to bring.
 * @returns true when it is new here, or newer
 */
export function saveSeenTicket(db: WritableDb, ticket: Ticket, actor: OpActor, seenAt: number): boolean {
  const state = TICKETS.findState(db, ticket.uid);
  if (state && state.scope_id !== null) return false;
  const pending = listOutboxOf(db, ticket.uid);
  if (state && state.version === ticket.version) {
    markSeen(db, state.id, seenAt);
    return false;
  }
  forgetErasedCaller(db, ticket);
  const shown = pending.length > 0 ? (TICKETS.replay(ticket, pending, actor) ?? ticket) : ticket;
  const id = TICKETS.save(db, shown, state ?? null);
  if (pending.length > 0) TICKETS.saveBase(db, id, ticket);
  else TICKETS.deleteBase(db, id);
  markSeen(db, id, seenAt);
  return true;
}

/**
 * The same for an answer to somebody who looks at its caller. It may have been overtaken, by the confirmation of a note for one, and takes nothing back;
 * own work that the server has confirmed and no pull has brought yet is the pull's to bring, too.
 */
export function saveAskedTicket(db: WritableDb, ticket: Ticket, actor: OpActor, seenAt: number): boolean {
  const state = TICKETS.findState(db, ticket.uid);
  if (state && state.scope_id === null && findSeenAt(db, ticket.uid) === null) return false;
  if (state && state.scope_id === null && state.version > ticket.version) {
    markSeen(db, state.id, seenAt);
    return false;
  }
  return saveSeenTicket(db, ticket, actor, seenAt);
}

/** The server does not have the ticket for this person (any more); one with work on it stays, and that is refused there with the reason. */
export function takeAwaySeen(db: WritableDb, uid: string): void {
  const state = TICKETS.findState(db, uid);
  if (state && state.scope_id === null && !hasWorkOn(db, state.id)) TICKETS.remove(db, state.id);
}
