import type { FlowRule } from '#shared/domain/overlay/flow-rules.ts';
import { findFlowRule, isEnabledAt, shippedFlowRules } from '#shared/domain/overlay/flow-rules.ts';
import type { OverlayEvent } from '#shared/domain/overlay/oversight.ts';
import type { TicketEvent, TicketFields } from '#shared/domain/ticket.ts';

/** What a ticket is asked for when it is accepted, or changed before its dispatch. */
export interface FlowFacts {
  readonly centre: string;
  readonly mode: 'demo' | 'production';
  readonly fields: Pick<TicketFields, 'categoryCode' | 'form'>;
  /** What was laid over it so far: a receiver is given a ticket once. */
  readonly overlays: readonly OverlayEvent[];
}

/**
 * The 流转 that a ticket's matter asks for, as its event says it; null where no rule fits or it was said before. In a city that has not enabled the
 * rule nothing goes over, and the event says so.
 */
export function flowOf(
  { centre, mode, fields, overlays }: FlowFacts,
  rules: readonly FlowRule[] = shippedFlowRules(),
): Pick<TicketEvent, 'kind' | 'overlay'> | null {
  const rule = findFlowRule(fields, rules);
  if (!rule) return null;
  const { id, version, receiver } = rule;
  if (overlays.some(({ overlay }) => overlay?.step === 'flow' && overlay.receiver === receiver)) return null;
  const isEnabled = isEnabledAt(rule, centre, mode);
  return { kind: 'overlay', overlay: { step: 'flow', receiver, rule: { id, version }, isEnabled } };
}
