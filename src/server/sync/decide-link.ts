import type { TicketLink } from '#shared/domain/ticket.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { readsTicketScope } from '../auth/actor.ts';
import type { Deciding, Verdict, WorkingTicket } from './deciding.ts';
import { addEvent, childrenOf, findTicket, hasEvent, linkOf, toDuplicate } from './working-ticket.ts';

/**
 * 并单 as proposed by a seat, and taking it back. A link that the centre has merged is not a seat's to take back; links are one
 * step long, so that a 母单 is never itself a child.
 */
export function decideTicketLink(op: OpOf<'ticket.link' | 'ticket.unlink'>, deciding: Deciding): Verdict {
  const { actor, now } = deciding;
  const ticket = findReadable(op.uid, deciding);
  if (!ticket) return { code: 'rejected', reason: 'NOT_FOUND' };
  const { eventId, reason } = op.args;
  if (hasEvent(deciding, op.uid, eventId)) return toDuplicate(ticket);
  const current = linkOf(ticket);
  if (current?.state === 'merged') return { code: 'rejected', reason: 'ALREADY_MERGED' };
  let link: TicketLink | null = null;
  if (op.kind === 'ticket.link') {
    const parent = findReadable(op.args.parentUid, deciding);
    if (!parent) return { code: 'rejected', reason: 'PARENT_NOT_FOUND' };
    if (parent.uid === op.uid || linkOf(parent) !== null) return { code: 'rejected', reason: 'PARENT_IS_CHILD' };
    if (childrenOf(op.uid, deciding).length > 0) return { code: 'rejected', reason: 'HAS_CHILDREN' };
    link = { parentUid: op.args.parentUid, state: 'proposed', at: now, byName: actor.name };
  }
  const version = ticket.version + 1;
  deciding.tickets.set(op.uid, { ...ticket, version, link });
  const kind = link ? 'linked' : 'unlinked';
  addEvent(deciding, op.uid, version, 0, {
    id: eventId,
    at: op.at,
    kind,
    text: reason,
    ref: link?.parentUid ?? current?.parentUid ?? '',
  });
  return { code: 'applied', version, row: { table: 'tickets', uid: op.uid } };
}

/** A ticket that this person may read, as earlier operations of the batch left it. */
export function findReadable(uid: string, deciding: Deciding): WorkingTicket | null {
  const ticket = findTicket(uid, deciding);
  return ticket && readsTicketScope(deciding.actor, ticket.scope) ? ticket : null;
}
