import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { applyOpToCitizen, applyOpToTicket, isCitizenOp, isTicketOp, type OpActor } from '#shared/sync/apply-op.ts';
import { decideRecordOp, isRecordOp } from '#shared/sync/record-ops.ts';
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
    if (!isCitizenOp(op) || (state !== 'waiting' && base !== null)) return citizen;
    return applyOpToCitizen(citizen, op);
  }, base);
}

/** A document as to be shown: the server's with those waiting operations on top that are still possible. */
export function replayRecord(
  base: SyncedRecord | null,
  entries: readonly OutboxEntry[],
  actor: OpActor,
): SyncedRecord | null {
  return entries.reduce<SyncedRecord | null>((record, { op, state }) => {
    if (!isRecordOp(op) || (state !== 'waiting' && base !== null)) return record;
    const verdict = decideRecordOp(record, op, actor, op.at);
    return verdict.kind === 'changed' ? verdict.record : record;
  }, base);
}
