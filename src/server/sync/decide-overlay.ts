import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { mayOverlay } from '#shared/domain/overlay/overlay-rights.ts';
import { refOf } from '#shared/domain/overlay/overlay-step.ts';
import { type OverlayTaken, takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { decidesTicketScope, readsTicketScope } from '../auth/actor.ts';
import type { TicketMove } from './batch.ts';
import type { Deciding, Verdict } from './deciding.ts';
import { type Course, courseOf, overlaysOf } from './ticket-course.ts';
import { addEvent, findTicket, hasEvent, toDuplicate } from './working-ticket.ts';

/**
 * 督办, 批示, 权属不清, 消险, 联席研判, 确权, 协办单: laid over the ticket in whatever state it is by now. What somebody else has ended meanwhile is not ended
 * twice; the author reads so and keeps the words.
 */
export function decideTicketOverlay(op: OpOf<'ticket.overlay'>, deciding: Deciding): Verdict {
  const { actor, now, clockRules } = deciding;
  const { eventId, step, words } = op.args;
  const ticket = findTicket(op.uid, deciding);
  const course = ticket && courseOf(ticket, deciding);
  // The account of a unit, or of a receiver, takes its own steps and reads nothing.
  const reaches = mayOverlay('unit', step.step) ? decidesTicketScope : readsTicketScope;
  if (!ticket || !course || !reaches(actor, ticket.scope)) return { code: 'rejected', reason: 'NOT_FOUND' };
  if (hasEvent(deciding, op.uid, eventId)) return toDuplicate(ticket);
  if (!mayOverlay(actor.role, step.step)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const facts = { ...course, overlays: overlaysOf(op.uid, deciding) };
  const taken = takeOverlay(facts, eventId, step, words, actor, now, clockRules);
  if (!taken.ok) return { code: 'rejected', reason: taken.error };
  const version = ticket.version + 1;
  const isChanged = taken.value.handling !== course.handling || taken.value.clocks !== course.clocks;
  deciding.tickets.set(op.uid, {
    ...ticket,
    version,
    ...(isChanged ? { moved: laidOver(course, taken.value) } : {}),
  });
  const { overlay } = taken.value;
  addEvent(deciding, op.uid, version, 0, {
    id: eventId,
    at: op.at,
    kind: 'overlay',
    text: words,
    ref: refOf(step),
    overlay,
  });
  const isOnBase = op.baseVersion === ticket.version;
  return { code: isOnBase ? 'applied' : 'merged', version, row: { table: 'tickets', uid: op.uid } };
}

/** The ticket where it was, with what was laid over it. */
function laidOver(course: Course, { handling, clocks }: OverlayTaken): TicketMove {
  const { acceptedAt: _acceptedAt, ...standing } = course;
  return { ...standing, handling, clocks, dueAt: closeDueAt(clocks) ?? course.dueAt };
}
