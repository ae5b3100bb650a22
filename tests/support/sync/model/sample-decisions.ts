import { openCoOrders } from '#shared/domain/co-order.ts';
import type { OverlayKind, OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { measuresOf, openOrdersOf } from '#shared/domain/overlay/oversight.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { ActAction, TicketAct } from '#shared/domain/ticket-act.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import { SAMPLE_ACTS } from '../../sample-acts.ts';
import { SAMPLE_OVERLAYS } from '../../sample-overlays.ts';
import type { ModelWorld } from './model-world.ts';

/** Units that work through one system. */
export const UNITS = ['鼓楼区城管局', '玄武区住建局'] as const;

type Chance = Pick<ModelWorld, 'pick' | 'happens'>;

/** A decision as a person might take it about a ticket; null when there is nothing it could be about. */
export function sampleAct(
  chance: Chance,
  action: ActAction,
  ticket: Ticket,
  others: readonly TicketId[],
  now: number,
): TicketAct | null {
  switch (action) {
    case 'merge': {
      const candidates = others.filter((uid) => uid !== ticket.uid);
      const parentUid = ticket.link?.parentUid ?? (candidates.length > 0 ? chance.pick(candidates) : null);
      if (!parentUid) return null;
      return { action, parentUid, parentNo: '', asProposed: ticket.link?.state === 'proposed' && chance.happens(0.5) };
    }
    case 'unmerge':
      return { action, parentNo: '' };
    case 'dispatch':
    case 'assign': {
      const unit = chance.pick(UNITS);
      const coUnits = chance.happens(0.2) ? UNITS.filter((one) => one !== unit) : [];
      const basis = chance.happens(0.2) ? 'acting' : 'manual';
      if (action === 'dispatch') return { action, unit, coUnits, basis, despiteReturn: chance.happens(0.7) };
      const review = chance.happens(0.5) ? SAMPLE_OVERLAYS.review.review : undefined;
      return {
        action,
        unit,
        coUnits,
        basis,
        ...(review ? { review: { ...review, owner: chance.pick([null, unit]) } } : {}),
      };
    }
    case 'ask_extension':
      return { action, days: chance.pick([2, 5]) };
    case 'decide_extension':
      return { action, granted: chance.happens(0.5) };
    case 'put_on_account':
      return { action, reviewInDays: chance.pick([7, 30]) };
    case 'miss_callback':
      return { action, calledAt: now - 60_000, agreedAt: chance.happens(0.3) ? now + 7_200_000 : null };
    case 'close':
      return chance.pick([SAMPLE_ACTS.close, { action, callback: { ...SAMPLE_ACTS.redo.callback } }]);
    default:
      return SAMPLE_ACTS[action];
  }
}

/** A step as a person might lay it over a ticket; null when there is nothing it could be about. */
export function sampleOverlay(chance: Chance, kind: OverlayKind, ticket: Ticket, now: number): OverlayStep | null {
  switch (kind) {
    case 'order':
      return {
        ...SAMPLE_OVERLAYS.order,
        limit: chance.pick([{ value: 4, unit: 'hour' } as const, SAMPLE_OVERLAYS.order.limit]),
      };
    case 'progress':
    case 'finish': {
      const open = openOrdersOf(ticket.events);
      return open.length > 0 ? { step: kind, ref: chance.pick(open).id as never } : null;
    }
    case 'measure_done': {
      const open = measuresOf(ticket.events).filter(({ done }) => done === null);
      return open.length > 0 ? { step: kind, ref: chance.pick(open).id as never } : null;
    }
    case 'made_safe':
      return { step: kind, at: now };
    case 'review_open': {
      const ref = handlingOf(ticket).review?.id as EventId | undefined;
      return { ...SAMPLE_OVERLAYS.review_open, ...(ref && chance.happens(0.5) ? { ref } : {}) };
    }
    case 'review':
      return { step: kind, review: { ...SAMPLE_OVERLAYS.review.review, owner: chance.pick([null, '鼓楼区园林所']) } };
    case 'wait_end': {
      const began = handlingOf(ticket).waiting?.id;
      return { ...SAMPLE_OVERLAYS.wait_end, ...(began ? { ref: began } : {}) };
    }
    case 'co_withdraw': {
      const order = openCoOrders(ticket).at(-1);
      const ref = order?.id;
      return { ...SAMPLE_OVERLAYS.co_withdraw, ...(order && ref ? { unit: order.unit, ref } : {}) };
    }
    default:
      return SAMPLE_OVERLAYS[kind];
  }
}
