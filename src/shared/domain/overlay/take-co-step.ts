import type { EventId } from '../../kernel/ids.ts';
import { type CoOrder, type CoOrderState, coOrdersOf, isCoOrderOpen, openCoOrders } from '../co-order.ts';
import { MOST_CO_UNITS } from '../ticket-act.ts';
import { handlingOf, type TicketHandling } from '../ticket-handling.ts';
import type { CoStep } from './overlay-rights.ts';
import type { OverlayStep } from './overlay-step.ts';

type Step = Extract<OverlayStep, { step: CoStep }>;

interface CoFacts {
  readonly unit: string | null;
  readonly handling?: TicketHandling | undefined;
}

/** From which states of a 协办单 a step of its unit leads on, and where to. */
const WAY: Readonly<
  Record<'co_sign' | 'co_return' | 'co_answer', { readonly from: readonly CoOrderState[]; readonly to: CoOrderState }>
> = {
  co_sign: { from: ['to_sign'], to: 'handling' },
  co_return: { from: ['to_sign', 'handling'], to: 'returned' },
  co_answer: { from: ['handling'], to: 'answered' },
};

/** Whether what is to be ended is what its author saw; who did not say, or whose build did not name it, means whichever there is. */
export function isMeant(ref: EventId | undefined, { id }: { readonly id?: EventId | undefined }): boolean {
  return ref === undefined || id === undefined || ref === id;
}

/** Why a step about a 协办单 is not taken, null when it is. */
export function refuseCoStep(ticket: CoFacts, step: Step): 'NOT_FOUND' | 'OVERLAY_STATE' | 'OVERLAY_DONE' | null {
  const order = coOrdersOf(ticket).find(({ unit }) => unit === step.unit);
  if (step.step === 'co_order') {
    if (order && isCoOrderOpen(order)) return 'OVERLAY_DONE';
    const isTooMany = openCoOrders(ticket).length >= MOST_CO_UNITS;
    return ticket.unit === null || ticket.unit === step.unit || isTooMany ? 'OVERLAY_STATE' : null;
  }
  if (step.step === 'co_withdraw') {
    // A 协办 of a build where it only read has none that could be over.
    if (!order) return handlingOf(ticket).coUnits.includes(step.unit) ? null : 'NOT_FOUND';
    return isCoOrderOpen(order) && isMeant(step.ref, order) ? null : 'OVERLAY_DONE';
  }
  if (!order) return 'NOT_FOUND';
  if (WAY[step.step].from.includes(order.state)) return null;
  // Answered before it was signed: it can still come, in its order.
  return order.state === 'to_sign' ? 'OVERLAY_STATE' : 'OVERLAY_DONE';
}

/** What a step leaves (`id`: its event): the 协办单 of the unit, and whether the unit still helps and so reads the ticket. */
export function afterCoStep(ticket: CoFacts, id: EventId, step: Step, at: number): TicketHandling {
  const known = handlingOf(ticket);
  const { unit } = step;
  const orders = coOrdersOf(ticket);
  const others = known.coUnits.filter((one) => one !== unit);
  if (step.step === 'co_order') {
    const order: CoOrder = { id, unit, state: 'to_sign', since: at, dueAt: step.dueAt };
    return { ...known, coUnits: [...others, unit], coOrders: [...orders.filter((one) => one.unit !== unit), order] };
  }
  const to: CoOrderState = step.step === 'co_withdraw' ? 'withdrawn' : WAY[step.step].to;
  const coOrders = orders.map((one) => (one.unit === unit ? { ...one, state: to } : one));
  return { ...known, coUnits: to === 'returned' || to === 'withdrawn' ? others : known.coUnits, coOrders };
}
