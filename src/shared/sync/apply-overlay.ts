import { closeDueAt } from '../domain/clock/clocks-after.ts';
import { shippedClockRules } from '../domain/clock/shipped-clock-rules.ts';
import { refOf } from '../domain/overlay/overlay-step.ts';
import { endWaiting, takeOverlay } from '../domain/overlay/take-overlay.ts';
import { INTAKE_ROLES, type Role } from '../domain/roles.ts';
import type { Ticket, TicketEvent } from '../domain/ticket.ts';
import { handlingOf } from '../domain/ticket-handling.ts';
import type { EventId } from '../kernel/ids.ts';
import type { OpOf } from './wire.ts';

interface OverlayActor {
  readonly id: TicketEvent['actorId'];
  readonly name: string;
  readonly role: Role;
}

/** A 督办, 批示 or 权属 step as the server would take it now: shown until it has. What it would refuse is not shown; it says why. */
export function overlayTicket(ticket: Ticket, op: OpOf<'ticket.overlay'>, actor: OverlayActor): Ticket {
  const { eventId: id, step, words } = op.args;
  if (ticket.events.some((event) => event.id === id)) return ticket;
  const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
  const taken = takeOverlay(facts, id, step, words, actor, op.at, shippedClockRules());
  if (!taken.ok) return ticket;
  const { overlay, handling, clocks } = taken.value;
  const event: TicketEvent = {
    id,
    at: op.at,
    kind: 'overlay',
    actorId: actor.id,
    actorName: actor.name,
    text: words,
    from: null,
    to: null,
    ref: refOf(step),
    overlay,
  };
  return {
    ...ticket,
    ...(handling ? { handling } : {}),
    clocks,
    dueAt: closeDueAt(clocks) ?? ticket.dueAt,
    events: [...ticket.events, event],
    updatedAt: Math.max(ticket.updatedAt, op.at),
  };
}

/**
 * A ticket whose citizen was waited for, after the 补充 that was just written: the server ends the 等待 with it in the same way. One that
 * may have begun after the 补充 was written is left to the server.
 */
export function citizenAnswered(
  ticket: Ticket,
  id: EventId,
  { at, baseVersion }: OpOf<'ticket.note'>,
  { id: authorId, role }: Pick<OverlayActor, 'id' | 'role'>,
): Ticket {
  const { waiting } = handlingOf(ticket);
  if (!waiting || !INTAKE_ROLES.includes(role)) return ticket;
  const began = ticket.events.find((event) => event.id === waiting.id);
  if (baseVersion < ticket.version && began && began.actorId !== authorId) return ticket;
  const { handling, clocks } = endWaiting(ticket.handling, ticket.clocks, at, shippedClockRules());
  const by = { actorId: null, actorName: '', text: '', from: null, to: null, ref: '' };
  const event: TicketEvent = { id, at, kind: 'overlay', ...by, overlay: { step: 'wait_end', why: 'answered' } };
  return {
    ...ticket,
    ...(handling ? { handling } : {}),
    clocks,
    dueAt: closeDueAt(clocks) ?? ticket.dueAt,
    events: [...ticket.events, event],
  };
}
