import type { Revealed, RevealRequest } from '#shared/contract/privacy.contract.ts';
import { showCitizen, showTicket } from '#shared/domain/masking.ts';
import { REVEAL_ROLES } from '#shared/domain/roles.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { DataError } from '../errors.ts';
import { findLoggedCall } from '../repositories/call-log.repository.ts';
import { findCitizen } from '../repositories/citizen.repository.ts';
import { insertReveal } from '../repositories/reveal.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { getCallPeer } from './call-log.service.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

const FIND = { ticket: findTicket, citizen: findCitizen, call: findLoggedCall } as const;

/**
 * Shows one masked value. The look is committed, log and outbox together, before the value is read for the answer: whatever fails
 * on the way, no value leaves without its line in the log (MK-2).
 * @throws DataError FORBIDDEN, NOT_FOUND, and everything the storage refuses
 */
export function revealValue(ctx: WorkContext, request: RevealRequest): Revealed {
  const { role } = ctx.user;
  if (!REVEAL_ROLES.includes(role)) throw new DataError('FORBIDDEN', 'role may not look behind the mask');
  const { subject, uid, field, reason } = request;
  if (!FIND[subject](ctx.db, uid)) throw new DataError('NOT_FOUND', `no such ${subject}`);
  const now = ctx.clock.now();
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const eventId = newId<EventId>(now);
      insertReveal(ctx.db, { id: eventId, subject, uid, field, reason, userId: ctx.user.id, at: now });
      return queueOp(
        ctx.db,
        { kind: 'audit.reveal', uid, args: { eventId, subject, field, reason } },
        { at: now, baseVersion: 0, label: reason },
      );
    }),
  );
  ctx.queued([op]);
  ctx.announce(['outbox', 'sync']);
  const ticket = subject === 'ticket' ? findTicket(ctx.db, uid)?.ticket : undefined;
  const citizen = subject === 'citizen' ? findCitizen(ctx.db, uid) : undefined;
  return {
    ticket: ticket ? showTicket(ticket, role, field).row : null,
    citizen: citizen ? showCitizen(citizen, role, field).row : null,
    call: subject === 'call' ? getCallPeer(ctx, uid, field) : null,
  };
}
