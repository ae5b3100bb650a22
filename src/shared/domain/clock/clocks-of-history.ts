import type { TicketEvent } from '../ticket.ts';
import { TRANSITIONS } from '../ticket-status.ts';
import type { ClockRules, Matter } from './clock-rules.ts';
import { type ClockAction, clocksAfter } from './clocks-after.ts';
import type { TicketClocks } from './ticket-clocks.ts';

type Step = Pick<TicketEvent, 'at' | 'from' | 'to'>;

/** What a history alone does not tell of its steps. */
export interface HistoryTerms {
  /** Working days of an extension that was granted. */
  readonly extensionDays: number;
  /** Days until a 挂账 is looked at again. */
  readonly recheckDays: number;
}

/**
 * The clocks of a ticket whose history is known, as if each step had been taken here. Events that change no state are passed over.
 * @param set the presets of its centre; those of centres which chose none when left out
 */
export function clocksOfHistory(
  matter: Matter,
  history: readonly Step[],
  terms: HistoryTerms,
  rules: ClockRules,
  set?: string,
): TicketClocks | null {
  let clocks: TicketClocks | null = null;
  for (const { at, from, to } of history) {
    const step = from && to && TRANSITIONS.find((one) => one.to === to && one.from.includes(from));
    if (!step) continue;
    const action = toAction(step.action, terms);
    const isStart = clocks === null && action.kind === 'accept';
    if (isStart || clocks) clocks = clocksAfter({ clocks, acceptedAt: at, matter, set }, action, at, rules);
  }
  return clocks;
}

function toAction(
  kind: (typeof TRANSITIONS)[number]['action'],
  { extensionDays, recheckDays }: HistoryTerms,
): ClockAction {
  if (kind === 'decide_extension') return { kind, days: extensionDays };
  if (kind === 'put_on_account') return { kind, days: recheckDays };
  // When the citizen is tried next a history does not tell.
  return kind === 'miss_callback' ? { kind, next: null } : { kind };
}
