import type { TicketRelations } from '#shared/contract/duplicates.contract.ts';
import { showTicket } from '#shared/domain/masking.ts';
import { promiseState } from '#shared/domain/promise.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { mayAct } from '#shared/domain/ticket-act.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { DataError } from '../errors.ts';
import { listJoinedDrafts } from '../repositories/draft.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { listChildIds } from '../repositories/ticket-list.repository.ts';
import { listSummaries, toSummary } from '../repositories/ticket-summary.ts';
import { mayWithdrawPromise } from './promise.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import { canWithdraw } from './withdraw.service.ts';
import type { WorkContext } from './work-context.ts';

/**
 * The 母单 a ticket would come under. Under a ticket that is itself proposed under another it is that one, because links are one step
 * long.
 * @throws DataError NOT_FOUND; CANNOT_LINK: both are the same, the ticket has children of its own, or the centre has merged it
 */
export function resolveParent(ctx: WorkContext, ticket: Pick<Ticket, 'uid' | 'link'>, parentUid: string): TicketId {
  const wanted = needTicket(ctx, parentUid);
  const parent = wanted.link?.parentUid ?? wanted.uid;
  const isMerged = ticket.link?.state === 'merged';
  if (isMerged || parent === ticket.uid || listChildIds(ctx.db, ticket.uid, 1).length > 0) {
    throw new DataError('CANNOT_LINK', 'no link is possible here');
  }
  return parent;
}

/** Queues 提议并单 under a 母单 that was resolved, inside a transaction of the caller. */
export function queueLink(ctx: WorkContext, ticket: Ticket, parentUid: TicketId): TicketOp {
  const eventId = newId<EventId>(ctx.clock.now());
  return queueTicketOp(ctx, ticket, { kind: 'ticket.link', args: { eventId, parentUid, reason: '' } });
}

/** Takes a proposal back. @throws DataError NOT_FOUND; CANNOT_LINK when there is none, or the centre has merged the tickets */
export function unlinkTicket(ctx: WorkContext, uid: string, reason: string): void {
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const ticket = needTicket(ctx, uid);
      if (ticket.link?.state !== 'proposed') throw new DataError('CANNOT_LINK', 'no proposal to take back');
      const eventId = newId<EventId>(ctx.clock.now());
      return queueTicketOp(ctx, ticket, { kind: 'ticket.unlink', args: { eventId, reason } });
    }),
  );
  ctx.queued([op]);
  ctx.announce(['tickets', 'outbox', 'sync']);
}

const MOST_CHILDREN = 100;

/** What stands beside a ticket: its 母单, its children, the promises that still bind, and the notes of this user that can be taken back. @throws DataError NOT_FOUND */
export function getRelations(ctx: WorkContext, uid: string): TicketRelations {
  const { db, user } = ctx;
  const ticket = needTicket(ctx, uid);
  const parent = ticket.link && findTicket(db, ticket.link.parentUid);
  const joined = listJoinedDrafts(db, uid);
  return {
    self: toSummary(db, showTicket(ticket, user.role)),
    link: ticket.link,
    parent: parent ? toSummary(db, showTicket(parent.ticket, user.role)) : null,
    children: listSummaries(db, listChildIds(db, uid, MOST_CHILDREN), user.role),
    mayMerge: mayAct(user.role, 'merged', 'unmerge'),
    withdrawable: ticket.events
      // Files are taken back in their own list.
      .filter(({ id, kind }) => kind !== 'attached' && canWithdraw(ticket, id, user.id))
      .map(({ id }) => ({
        eventId: id,
        draftId: joined.find(({ joinedEvents }) => joinedEvents?.includes(id))?.draft.id ?? null,
      })),
    promises: showTicket(ticket, user.role)
      .row.events.filter(({ id, kind }) => kind === 'promise' && promiseState(id, ticket.events) === 'open')
      .map((event) => ({
        eventId: event.id,
        text: event.text,
        byName: event.actorName,
        at: event.at,
        dueAt: event.dueAt ?? null,
        mine: mayWithdrawPromise(ctx, event),
      })),
  };
}
