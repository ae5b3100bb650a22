import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { searchableText } from '#main/data/repositories/ticket-text.ts';
import { passesFilter } from '#main/data/search/facet-store.ts';
import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { START, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();
const DAY = 86_400_000;

const STATUSES = ['to_dispatch', 'handling', 'closed', 'closed_direct'] as const;
const CATEGORIES = ['010101', '010102', '010201', '020101', null] as const;
const DIVISIONS = ['320106001', '320106', '320104002', '320205001', null] as const;
const UNITS = ['市城管局', '鼓楼区政府', null] as const;
const AGENTS = ['019a0000-0000-7000-8000-000000000002', '019a0000-0000-7000-8000-000000000003', null] as const;
const WORDS = ['路灯不亮', '污水漫溢', '噪声扰民', '小区停车'] as const;

/** Tickets whose values go through all combinations out of step with each other. */
function variedTickets(count: number): readonly Ticket[] {
  const pick = <T>(list: readonly T[], n: number): T => list[Math.floor(n) % list.length] as T;
  return Array.from({ length: count }, (_, i) => {
    const createdById = pick(AGENTS, i / 7) as UserId | null;
    return sampleTicket(i + 1, {
      number: i % 11 === 0 ? null : i + 1,
      status: pick(STATUSES, i),
      unit: pick(UNITS, i / 3),
      createdById,
      createdByName: createdById === null ? '历史导入' : `话务员${createdById.slice(-1)}`,
      createdAt: START + (i % 30) * DAY,
      acceptedAt: i % 11 === 0 ? null : START + (i % 30) * DAY + 60_000,
      fields: sampleFields({
        categoryCode: pick(CATEGORIES, i / 2),
        content: `${pick(WORDS, i)}，${pick(WORDS, i / 5)}。第${i}次反映`,
        place: { ...sampleFields().place, divisionCode: pick(DIVISIONS, i / 4) },
      }),
    });
  });
}

const optional = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const filter: fc.Arbitrary<TicketFilter> = fc.record({
  statuses: fc.option(fc.uniqueArray(fc.constantFrom(...STATUSES, 'redo' as const), { minLength: 1 }), {
    nil: undefined,
  }),
  category: optional(['01', '0101', '010101', '09']),
  division: optional(['320000', '320100', '320106', '320106001', '320900']),
  units: optional([['市城管局'], ['鼓楼区政府', '市城管局'], ['没有的单位']]),
  agents: optional([[AGENTS[0]], ['=历史导入'], ['nobody']]),
  from: optional([START, START + 5 * DAY, START + 5 * DAY + 60_000]),
  to: optional([START + 20 * DAY, START + 9 * DAY + 60_000]),
});

test('property: words and filters together give what looking at every ticket gives, indexed or not', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const tickets = variedTickets(600);
  db.transaction(() => {
    for (const ticket of tickets) saveTicket(db, ticket);
  });
  const query = fc.constantFrom('', '路', '灯', '路灯', '污水 停车', '没有的词', '第12', '鼓楼区');
  const newestFirst = [...tickets].sort((a, b) => (b.number ?? Infinity) - (a.number ?? Infinity));
  const check = (words: string, wanted: TicketFilter, limit: number) => {
    if (words === '' && Object.values(wanted).every((value) => value === undefined)) return;
    const expected = newestFirst.filter(
      (ticket) =>
        passesFilter(ticket, wanted) &&
        words.split(' ').every((word) => word === '' || searchableText(ticket).includes(word)),
    );
    const found = index.search(words, limit, wanted);
    expect(found.incomplete).toBe(false);
    const numbers = found.tickets.map(({ number }) => number);
    expect(numbers).toEqual(expected.slice(0, limit).map(({ number }) => number));
    expect(new Set(found.tickets.map(({ uid }) => uid)).size).toBe(numbers.length);
  };
  fc.assert(fc.property(query, filter, fc.integer({ min: 1, max: 80 }), check), { numRuns: 150, seed: 3 });
  await indexAll();
  fc.assert(fc.property(query, filter, fc.integer({ min: 1, max: 80 }), check), { numRuns: 500, seed: 4 });
}, 60_000);

test('a changed state is found by the new one at once, and its text stays in the index', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const ticket = sampleTicket(1, { status: 'to_dispatch' });
  saveTicket(db, ticket);
  await indexAll();
  saveTicket(db, { ...ticket, status: 'handling', unit: '市城管局', version: 2 });
  for (let i = 0; i < 2; i++) {
    expect(index.search('路灯', 20, { statuses: ['handling'] }).tickets).toHaveLength(1);
    expect(index.search('', 20, { units: ['市城管局'] }).tickets).toHaveLength(1);
    expect(index.search('', 20, { statuses: ['to_dispatch'] }).tickets).toHaveLength(0);
    expect(index.search('路灯', 20).indexing).toBe(0);
    await indexAll();
  }
});

test('units and agents to choose from are those the tickets have, by name', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  for (const ticket of variedTickets(40)) saveTicket(db, ticket);
  const own = { createdById: AGENTS[0] as UserId, createdByName: '话务员2' };
  const moved = sampleTicket(99, { ...own, unit: '旧单位' });
  saveTicket(db, moved);
  await indexAll();
  saveTicket(db, { ...moved, unit: '市城管局', version: 2 });
  await indexAll();
  expect(index.choices().units.map(({ label }) => label)).toEqual(['鼓楼区政府', '市城管局']);
  expect(index.choices().agents).toEqual([
    { value: AGENTS[0], label: '话务员2' },
    { value: AGENTS[1], label: '话务员3' },
    { value: '=历史导入', label: '历史导入' },
  ]);
});

test('after a restart the filters work before and after everything is in memory again', async () => {
  const folder = tempFolder();
  const first = openSearch(folder);
  first.db.transaction(() => {
    for (let i = 1; i <= 5_000; i++) saveTicket(first.db, sampleTicket(i, { status: i === 17 ? 'redo' : 'handling' }));
  });
  await first.indexAll();
  await first.close();
  const second = openSearch(folder);
  expect(second.index.search('', 20, { statuses: ['redo'] })).toMatchObject({ tickets: [], incomplete: true });
  await second.indexAll();
  expect(second.index.search('', 20, { statuses: ['redo'] })).toMatchObject({
    tickets: [{ number: 17 }],
    incomplete: false,
  });
});
