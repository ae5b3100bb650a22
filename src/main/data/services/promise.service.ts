import type { IntakeContent } from '#shared/domain/intake.ts';
import { promiseState } from '#shared/domain/promise.ts';
import { DECIDING_ROLES } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import { noEffects, tellEffects, withdrawInside } from './withdraw.service.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Id of the promise made while a ticket was taken in: that of the ticket itself, so that it is known again when the ticket has to be
 * corrected.
 */
export function intakePromiseId(uid: TicketId): EventId {
  return uid as unknown as EventId;
}

/**
 * The note that records the promise of a form, null when there is none.
 * @param author whoever submits the form; somebody else who promised it is named in the words
 */
export function promiseArgs(
  { promise }: Pick<IntakeContent, 'promise'>,
  eventId: EventId,
  author: string,
): OpOf<'ticket.note'>['args'] | null {
  if (!promise || promise.text.trim() === '') return null;
  const by = promise.byName === '' || promise.byName === author ? '' : `（${promise.byName}）`;
  const due = promise.dueAt === null ? {} : { dueAt: promise.dueAt };
  return { eventId, kind: 'promise', text: `${promise.text}${by}`, ...due };
}

/** A form as it is passed on: what its author promised stays theirs. */
export function signPromise(content: IntakeContent, author: string): IntakeContent {
  const { promise } = content;
  return promise && promise.byName === '' ? { ...content, promise: { ...promise, byName: author } } : content;
}

/** Whether somebody may take a promise back: whoever made it, and those who decide for the centre. */
export function mayWithdrawPromise({ user }: Pick<WorkContext, 'user'>, event: Ticket['events'][number]): boolean {
  return event.actorId === user.id || DECIDING_ROLES.includes(user.role);
}

/**
 * Says that a promise was kept, or takes it back. One of this user that was never sent leaves the outbox as if it had not been made.
 * @throws DataError NOT_FOUND when there is no such promise or it is settled already, FORBIDDEN for somebody else's promise
 */
export function settlePromise(
  ctx: WorkContext,
  uid: TicketId,
  eventId: EventId,
  how: 'kept' | 'withdrawn',
  text: string,
): void {
  const effects = noEffects();
  ctx.write(() =>
    ctx.db.transaction(() => {
      const ticket = needTicket(ctx, uid);
      const event = ticket.events.find(({ id, kind }) => id === eventId && kind === 'promise');
      if (!event || promiseState(eventId, ticket.events) !== 'open')
        throw new DataError('NOT_FOUND', 'no such promise');
      if (how === 'withdrawn') {
        if (!mayWithdrawPromise(ctx, event)) throw new DataError('FORBIDDEN', 'the promise of somebody else');
        withdrawInside(ctx, ticket, eventId, text, effects);
        return;
      }
      const args = { eventId: newId<EventId>(ctx.clock.now()), kind: 'promise_kept', text, ref: eventId } as const;
      effects.ops.push(queueTicketOp(ctx, ticket, { kind: 'ticket.note', args }));
    }),
  );
  tellEffects(ctx, effects);
}
