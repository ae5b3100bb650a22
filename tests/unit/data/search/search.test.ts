import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { searchableText } from '#main/data/repositories/ticket-text.ts';
import { parseQuery } from '#main/data/search/parse-query.ts';
import { indexTokens } from '#main/data/search/search-tokens.ts';
import { matchExpression } from '#main/data/search/token-query.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { foldText } from '#shared/kernel/text.ts';
import { isMet } from '#tests/support/data/full-text.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { TEST_KEY } from '#tests/support/data/open-work.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

const PIECES =
  '路灯不亮|中央路260号|江苏省南京市鼓楼区|𠮷野家|👨‍👩‍👧‍👦一家|㐀㐁𪚥𠀀|ABC Company|Wi-Fi 5G|NEAR(a b)|"引号"|OR AND NOT *|%通配_符|o’clock|①②③|ＡＢＣ１２３|ﷺ مرحبا|½ ¾|tab\t制表|换\n行|-- ; DROP|13800001234|025-84000001|0000|。，、|é e\u0301|\ue000私用|nbsp\u00a0x'.split(
    '|',
  );

function randomTickets(count: number): readonly Ticket[] {
  let state = 20_261_122;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const text = (most: number) => Array.from({ length: 1 + random(most) }, () => PIECES[random(PIECES.length)]).join('');
  return Array.from({ length: count }, (_, i) =>
    sampleTicket(i + 1, {
      number: i % 17 === 0 ? null : i + 1,
      fields: sampleFields({
        title: text(2),
        content: text(8),
        originalWords: text(3),
        answer: i % 3 ? null : text(2),
        tags: [text(1)],
        place: { divisionCode: null, address: text(2), landmark: '', coordinates: null },
        caller: {
          ...sampleFields().caller,
          name: text(1),
          phone: `138${String(random(100_000_000)).padStart(8, '0')}`,
        },
      }),
    }),
  );
}

test('recall is 100 % against a plain scan, on random substrings of odd texts, indexed or not', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const tickets = randomTickets(400);
  db.transaction(() => {
    for (const ticket of tickets) saveTicket(db, ticket);
  });
  const texts = new Map(tickets.map((ticket) => [ticket.uid as string, searchableText(ticket)]));
  const scan = (query: string) => {
    const terms = foldText(query).split(/\s+/).filter(Boolean);
    return terms.length === 0
      ? []
      : [...texts].filter(([, text]) => terms.every((term) => text.includes(term))).map(([uid]) => uid);
  };
  const substring = fc
    .record({ ticket: fc.nat(tickets.length - 1), at: fc.nat(400), length: fc.integer({ min: 1, max: 12 }) })
    .map(({ ticket, at, length }) => {
      const units = Array.from(searchableText(tickets[ticket] ?? sampleTicket(1)));
      const from = at % units.length;
      return units.slice(from, from + length).join('');
    });
  const check = (query: string) => {
    const found = index.search(query, 1_000);
    expect(found.incomplete).toBe(false);
    const expected = scan(query);
    const uids = found.tickets.map((ticket) => ticket.uid as string);
    expect([query, uids]).toEqual([query, expect.arrayContaining(expected)]);
    // Letters are also readings, digits also numbers, signs also ends of words: more may be found, never anything else.
    if (!/[\x21-\x7e、。]/.test(foldText(query))) expect([query, uids.length]).toEqual([query, expected.length]);
  };
  fc.assert(fc.property(substring, check), { numRuns: 150, seed: 1 });
  await indexAll();
  expect(index.search('路', 1).indexing).toBe(tickets.filter((ticket) => ticket.number === null).length);
  fc.assert(fc.property(substring, check), { numRuns: 600, seed: 2 });
}, 60_000);

