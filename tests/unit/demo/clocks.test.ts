import { expect, it } from 'vitest';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { clockStateAt } from '#shared/domain/clock/ticket-clocks.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';

const NOW = Date.parse('2026-11-22T14:00:00+08:00');

it('has open tickets whose limits are in time, nearly due, overdue and paused, each where its history left it', () => {
  const tickets = [...generateDemoCentre(DEMO_SEED, NOW, { citizens: 7_000, tickets: 20_000 }).tickets()];
  const isOpen = (ticket: Ticket) => !FINISHED_STATUSES.includes(ticket.status) && ticket.status !== 'rejected';
  const open = tickets.filter(isOpen);
  const states = Map.groupBy(open, ({ clocks }) => clocks && clockStateAt(clocks, NOW));
  const share = (state: string) => (states.get(state as 'normal')?.length ?? 0) / open.length;
  expect(states.get(null)).toBeUndefined();
  expect(share('normal')).toBeGreaterThan(0.3);
  expect(share('near')).toBeGreaterThan(0.005);
  expect(share('overdue')).toBeGreaterThan(0.02);
  expect(share('overdue')).toBeLessThan(0.5);
  expect(states.get('paused')?.every(({ status }) => status === 'on_account')).toBe(true);
  for (const { clocks, dueAt, status } of open) {
    expect(dueAt).toBe(clocks?.close.dueAt);
    expect(clocks?.stage === 'callback').toBe(status === 'to_callback' || status === 'replied');
  }
  // Nobody gave anything back later than one may.
  for (const { clocks, events } of tickets) {
    const returned = events.findLast(({ to }) => to === 'return_review');
    const dispatched = returned && events.findLast(({ at, to }) => to === 'to_sign' && at <= returned.at);
    if (!clocks || !dispatched) continue;
    expect(returned.at).toBeLessThan(addWorkdays(dispatched.at, 2, shippedCalendar()));
  }
  // What was answered on the spot never had a limit; what was answered tells when it was met, what ended otherwise does not.
  const ended = tickets.filter((ticket) => !isOpen(ticket));
  for (const { clocks, status } of ended) {
    if (status === 'closed_direct') expect(clocks).toBeNull();
    else
      expect([clocks?.stage, clocks?.metAt !== null]).toEqual(['done', status === 'closed' || status === 'archived']);
  }
});
