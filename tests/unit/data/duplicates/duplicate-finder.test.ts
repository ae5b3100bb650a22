import { expect, test } from 'vitest';
import { createDuplicateFinder, type DuplicateProbe } from '#main/data/duplicates/duplicate-finder.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import { prepareSearch, type TestSearch } from '#tests/support/data/open-search.ts';
import { START, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

interface Told {
  readonly title?: string;
  readonly content?: string;
  readonly address?: string;
  readonly phone?: string;
  readonly anonymous?: boolean;
}

function fieldsOf({ title = '', content = '', address = '', phone = '', anonymous = false }: Told): TicketFields {
  const fields = sampleFields({ title, content, originalWords: '', categoryCode: null });
  return {
    ...fields,
    caller: { ...fields.caller, phone, anonymous },
    place: { divisionCode: null, address, landmark: '', coordinates: null },
  };
}

const ticketOf = (number: number, told: Told): Ticket => sampleTicket(number, { fields: fieldsOf(told) });
const probeOf = (told: Told, uid: DuplicateProbe['uid'] = null): DuplicateProbe => ({
  ...fieldsOf(told),
  at: START + 3_600_000,
  uid,
});

const MATTERS = ['噪音扰民', '拖欠工资', '公交不准点', '自来水浑浊', '小区停电', '违章搭建', '树枝挡路', '垃圾未清运'];
/** Tickets about other things, so that words are common or rare as in a real centre. */
const others = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    ticketOf(i + 100, {
      title: `${MATTERS[i % MATTERS.length]}`,
      content: `湖南路${i + 1}号附近${MATTERS[i % MATTERS.length]}，希望尽快处理，谢谢。第${i}次来电。`,
      address: `湖南路${i + 1}号`,
      phone: `139${String(i).padStart(8, '0')}`,
    }),
  );

function save(search: TestSearch, tickets: readonly Ticket[]): void {
  search.db.transaction(() => {
    for (const ticket of tickets) saveTicket(search.db, ticket);
  });
}

const finderOf = ({ db, index }: TestSearch) => createDuplicateFinder(db, index.tokens, '320100');
const LAMP = ticketOf(1, {
  title: '中央路路灯不亮',
  content: '中央路260号门口的路灯坏了两年，晚上看不见路，老人摔倒过。',
  address: '中央路260号',
  phone: '13800001234',
});
const SAME_LAMP: Told = { title: '路灯坏了', content: '鼓楼区中央路２６０号门口路灯不亮，晚上很黑。' };

test('the same matter told by another caller comes first, among many others', async () => {
  const search = openSearch(tempFolder());
  save(search, [LAMP, ...others(300)]);
  await search.indexAll();
  const [first, ...rest] = finderOf(search).find(probeOf(SAME_LAMP), 8);
  expect(first?.stored.ticket.uid).toBe(LAMP.uid);
  expect(first?.likeness.probability).toBeGreaterThan(0.75);
  expect(first?.likeness.reasons).toContainEqual({ kind: 'place', level: 'number', name: '中央路２６０号' });
  expect(rest.every(({ likeness }) => likeness.probability < 0.5)).toBe(true);
});

test('a ticket is found before it is in the index and before it has a number, as one made without a network', async () => {
  const search = openSearch(tempFolder());
  save(search, others(50));
  await search.indexAll();
  const finder = finderOf(search);
  save(search, [{ ...LAMP, number: null }]);
  expect(finder.find(probeOf(SAME_LAMP), 8)[0]?.stored.ticket.uid).toBe(LAMP.uid);
  await search.indexAll();
  expect(finder.find(probeOf(SAME_LAMP), 8)[0]?.stored.ticket.uid).toBe(LAMP.uid);
});

test('the same place alone finds a ticket whose words are all different', async () => {
  const search = openSearch(tempFolder());
  save(search, [LAMP, ...others(200)]);
  await search.indexAll();
  const found = finderOf(search).find(probeOf({ content: '漆黑一片，没有照明', address: '中央路260号' }), 8);
  expect(found.map(({ stored }) => stored.ticket.uid)).toContain(LAMP.uid);
});

test('the same number alone finds what this caller told before; an anonymous caller is not found by it', async () => {
  const search = openSearch(tempFolder());
  const secret = ticketOf(2, { title: '举报加班', phone: '13911112222', anonymous: true });
  save(search, [LAMP, secret, ...others(100)]);
  await search.indexAll();
  const finder = finderOf(search);
  const [found] = finder.find(probeOf({ phone: '+86 138-0000-1234' }), 8);
  expect(found?.stored.ticket.uid).toBe(LAMP.uid);
  expect(found?.likeness.reasons).toEqual([{ kind: 'phone', days: 0 }]);
  expect(finder.find(probeOf({ phone: '13911112222' }), 8)).toEqual([]);
});

test('a ticket is not its own duplicate, and nothing told finds nothing', async () => {
  const search = openSearch(tempFolder());
  save(search, [LAMP, ...others(50)]);
  await search.indexAll();
  const finder = finderOf(search);
  const itself = { ...LAMP.fields, at: LAMP.createdAt, uid: LAMP.uid };
  expect(finder.find(itself, 8).map(({ stored }) => stored.ticket.uid)).not.toContain(LAMP.uid);
  expect(finder.find(probeOf({}), 8)).toEqual([]);
});

test('a changed ticket is compared as it is now', async () => {
  const search = openSearch(tempFolder());
  save(search, [LAMP, ...others(50)]);
  await search.indexAll();
  const finder = finderOf(search);
  const likeness = () =>
    finder.find(probeOf(SAME_LAMP), 8).find(({ stored }) => stored.ticket.uid === LAMP.uid)?.likeness.probability ?? 0;
  const before = likeness();
  save(search, [{ ...LAMP, version: 2, updatedAt: START + 1, fields: fieldsOf({ content: '湖南路的事已经解决' }) }]);
  await search.indexAll();
  expect(likeness()).toBeLessThan(before / 2);
});

test('any text can be looked for', async () => {
  const search = openSearch(tempFolder());
  save(search, [LAMP, ...others(20)]);
  await search.indexAll();
  const finder = finderOf(search);
  for (const text of [
    '"OR" NOT (a*',
    '𠮷𠮷𠮷',
    '\ud800',
    '%_',
    '路',
    '1',
    ' \n ',
    'a'.repeat(3_000),
    '路灯'.repeat(1_500),
  ]) {
    const told = { title: text.slice(0, 200), content: text, address: text.slice(0, 200), phone: text.slice(0, 40) };
    expect(() => finder.find(probeOf(told), 8)).not.toThrow();
  }
});