test('whatever is typed is a text to look for, never query syntax and never an error', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  saveTicket(db, sampleTicket(1));
  await indexAll();
  const typed = fc.oneof(
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc.constantFrom(
      '"',
      '""',
      '*',
      'a*',
      '(',
      'NEAR(',
      'x AND',
      '^a',
      '{a}:b',
      '-a',
      "';--",
      ':',
      '路灯"',
      '\\',
      ' ',
      '',
    ),
  );
  fc.assert(
    fc.property(typed, (query) => {
      const text = searchableText(sampleTicket(1));
      for (const ticket of index.search(query, 20).tickets) {
        const terms = foldText(query).split(/\s+/).filter(Boolean);
        expect(
          ticket.number === Number(query) || terms.every((term) => text.includes(term)) || /^[\d\s+()-]+$/.test(query),
        ).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('property: a text that contains the words of a query has the tokens the query asks for', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40, unit: 'binary' }),
      fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
      fc.string({ maxLength: 40, unit: 'binary' }),
      fc.func(fc.double({ min: 0.0001, max: 1, noNaN: true })),
      (before, written, after, frequency) => {
        const { clauses } = parseQuery(written);
        if (clauses.length === 0) return;
        const tokens = indexTokens(foldText(before + written.trim() + after), []);
        expect(isMet(matchExpression(clauses, { frequency, rows: 1_000 }).expression, tokens)).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('results come newest first, tickets without a number before all', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  for (let i = 1; i <= 30; i++) saveTicket(db, sampleTicket(i));
  saveTicket(db, sampleTicket(31, { number: null }));
  await indexAll();
  expect(index.search('路灯不亮', 3).tickets.map((ticket) => ticket.number)).toEqual([null, 30, 29]);
});

test('phones by any part and written form, tickets by number and 暂编号', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const fields = sampleFields();
  for (let i = 1; i <= 50; i++) {
    const phone = `1380000${String(1000 + i)}`;
    saveTicket(db, sampleTicket(i, { fields: { ...fields, caller: { ...fields.caller, phone } } }));
  }
  await indexAll();
  const numbers = (query: string) => index.search(query, 20).tickets.map((ticket) => ticket.number);
  for (const query of ['13800001007', '138-0000-1007', '+86 138 0000 1007', '1007', '00001007'])
    expect(numbers(query)).toEqual([7]);
  expect(numbers('20261122-00000042')).toEqual([42]);
  expect(numbers('00000042')).toEqual([42]);
  expect(numbers('42')).toEqual([42]);
  expect(numbers('9')).toContain(9);
  expect(numbers('暂1002-1122-013')).toEqual([13]);
});

test('a changed text is found by its new words and no longer by the old, indexed or not', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(db, ticket);
  await indexAll();
  saveTicket(db, { ...ticket, version: 2, fields: sampleFields({ title: '井盖破损', content: '人行道井盖破损' }) });
  for (let i = 0; i < 2; i++) {
    expect(index.search('井盖', 20).tickets).toHaveLength(1);
    expect(index.search('路灯坏', 20).tickets).toHaveLength(0);
    await indexAll();
  }
});

test('a change of state alone does not index the text again', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(db, ticket);
  await indexAll();
  saveTicket(db, { ...ticket, status: 'closed', version: 2 });
  expect(index.search('路灯', 20).indexing).toBe(0);
});

test('a ticket without a number is found at once and stays found when it gets one', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const ticket = sampleTicket(5, { number: null });
  saveTicket(db, ticket);
  await indexAll();
  expect(index.search('路灯', 20)).toMatchObject({ indexing: 1, tickets: [{ number: null }] });
  saveTicket(db, { ...ticket, number: 5 });
  await indexAll();
  expect(index.search('路灯', 20)).toMatchObject({ indexing: 0, tickets: [{ number: 5 }] });
});

test('stopped while indexing, it goes on where the disk stands', async () => {
  const folder = tempFolder();
  const first = openSearch(folder);
  first.db.transaction(() => {
    for (const ticket of randomTickets(1_200)) saveTicket(first.db, ticket);
  });
  first.index.wake();
  await new Promise((resolve) => setImmediate(resolve));
  await first.close();
  const second = openSearch(folder);
  await second.indexAll();
  expect(second.index.search('路', 100).tickets).toHaveLength(100);
  expect(second.index.search('路', 1).indexing).toBe(71);
});

test('a house number is found however its digits were stored, and no longer number is taken for it', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const place = (address: string) => ({ divisionCode: null, address, landmark: '', coordinates: null });
  const addresses = ['江东中路3号', '江东中路３号', '江东中路33号', '江东中路3弄3号', '江东中路(3)号'];
  for (const [i, address] of addresses.entries())
    saveTicket(db, sampleTicket(i + 1, { fields: sampleFields({ place: place(address) }) }));
  const numbers = (query: string) => index.search(query, 20).tickets.map((ticket) => ticket.number);
  const check = () => {
    expect(numbers('中路3号')).toEqual([2, 1]);
    expect(numbers('中路３号')).toEqual([2, 1]);
    expect(numbers('江东中路3')).toEqual([4, 3, 2, 1]);
  };
  check();
  await indexAll();
  check();
});

test('property: a number with what stands around it is looked up as one', () => {
  const around = fc.constantFrom(...Array.from('路号栋a-(，楼'));
  fc.assert(
    fc.property(
      around,
      fc.stringMatching(/^\d{1,6}$/),
      around,
      fc.stringMatching(/^[路号3 ]{0,4}$/),
      (a, digits, b, more) => {
        const tokens = indexTokens(foldText(`${more}${a}${digits}${b}${more}`), []);
        const other = indexTokens(foldText(`${a}${digits}9${b}${a}9${digits}${b}`), []);
        const { expression } = matchExpression(parseQuery(`${a}${digits}${b}`).clauses, {
          frequency: (token) => (token.length > digits.length ? 0.000_1 : 0.1),
          rows: 100_000,
        });
        expect(isMet(expression, tokens)).toBe(true);
        // The same digits as parts of longer numbers are not even candidates.
        if (digits.length <= 4 && /^[路号栋楼]{2}$/.test(a + b)) expect(isMet(expression, other)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

test('an index that has lost tickets is built anew at will; what is missing meanwhile is said', async () => {
  const folder = tempFolder();
  const { db, index, indexAll } = openSearch(folder);
  db.transaction(() => {
    for (const ticket of randomTickets(300)) saveTicket(db, ticket);
  });
  await indexAll();
  const find = () => index.search('中央路260号', 100).tickets.map(({ uid }) => uid);
  const [before, choices] = [find(), index.choices()];
  expect(before.length).toBeGreaterThan(10);
  const damage = openEncrypted(`${folder}/search.db`, TEST_KEY);
  damage.exec("INSERT INTO tickets_fts (tickets_fts) VALUES ('delete-all')");
  damage.close();
  expect(find().length).toBeLessThan(before.length);

  await index.rebuild();
  const during = index.search('中央路260号', 100);
  if (during.tickets.length < before.length) expect(during.indexing).toBeGreaterThan(0);
  await index.idle();
  expect(find()).toEqual(before);
  expect(index.choices()).toEqual(choices);
  // Two wishes at once are one.
  await Promise.all([index.rebuild(), index.rebuild()]);
  await index.idle();
  expect(find()).toEqual(before);
});
