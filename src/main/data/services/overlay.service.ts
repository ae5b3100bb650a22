import type { OverlayTrouble } from '#shared/contract/tickets.contract.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { mayOverlay, takesOverlay } from '#shared/domain/overlay/overlay-rights.ts';
import { OVERLAY_KINDS, type OverlayKind, type OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { findStanding } from '../repositories/row-standing.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { queueTicketOp } from './queue-ticket-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/**
 * Lays a 督办, 批示 or 权属 step over a ticket, at once here and queued for the server, which has the last word.
 * @returns why it was not even queued, null when it was
 */
export function overlayTicket(
  ctx: WorkContext,
  uid: TicketId,
  step: OverlayStep,
  words: string,
): OverlayTrouble | null {
  const done = ctx.write(() => ctx.db.transaction(() => queueOverlay(ctx, uid, step, words)));
  if (typeof done === 'string') return done;
  ctx.queued([done]);
  ctx.announce(['tickets', 'outbox', 'sync']);
  return null;
}

function queueOverlay(ctx: WorkContext, uid: TicketId, step: OverlayStep, words: string): TicketOp | OverlayTrouble {
  const ticket = findTicket(ctx.db, uid)?.ticket;
  if (!ticket) return 'NOT_FOUND';
  // First the person decides about what the server refused: another step on top would hide it.
  if (findStanding(ctx.db, uid).refused) return 'REFUSED_BEFORE';
  const now = ctx.clock.now();
  const eventId = newId<EventId>(now);
  const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
  const taken = takeOverlay(facts, eventId, step, words, actorOf(ctx), now, shippedClockRules());
  if (!taken.ok) return taken.error;
  return queueTicketOp(ctx, ticket, { kind: 'ticket.overlay', args: { eventId, step, words } });
}

/** What this user may lay over a ticket in that state. */
export function listOverlays({ db, user }: WorkContext, uid: string, status: TicketStatus): readonly OverlayKind[] {
  if (findStanding(db, uid).refused) return [];
  return OVERLAY_KINDS.filter((kind) => takesOverlay(status, kind) && mayOverlay(user.role, kind));
}
