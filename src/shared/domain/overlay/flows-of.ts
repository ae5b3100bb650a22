import { EMERGENCY_SERVICES, type TicketEvent } from '../ticket.ts';
import { type FlowOutcome, type FlowReceiver, flowReceiverSchema, type HandOverLeg } from './flow.ts';
import type { OverlayEvent } from './oversight.ts';

/** Something written about a 流转 or 移交: when, by whom, in which words. */
interface Written {
  readonly at: number;
  readonly byName: string;
  readonly text: string;
}

/** What went to one receiver, and what came back. */
export interface Flow {
  readonly receiver: FlowReceiver;
  /** 流转 by rule, 移交 of a call; a rule that the city has not enabled sent nothing. */
  readonly kind: 'rule' | 'call' | 'not_enabled';
  readonly sentAt: number;
  readonly byName: string;
  /** Calls that were handed over, and what else was told, oldest first. */
  readonly told: readonly (Written & { readonly id: string; readonly leg: HandOverLeg | null })[];
  readonly receipt: (Written & { readonly number: string }) | null;
  readonly result: (Written & { readonly outcome: FlowOutcome }) | null;
}

type FlowEvent = Pick<TicketEvent, 'id' | 'at' | 'kind' | 'actorName' | 'text' | 'overlay'>;

/** 流转 and 移交 of a ticket, in the order in which they began. */
export function flowsOf(events: readonly FlowEvent[]): readonly Flow[] {
  const begun = new Map<FlowReceiver, Pick<Flow, 'kind' | 'sentAt' | 'byName'>>();
  for (const event of events) {
    const begins = beginningOf(event);
    if (begins && !begun.has(begins.receiver)) {
      begun.set(begins.receiver, { kind: begins.kind, sentAt: event.at, byName: event.actorName });
    }
  }
  return [...begun].map(([receiver, begins]) => ({ receiver, ...begins, ...wordsOf(events, receiver) }));
}

/** Which receiver an event tells to have been given the ticket; null for any other event. */
export function beginningOf({ kind, text, overlay }: Omit<OverlayEvent, 'id'>): Pick<Flow, 'receiver' | 'kind'> | null {
  if (kind === 'handed_off') {
    const service = flowReceiverSchema.safeParse(EMERGENCY_SERVICES.find((one) => one === text));
    return service.success ? { receiver: service.data, kind: 'call' } : null;
  }
  if (overlay?.step !== 'flow') return null;
  return { receiver: overlay.receiver, kind: overlay.isEnabled ? 'rule' : 'not_enabled' };
}

function wordsOf(events: readonly FlowEvent[], receiver: FlowReceiver): Pick<Flow, 'told' | 'receipt' | 'result'> {
  const told: Flow['told'][number][] = [];
  let receipt: Flow['receipt'] = null;
  let result: Flow['result'] = null;
  for (const { id, at, actorName: byName, text, overlay } of events) {
    if (!overlay || !('receiver' in overlay) || overlay.receiver !== receiver) continue;
    const written = { at, byName, text };
    if (overlay.step === 'hand_over') told.push({ id, ...written, leg: overlay.leg });
    if (overlay.step === 'flow_receipt') receipt ??= { ...written, number: overlay.number };
    if (overlay.step === 'flow_result') result ??= { ...written, outcome: overlay.outcome };
  }
  return { told, receipt, result };
}

/** Whether a receiver was given the ticket, and what it has answered so far. */
export function standingOf(
  events: readonly OverlayEvent[],
  receiver: FlowReceiver,
): { readonly isSent: boolean; readonly hasReceipt: boolean; readonly hasResult: boolean } {
  const isOf = (step: 'flow_receipt' | 'flow_result') =>
    events.some(({ overlay }) => overlay?.step === step && overlay.receiver === receiver);
  const isSent = events.some((event) => {
    const begins = beginningOf(event);
    return begins?.receiver === receiver && begins.kind !== 'not_enabled';
  });
  return { isSent, hasReceipt: isOf('flow_receipt'), hasResult: isOf('flow_result') };
}
