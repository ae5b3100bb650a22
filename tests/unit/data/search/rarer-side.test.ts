import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deleteTicket, findTicketByNumber, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { NumberList } from '#main/data/search/number-list.ts';
import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

/** More than are looked at one by one before the index is asked. */
const COUNT = 1_400;
const STREET = '320106001';
const SECRET = sampleFields({
  content: '噪声扰民，要求保密',
  caller: { ...sampleFields().caller, name: '欧阳静', phone: '13911112222', confidential: true },
});

/** The word 路灯 in every ticket, 井盖 in the oldest ones, a rare category in every hundredth, a street in every second. */
function tickets(): readonly Ticket[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const n = i + 1;
    return sampleTicket(n, {
      number: n,
      unit: n % 2 === 0 ? '市城管局' : null,
      fields: sampleFields({
        categoryCode: n % 100 === 0 ? '020101' : '010101',
        content: `路灯不亮${n <= 30 ? '，井盖破损' : ''}`,
        place: {
          ...sampleFields().place,
          divisionCode: n % 2 === 0 ? STREET : '320104002',
          address: n % 7 === 0 ? '建宁路8号' : '中央路8号',
        },
      }),
    });
  });
}

async function filled() {
  const search = openSearch(tempFolder());
  search.db.transaction(() => {
    for (const ticket of tickets()) saveTicket(search.db, ticket);
  });
  await search.indexAll();
  const find = (query: string, filter: TicketFilter, limit = 20) => {
    const found = search.index.search(query, limit, filter);
    expect(found.incomplete).toBe(false);
    return found.tickets.map(({ number }) => number);
  };
  return { ...search, find };
}

const newestFirst = (test: (n: number) => boolean, limit = 20) =>
  Array.from({ length: COUNT }, (_, i) => COUNT - i)
    .filter(test)
    .slice(0, limit);

test('a rare filter with a word or a character that every ticket has is answered in full, the newest first', async () => {
  const { find } = await filled();
  for (const query of ['路灯', '灯', '路灯 亮'])
    expect([query, find(query, { category: '02' })]).toEqual([query, newestFirst((n) => n % 100 === 0)]);
  expect(find('灯', { category: '02' }, 5)).toEqual(newestFirst((n) => n % 100 === 0, 5));
});

test('a word that only the oldest of many tickets behind a filter have is found', async () => {
  const { find } = await filled();
  for (const query of ['井盖', '盖', '井盖 路灯']) {
    expect(find(query, { units: ['市城管局'] })).toEqual(newestFirst((n) => n <= 30 && n % 2 === 0));
    expect(find(query, { category: '02' })).toEqual([]);
  }
});

test('initials of a road inside a division are found, and only there', async () => {
  const { find } = await filled();
  for (const query of ['jnl', 'jianningl']) {
    expect(find(query, { division: STREET })).toEqual(newestFirst((n) => n % 14 === 0));
    expect(find(query, { division: '320104' }, 200)).toEqual(newestFirst((n) => n % 14 === 7, 200));
    expect(find(query, { division: '320105' })).toEqual([]);
  }
});

test('tickets that left the lines of this seat are found by no filter and no character any more', async () => {
  const { db, find, indexAll } = await filled();
  for (let n = 100; n <= COUNT; n += 200) deleteTicket(db, findTicketByNumber(db, n)?.id ?? 0);
  for (let i = 0; i < 2; i++) {
    const expected = newestFirst((n) => n % 200 === 0);
    expect(find('灯', { category: '02' })).toEqual(expected);
    expect(find('', { category: '02' })).toEqual(expected);
    await indexAll();
  }
});

test('a secret caller is not found by a character of the name, whatever filter stands beside it', async () => {
  const { db, find, indexAll } = await filled();
  saveTicket(db, sampleTicket(COUNT + 1, { number: COUNT + 1, status: 'redo', fields: SECRET }));
  for (let i = 0; i < 2; i++) {
    const filter: TicketFilter = { statuses: ['redo'] };
    for (const query of ['静', '欧阳静', 'oyj', '1111', '中央路'])
      expect([query, find(query, filter)]).toEqual([query, []]);
    expect(find('噪', filter)).toEqual([COUNT + 1]);
    expect(find('13911112222', filter)).toEqual([COUNT + 1]);
    await indexAll();
  }
});

test('property: a list of numbers has each number once and in order, whatever order they came in', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(null)), { maxLength: 200 }), (steps) => {
      const list = new NumberList();
      const plain = new Set<number>();
      for (const step of [...steps, null]) {
        if (step === null) expect([...list.sorted()]).toEqual([...plain].sort((a, b) => a - b));
        else {
          list.add(step);
          plain.add(step);
        }
      }
      expect(list.size).toBe(plain.size);
    }),
  );
});
