import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Queues that these files belong to a ticket, one operation each, and shows it. Their bytes are sent apart from it. Has to run inside the
 * caller's transaction.
 * @param written as drafts keep them (attachment-ref.ts)
 */
export function attachFiles(ctx: WorkContext, uid: TicketId, written: readonly string[]): readonly TicketOp[] {
  return written.map((text) => {
    const eventId = newId<EventId>(ctx.clock.now());
    return queueTicketOp(ctx, needTicket(ctx, uid), { kind: 'ticket.note', args: { eventId, kind: 'attached', text } });
  });
}
