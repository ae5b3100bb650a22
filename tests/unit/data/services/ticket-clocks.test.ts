import { expect, test } from 'vitest';
import { confirmTicket, findTicket, listSummaries, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { START, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const rules = shippedClockRules();
const matter = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;
const clocksAt = (at: number) =>
  clocksAfter({ clocks: null, acceptedAt: at, matter }, { kind: 'accept' }, at, rules) ?? undefined;

test('clocks are kept as they came, running, ended or none', () => {
  const { db } = openTestWork(tempFolder());
  const running = clocksAt(START) ?? null;
  const ended = clocksAfter({ clocks: running, acceptedAt: null, matter: null }, { kind: 'close' }, START + 5, rules);
  const tickets = [running, ended, null].map((clocks, index) => sampleTicket(index + 1, { clocks }));
  const ids = tickets.map((ticket) => saveTicket(db, ticket));
  for (const ticket of tickets) expect(findTicket(db, ticket.uid)?.ticket.clocks).toEqual(ticket.clocks);
  const lines = listSummaries(db, ids, 'agent');
  expect(lines.map(({ clock }) => clock?.dueAt ?? null)).toEqual([running?.dueAt, null, null]);
});

test('the limits a ticket was shown with until it was confirmed become those the server counted', () => {
  const { db } = openTestWork(tempFolder());
  const ticket = sampleTicket(1, { number: null, version: 0, clocks: clocksAt(START) ?? null });
  saveTicket(db, ticket);
  const clocks = clocksAt(START + 7_200_000) ?? null;
  const facts = {
    number: 7,
    status: 'to_dispatch' as const,
    acceptedAt: START + 7_200_000,
    closedAt: null,
    dueAt: clocks?.close.dueAt ?? null,
    clocks,
  };
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 1, facts });
  expect(findTicket(db, ticket.uid)?.ticket).toMatchObject({ number: 7, dueAt: facts.dueAt, clocks });
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 2, facts: { ...facts, dueAt: null, clocks: null } });
  expect(findTicket(db, ticket.uid)?.ticket).toMatchObject({ dueAt: null, clocks: null });
});
