import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { endWaiting } from '#shared/domain/overlay/take-overlay.ts';
import type { WAIT_ENDS, Waiting } from '#shared/domain/overlay/waiting.ts';
import { INTAKE_ROLES } from '#shared/domain/roles.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import type { BatchState, Decision, StoredTicket, TicketMove } from './batch.ts';
import type { Deciding } from './deciding.ts';
import { type Course, courseOf } from './ticket-course.ts';
import { addEvent, findTicket } from './working-ticket.ts';

/** The 补充 that was just written is what was waited for: the limits go on. Nothing for a ticket that waits for nobody. */
export function citizenAnswered({ uid, baseVersion }: OpOf<'ticket.note'>, deciding: Deciding): void {
  const ticket = findTicket(uid, deciding);
  const course = ticket && courseOf(ticket, deciding);
  const { waiting } = handlingOf(course ?? {});
  if (!course || !waiting || !INTAKE_ROLES.includes(deciding.actor.role)) return;
  if (!isSeen(waiting, uid, baseVersion, deciding)) return;
  deciding.tickets.set(uid, { ...ticket, moved: waitedFor(course, deciding.now, deciding) });
  const overlay = overlayOf('answered');
  const { newEventId, now: at } = deciding;
  addEvent(deciding, uid, ticket.version, 1, { id: newEventId(), at, kind: 'overlay', isByRule: true, overlay });
}

/** Whether the author of a 补充 had the 等待 before them: what was written without a network before it began is not its answer. */
function isSeen({ id }: Waiting, uid: string, baseVersion: number, { state, actor }: Deciding): boolean {
  const began = state.courses.get(uid)?.overlays.find((overlay) => overlay.id === id);
  // One that this batch began was written by the same person before.
  if (began?.version === undefined) return true;
  return began.version <= baseVersion || began.actorId === actor.id;
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
