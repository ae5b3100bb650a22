import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmTicket, findCallerPhone, findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { countByPhone, countOverdue, listOverdueIds } from '#main/data/repositories/ticket-list.repository.ts';
import { listSummaries } from '#main/data/repositories/ticket-summary.ts';
import { shownDueAt, summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { type ClockAction, clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { clockStateAt } from '#shared/domain/clock/ticket-clocks.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
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
  const confirmed = findTicket(db, ticket.uid)?.ticket;
  expect(confirmed).toEqual({ ...ticket, ...facts, version: 1 });
  // Written as a whole it is the same ticket.
  if (confirmed) saveTicket(db, confirmed);
  expect(findTicket(db, ticket.uid)?.ticket).toEqual(confirmed);
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 2, facts: { ...facts, dueAt: null, clocks: null } });
  expect(findTicket(db, ticket.uid)?.ticket).toMatchObject({ dueAt: null, clocks: null });
});

test('an answer that closes a ticket takes the place of one that gave it limits', () => {
  const { db } = openTestWork(tempFolder());
  const ticket = sampleTicket(1, { number: null, version: 0 });
  saveTicket(db, ticket);
  const open = { number: 7, status: 'to_dispatch' as const, acceptedAt: START, closedAt: null, dueAt: START + 5 };
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 1, facts: { ...open, clocks: clocksAt(START) ?? null } });
  const running = clocksAt(START) ?? null;
  const ended = clocksAfter({ clocks: running, acceptedAt: null, matter: null }, { kind: 'close' }, START + 5, rules);
  const closed = { ...open, status: 'closed' as const, closedAt: START + 5, dueAt: null, clocks: ended };
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 2, facts: closed });
  expect(findTicket(db, ticket.uid)?.ticket).toEqual({ ...ticket, ...closed, version: 2 });
  const phone = findCallerPhone(db, ticket.uid);
  expect(countByPhone(db, phone, START)).toMatchObject({ tickets: 1, open: 0 });
  confirmTicket(db, { uid: ticket.uid, applied: 1, version: 3, facts: { ...open, clocks: running } });
  expect(countByPhone(db, phone, START)).toMatchObject({ tickets: 1, open: 1 });
});

const DAY_MS = 86_400_000;
const order = { id: 'o1', startedAt: START, nearAt: START + DAY_MS, dueAt: START + 2 * DAY_MS };
const ACTIONS: readonly ClockAction[] = [
  { kind: 'dispatch' },
  { kind: 'sign' },
  { kind: 'return' },
  { kind: 'approve_return' },
  { kind: 'joint_review' },
  { kind: 'decide_extension', days: 5 },
  { kind: 'put_on_account', days: 15 },
  { kind: 'resume' },
  { kind: 'wait_for_citizen' },
  { kind: 'citizen_answered' },
  { kind: 'order', order },
  { kind: 'order_done', id: 'o1' },
  { kind: 'reply' },
  { kind: 'redo' },
  { kind: 'merge' },
  { kind: 'unmerge' },
  { kind: 'close' },
];

test('the queue of what is overdue, its count and the tag of every line say the same, whatever happened to a ticket', () => {
  const { db } = openTestWork(tempFolder());
  const steps = fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(4 * DAY_MS)), { maxLength: 8 });
  const histories = fc.sample(steps, { numRuns: 300, seed: 7 });
  const stored = histories.map((history, index) => {
    let at = START;
    let clocks: Ticket['clocks'] = clocksAt(at) ?? null;
    for (const [action, wait] of history) {
      at += wait;
      clocks = clocksAfter({ clocks, acceptedAt: START, matter }, action, at, rules);
    }
    return { id: saveTicket(db, sampleTicket(index + 1, { clocks })), clocks };
  });
  const dues = stored.flatMap(({ clocks }) => shownDueAt(clocks) ?? []);
  const moments = [START, START + 100 * DAY_MS, ...dues.slice(0, 25).flatMap((due) => [due - 1, due])];
  for (const now of moments) {
    const tagged = stored.flatMap(({ id, clocks }) => {
      const summary = summarizeClocks(clocks);
      return summary && clockStateAt(summary, now) === 'overdue' ? [id] : [];
    });
    expect(listOverdueIds(db, now, 1_000).ids.toSorted((a, b) => a - b)).toEqual(tagged);
    expect(countOverdue(db, now)).toBe(tagged.length);
    // Page by page it is the same list, the longest overdue first.
    const { ids } = listOverdueIds(db, now, 1_000);
    const first = listOverdueIds(db, now, 40);
    const second = first.next === null ? [] : listOverdueIds(db, now, 1_000, first.next).ids;
    expect([...first.ids, ...second]).toEqual(ids);
  }
  expect(new Set(dues).size).toBeGreaterThan(50);
});

test('what is overdue is listed and counted out of the index alone', () => {
  const { db } = openTestWork(tempFolder());
  const where = 'FROM tickets INDEXED BY tickets_by_due WHERE due_at IS NOT NULL AND due_at <= 5';
  for (const sql of [
    `SELECT count(*) ${where}`,
    `SELECT id ${where} AND (due_at, id) > (3, 9) ORDER BY due_at, id LIMIT 51`,
  ]) {
    const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail);
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatch(/^SEARCH tickets USING COVERING INDEX tickets_by_due \(.*due_at<\?\)$/);
  }
});
