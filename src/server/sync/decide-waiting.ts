import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { endWaiting } from '#shared/domain/overlay/take-overlay.ts';
import type { WAIT_ENDS } from '#shared/domain/overlay/waiting.ts';
import { INTAKE_ROLES } from '#shared/domain/roles.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { BatchState, Decision, StoredTicket, TicketMove } from './batch.ts';
import type { Deciding } from './deciding.ts';
import { type Course, courseOf } from './ticket-course.ts';
import { addEvent, findTicket } from './working-ticket.ts';

/** The 补充 that was just written is what was waited for: the limits go on. Nothing for a ticket that waits for nobody. */
export function citizenAnswered(uid: string, deciding: Deciding): void {
  const ticket = findTicket(uid, deciding);
  const course = ticket && courseOf(ticket, deciding);
  if (!course || !handlingOf(course).waiting || !INTAKE_ROLES.includes(deciding.actor.role)) return;
  deciding.tickets.set(uid, { ...ticket, moved: waitedFor(course, deciding.now, deciding) });
  const overlay = overlayOf('answered');
  const { newEventId, now: at } = deciding;
  addEvent(deciding, uid, ticket.version, 1, { id: newEventId(), at, kind: 'overlay', isByRule: true, overlay });
}

/** Tickets whose citizen was waited for until now: by rule the limits go on from the time that was set. Pure, over tickets that are locked. */
export function decideExpiredWaits(
  { tickets, courses }: Pick<BatchState, 'tickets' | 'courses'>,
  deciding: Pick<Deciding, 'now' | 'clockRules' | 'newEventId'>,
): Pick<Decision, 'touches' | 'events'> {
  const decided = [...tickets.values()].flatMap((stored) => decideOne(stored, { courses }, deciding) ?? []);
  return { touches: decided.map(({ touch }) => touch), events: decided.map(({ event }) => event) };
}

function decideOne(
  stored: StoredTicket,
  state: Pick<BatchState, 'courses'>,
  { now, clockRules, newEventId }: Parameters<typeof decideExpiredWaits>[1],
) {
  const { uid, scope, version: fromVersion, createHash } = stored;
  const working = { uid, scope, fromVersion, version: fromVersion, createHash, insert: null, stored };
  const course = courseOf(working, { state });
  const { waiting } = handlingOf(course ?? {});
  if (!course || !waiting || waiting.until > now) return null;
  const version = fromVersion + 1;
  const by = { actorId: null, actorName: '', text: '', from: null, to: null, ref: '' };
  const event = { id: newEventId(), at: now, kind: 'overlay', ...by, overlay: overlayOf('expired') } as const;
  const moved = waitedFor(course, now, { clockRules });
  return {
    touch: { uid, scope, fromVersion, version, moved },
    event: { ticketUid: uid, version, position: 0, event },
  };
}

const overlayOf = (why: (typeof WAIT_ENDS)[number]) => ({ step: 'wait_end', why }) as const;

function waitedFor(course: Course, now: number, { clockRules }: Pick<Deciding, 'clockRules'>): TicketMove {
  const { acceptedAt: _acceptedAt, ...standing } = course;
  const ended = endWaiting(course.handling, course.clocks, now, clockRules);
  return { ...standing, ...ended, dueAt: closeDueAt(ended.clocks) ?? course.dueAt };
}
