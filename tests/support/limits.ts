import { type ClockAction, clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { START } from './data/samples.ts';

const MATTER = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;

/** The limits of an ordinary complaint accepted at START, after some actions, each an hour after the one before. */
export function limitsAfter(...actions: readonly ClockAction[]): Pick<Ticket, 'clocks' | 'dueAt'> {
  const clocks = [{ kind: 'accept' } as const, ...actions].reduce<Ticket['clocks']>(
    (known, action, hour) =>
      clocksAfter(
        { clocks: known, acceptedAt: START, matter: MATTER },
        action,
        START + hour * 3_600_000,
        shippedClockRules(),
      ),
    null,
  );
  return { clocks, dueAt: closeDueAt(clocks) };
}
