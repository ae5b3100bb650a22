import type { Ticket } from '../ticket.ts';
import type { ClockRules, Matter } from './clock-rules.ts';
import { startRun } from './clock-run.ts';
import { clocksAfter } from './clocks-after.ts';
import { MAKE_SAFE } from './ticket-clocks.ts';

/**
 * A ticket's clocks from the moment at which a unit acts first: the limit of 消险 runs over the others, by the preset or by urgency.
 * @param at epoch ms
 */
export function startMakeSafe(
  clocks: Ticket['clocks'],
  matter: Matter | null,
  at: number,
  rules: ClockRules,
): Ticket['clocks'] {
  if (!clocks || clocks.orders.some(({ id }) => id === MAKE_SAFE)) return clocks;
  const { makeSafe, makeSafeUrgent } = rules.termsOf(clocks.set);
  const usual = matter && matter.urgency !== 'normal' ? makeSafeUrgent : makeSafe;
  const span = rules.presetOf(clocks.set, clocks.preset).makeSafe ?? usual;
  const { startedAt, nearAt, dueAt, calendar } = startRun(at, span, rules.calendar);
  const order = { id: MAKE_SAFE, startedAt, nearAt, dueAt, calendar };
  return clocksAfter({ clocks, acceptedAt: null, matter }, { kind: 'order', order }, at, rules);
}

/** The same once the danger is gone. */
export function endMakeSafe(clocks: Ticket['clocks'], at: number, rules: ClockRules): Ticket['clocks'] {
  return (
    clocks && clocksAfter({ clocks, acceptedAt: null, matter: null }, { kind: 'order_done', id: MAKE_SAFE }, at, rules)
  );
}
