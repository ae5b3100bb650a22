import type { Ticket } from '../ticket.ts';
import { handlingOf } from '../ticket-handling.ts';
import { FINISHED_STATUSES, type TicketStatus } from '../ticket-status.ts';
import type { FlowReceiver } from './flow.ts';
import { beginningOf, standingOf } from './flows-of.ts';

/** Nobody asks any more what became of it elsewhere. A call that was handed over is over for the hotline, and what came of it is not. */
const SETTLED: readonly TicketStatus[] = FINISHED_STATUSES.filter((status) => status !== 'handed_off');

/** A 流转 or 移交 whose result has not come. */
export interface OpenFlow {
  readonly receiver: FlowReceiver;
  readonly sentAt: number;
  /** 签收: the receiver has it. */
  readonly isReceived: boolean;
}

/** The oldest 流转 or 移交 of a ticket that has no result yet; null when nothing of it lies elsewhere. */
export function openFlowOf({ status, events }: Pick<Ticket, 'status' | 'events'>): OpenFlow | null {
  if (SETTLED.includes(status)) return null;
  for (const event of events) {
    const begins = beginningOf(event);
    if (!begins || begins.kind === 'not_enabled') continue;
    const { receiver } = begins;
    const { hasReceipt, hasResult } = standingOf(events, receiver);
    if (!hasResult) return { receiver, sentAt: event.at, isReceived: hasReceipt };
  }
  return null;
}

/** Until when a ticket waits for its citizen, epoch ms; null for one that waits for nobody. */
export function awaitedUntil({ status, handling }: Pick<Ticket, 'status' | 'handling'>): number | null {
  return FINISHED_STATUSES.includes(status) ? null : (handlingOf({ handling }).waiting?.until ?? null);
}
