import type { CallRecord } from '#shared/domain/call-record.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Writes on a ticket which parts of its call an emergency service shared, once each is over. Has to run inside the caller's transaction;
 * repeating it adds nothing.
 */
export function noteHandOverLegs(
  ctx: WorkContext,
  uid: TicketId,
  { callId, legs }: Pick<CallRecord, 'callId' | 'legs'>,
): readonly Op[] {
  return legs.flatMap(({ purpose, party, startedAt, answeredAt, endedAt }) => {
    if (purpose !== 'emergency' || party.kind !== 'service' || answeredAt === null || endedAt === null) return [];
    const ticket = findTicket(ctx.db, uid)?.ticket;
    if (!ticket) return [];
    const leg = { callId, startedAt, answeredAt, endedAt };
    const isKnown = ticket.events.some(
      ({ overlay }) =>
        overlay?.step === 'hand_over' && overlay.leg?.callId === callId && overlay.leg.answeredAt === answeredAt,
    );
    if (isKnown) return [];
    const step: OverlayStep = { step: 'hand_over', receiver: party.service, leg };
    const eventId = newId<EventId>(ctx.clock.now());
    return [queueTicketOp(ctx, ticket, { kind: 'ticket.overlay', args: { eventId, step, words: '' } })];
  });
}
