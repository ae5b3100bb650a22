import type { Citizen } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { applyOpToCitizen, applyOpToTicket, isTicketOp, type OpActor } from '#shared/sync/apply-op.ts';
import type { OutboxEntry } from '../repositories/outbox.repository.ts';

/**
 * A ticket as it is to be shown: the server's row with the unconfirmed operations of this console on top.
 * A refused operation is left out where there is a server row (its words stay in the outbox); a refused creation still shows
 * the ticket, because there is nothing else to show.
 */
export function replayTicket(base: Ticket | null, entries: readonly OutboxEntry[], actor: OpActor): Ticket | null {
  return entries.reduce<Ticket | null>((ticket, { op, state }) => {
    if (!isTicketOp(op)) return ticket;
    if (state !== 'waiting' && base !== null) return ticket;
    return applyOpToTicket(ticket, op, actor);
  }, base);
}

/** A citizen as to be shown: the server's record with the waiting operations on top. */
export function replayCitizen(base: Citizen | null, entries: readonly OutboxEntry[]): Citizen | null {
  return entries.reduce<Citizen | null>((citizen, { op, state }) => {
    if (op.kind !== 'citizen.upsert' || (state !== 'waiting' && base !== null)) return citizen;
    return applyOpToCitizen(citizen, op);
  }, base);
}
