import { expect, it } from 'vitest';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import { MERGEABLE_STATUSES, PARENT_STATUSES } from '#shared/domain/merge-tickets.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';

const NOW = Date.parse('2026-11-26T19:00:00+08:00');
const tickets = [...generateDemoCentre(DEMO_SEED, NOW, { citizens: 7_000, tickets: 20_000 }).tickets()];
const byUid = new Map<string, Ticket>(tickets.map((ticket) => [ticket.uid, ticket]));

it('has citizens to be called, some of them in vain before, whose next time is later than the last', () => {
  const list = tickets.filter(({ status }) => status === 'to_callback');
  const tried = list.filter((ticket) => handlingOf(ticket).attempts.length > 0);
  expect(list.length).toBeGreaterThan(tried.length);
  expect(tried.length).toBeGreaterThan(2);
  for (const ticket of tried) {
    const { attempts, nextCall } = handlingOf(ticket);
    const last = attempts.at(-1)?.at ?? 0;
    expect(last).toBeLessThanOrEqual(NOW);
    expect(nextCall?.from).toBeGreaterThan(last);
    expect(ticket.clocks).toMatchObject({ stage: 'callback', run: { nearAt: nextCall?.from } });
    expect(ticket.events.filter(({ act }) => act?.action === 'miss_callback')).toHaveLength(attempts.length);
  }
});

it('has 中央路260号: worked on by a unit, merged, proposed, and not yet discovered', () => {
  const calls = tickets.filter(({ fields }) => fields.title.startsWith('中央路260号'));
  expect(calls.map(({ status, link }) => [status, link?.state ?? null])).toEqual([
    ['handling', null],
    ['merged', 'merged'],
    ['to_dispatch', 'proposed'],
    ['to_dispatch', 'proposed'],
    ['to_dispatch', 'proposed'],
    ['to_dispatch', null],
  ]);
  expect(new Set(calls.map(({ fields }) => fields.caller.phone)).size).toBe(calls.length);
});

it('proposes open tickets under open 母单 only, and every link leads to a ticket that is none', () => {
  const linked = tickets.filter(({ link }) => link !== null);
  expect(linked.length).toBeGreaterThan(20);
  for (const { link, status } of linked) {
    const mother = byUid.get(link?.parentUid ?? '');
    expect(mother?.link).toBeNull();
    if (link?.state !== 'proposed') continue;
    expect(MERGEABLE_STATUSES).toContain(status);
    expect(PARENT_STATUSES).toContain(mother?.status);
  }
});
