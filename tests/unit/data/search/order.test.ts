import { expect, test } from 'vitest';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { START, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();
const HOUR = 3_600_000;

/** Limits that run from an acceptance. */
const limitsFrom = (at: number) =>
  clocksAfter(
    { clocks: null, acceptedAt: at, matter: { categoryCode: null, type: 'complaint', urgency: 'normal' } },
    { kind: 'accept' },
    at,
    shippedClockRules(),
  );

function openWith(tickets: readonly Ticket[]) {
  const opened = openSearch(tempFolder());
  opened.db.transaction(() => {
    for (const ticket of tickets) saveTicket(opened.db, ticket);
  });
  return opened;
}
const lamp = (number: number, content: string, over: Partial<Ticket> = {}) =>
  sampleTicket(number, { number, fields: sampleFields({ content }), ...over });

test('what was found is put in the orders that queues have: the oldest first, or what runs out first with what has no limit last', async () => {
  const { index, indexAll } = openWith([
    lamp(1, '路灯不亮', { clocks: limitsFrom(START + 9 * HOUR) }),
    lamp(2, '路灯不亮', { clocks: limitsFrom(START) }),
    lamp(3, '路灯不亮', { status: 'closed', clocks: null }),
    lamp(4, '路灯不亮', { clocks: limitsFrom(START + HOUR) }),
  ]);
  const found = (sort: 'newest' | 'oldest' | 'due', limit = 20) =>
    index.search('路灯', limit, null, sort).tickets.map(({ number }) => number);
  for (const make of [async () => {}, indexAll]) {
    await make();
    expect(found('newest')).toEqual([4, 3, 2, 1]);
    expect(found('oldest')).toEqual([1, 2, 3, 4]);
    expect(found('due')).toEqual([2, 4, 1, 3]);
    // A page of them holds the first of the order, not the newest.
    expect(found('due', 2)).toEqual([2, 4]);
    expect(index.search('路灯', 2, null, 'due').ordered).toBeNull();
    expect(index.search('', 2, { statuses: ['closed'] }, 'oldest').tickets).toMatchObject([{ number: 3 }]);
  }
});

test('of more than can be put in order the newest are, and the answer says of how many', async () => {
  const { index, indexAll } = openWith(Array.from({ length: 520 }, (_, i) => lamp(i + 1, `路灯不亮${i}`)));
  await indexAll();
  const oldest = index.search('路灯', 20, null, 'oldest');
  expect(oldest.ordered).toBe(500);
  expect(oldest.tickets[0]?.number).toBe(21);
  expect(oldest.tickets).toHaveLength(20);
  expect(index.search('路灯', 20).ordered).toBeNull();
});
