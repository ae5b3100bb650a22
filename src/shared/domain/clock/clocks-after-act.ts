import type { Actable, Acted } from '../act-on-ticket.ts';
import type { Ticket } from '../ticket.ts';
import type { TicketAct } from '../ticket-act.ts';
import { handlingOf } from '../ticket-handling.ts';
import type { ClockRules } from './clock-rules.ts';
import { type ClockAction, type ClockFacts, clocksAfter } from './clocks-after.ts';
import { clocksOfStanding } from './clocks-of-standing.ts';
import { startMakeSafe } from './make-safe-clock.ts';

/**
 * A ticket's clocks after a decision and the steps that follow it by rule. One from before there were clocks gets them as it stood.
 * @param before the ticket as it was decided about
 * @param now when it was decided, epoch ms
 */
export function clocksAfterAct(
  before: ClockFacts & Pick<Actable, 'status' | 'replies' | 'handling'>,
  act: TicketAct,
  acted: Acted,
  now: number,
  rules: ClockRules,
): Ticket['clocks'] {
  const { matter, acceptedAt, set } = before;
  const known =
    before.clocks ??
    (matter && acceptedAt !== null ? clocksOfStanding({ ...before, acceptedAt }, matter, rules, set) : null);
  const { waiting } = handlingOf(before);
  // A 挂账 while waiting stays one pause; any other decision begins with what was left.
  const going =
    waiting && act.action !== 'put_on_account'
      ? clocksAfter({ ...before, clocks: known }, { kind: 'citizen_answered' }, Math.min(now, waiting.until), rules)
      : known;
  const moved = acted.steps.reduce<Ticket['clocks']>(
    (clocks, step) =>
      clocksAfter({ ...before, clocks }, step.isByRule ? { kind: step.action } : clockActionOf(act, acted), now, rules),
    going,
  );
  const isActingFirst = (act.action === 'dispatch' || act.action === 'assign') && act.basis === 'acting';
  return isActingFirst && handlingOf(acted).ownership?.safeAt === null
    ? startMakeSafe(moved, matter, now, rules)
    : moved;
}

function clockActionOf(act: TicketAct, acted: Acted): ClockAction {
  switch (act.action) {
    case 'decide_extension':
      return { kind: act.action, days: act.granted ? (handlingOf(acted).extendedBy ?? 0) : 0 };
    case 'put_on_account':
      return { kind: act.action, days: act.reviewInDays };
    case 'close':
      // Its answers are kept until it may be closed: there is a next time to look at it.
      return acted.status === 'closed'
        ? { kind: 'close' }
        : { kind: 'miss_callback', next: handlingOf(acted).nextCall };
    case 'miss_callback':
      return { kind: act.action, next: handlingOf(acted).nextCall };
    default:
      return { kind: act.action };
  }
}
