import type { Ticket } from '../ticket.ts';
import { handlingOf } from '../ticket-handling.ts';
import { FINISHED_STATUSES } from '../ticket-status.ts';

/**
 * Since when a ticket waits for its 联席研判 or, once it was opened, when that is to be held: the order of its queue. A third 退单 waits for one, and so
 * does whatever nobody knows the owner of, in whatever state.
 * @returns epoch ms; null for a ticket that waits for none
 */
export function jointAt(
  ticket: Pick<Ticket, 'status' | 'handling' | 'events' | 'acceptedAt' | 'createdAt'>,
): number | null {
  const { status, events, acceptedAt, createdAt } = ticket;
  const { ownership, review } = handlingOf(ticket);
  const isUnowned = ownership !== null && ownership.owner === null && !FINISHED_STATUSES.includes(status);
  if (status !== 'joint_review' && !isUnowned) return null;
  if (review) return review.plannedAt;
  const asked = status === 'joint_review' ? events.findLast(({ to }) => to === 'joint_review')?.at : undefined;
  return asked ?? ownership?.since ?? acceptedAt ?? createdAt;
}
