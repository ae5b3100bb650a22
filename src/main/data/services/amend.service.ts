import type { Ticket } from '#shared/domain/ticket.ts';
import { AMENDABLE_STATUSES, mayAmend, type TicketAmendment } from '#shared/domain/ticket-amendment.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { DataError } from '../errors.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Whether this user may correct a ticket now: their own or as who answers for the desk, before it goes to a handling unit. Who sees it
 * masked would write the mask into it.
 */
export function canAmend({ user }: Pick<WorkContext, 'user'>, ticket: Ticket): boolean {
  return mayAmend(user, ticket) && AMENDABLE_STATUSES.includes(ticket.status);
}

/**
 * 更正: changes what was written on a ticket, at once here and queued for the server, which decides field by field.
 * @throws DataError NOT_FOUND; FORBIDDEN for somebody who may not correct it, or when it is not in the hands of the desk any more
 */
export function amendTicket(ctx: WorkContext, uid: TicketId, changes: TicketAmendment, reason: string): void {
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const ticket = needTicket(ctx, uid);
      if (!canAmend(ctx, ticket)) throw new DataError('FORBIDDEN', 'not to be corrected by this person now');
      const eventId = newId<EventId>(ctx.clock.now());
      return queueTicketOp(ctx, ticket, { kind: 'ticket.amend', args: { eventId, changes, reason } });
    }),
  );
  ctx.queued([op]);
  ctx.announce(['tickets', 'outbox', 'sync']);
}
