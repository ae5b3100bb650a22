import { z } from 'zod';
import { type EventId, eventIdSchema } from '../kernel/ids.ts';
import type { TicketClocks } from './clock/ticket-clocks.ts';
import { unitNameSchema } from './ticket-act.ts';

const epochMs = z.number().int().nonnegative();

/** 协办单: it waits to be signed, is worked on, was answered to the 主办, came back, or was taken back (by the centre, or with the reply of the 主办). */
export const CO_ORDER_STATES = ['to_sign', 'handling', 'answered', 'returned', 'withdrawn'] as const;
export type CoOrderState = (typeof CO_ORDER_STATES)[number];

/** What one 协办 has to do beside the 主办. A unit has one at a time; a new one takes the place of one that is over. */
export const coOrderSchema = z.object({
  /** The event that began it; none of a build that did not name it. */
  id: eventIdSchema.optional(),
  unit: unitNameSchema,
  state: z.enum(CO_ORDER_STATES),
  since: epochMs,
  /** Its own time as the centre set it; null goes by the time of the 主办 (see coOrderDueAt). */
  dueAt: epochMs.nullable(),
});
export type CoOrder = z.infer<typeof coOrderSchema>;

interface WithHandling {
  readonly handling?: { readonly coOrders?: readonly CoOrder[] | undefined } | undefined;
}

/** 协办单 of a ticket, also of one from before there were any. */
export function coOrdersOf({ handling }: WithHandling): readonly CoOrder[] {
  return handling?.coOrders ?? [];
}

/** Whether its unit still owes something. */
export function isCoOrderOpen({ state }: Pick<CoOrder, 'state'>): boolean {
  return state === 'to_sign' || state === 'handling';
}

/** Those whose unit still owes an answer. */
export function openCoOrders(ticket: WithHandling): readonly CoOrder[] {
  return coOrdersOf(ticket).filter(isCoOrderOpen);
}

/** What a list says of them: how many hold, and how many of those are not answered. Null for none. */
export function summarizeCoOrders(ticket: WithHandling): { readonly count: number; readonly open: number } | null {
  const holding = coOrdersOf(ticket).filter(({ state }) => state !== 'returned' && state !== 'withdrawn');
  return holding.length === 0 ? null : { count: holding.length, open: holding.filter(isCoOrderOpen).length };
}

/** The 协办单 that a dispatch to some 协办 begins. @param id its event, where it is known */
export function beginCoOrders(units: readonly string[], since: number, id?: EventId): CoOrder[] {
  return units.map((unit) => ({ ...(id ? { id } : {}), unit, state: 'to_sign', since, dueAt: null }));
}

/**
 * Until when a 协办 has to answer: its own time, otherwise the moment from which the 主办 is 临近, so that there is time left for the one reply to
 * the citizen. It moves with the limit of the 主办 (延期, 挂账).
 * @returns null while nothing runs; the limit of the 主办 itself for one that began in its last fifth
 */
export function coOrderDueAt({ dueAt, since }: CoOrder, clocks: TicketClocks | null): number | null {
  if (dueAt !== null) return dueAt;
  if (!clocks || clocks.pausedSince !== null) return null;
  const { nearAt, dueAt: closeAt } = clocks.close;
  return since < nearAt ? nearAt : closeAt;
}
