import { expect, test } from 'vitest';
import { deleteCitizen, findCitizenState, saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { toPersonHit } from '#main/data/services/person.service.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { prepareSearch, type TestSearch } from '#tests/support/data/open-search.ts';
import { AGENT, START, sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

function find({ db, index }: TestSearch, query: string) {
  return index.searchPersons(query, 10, (citizen, marks) => toPersonHit({ db, user: AGENT }, citizen, marks)).persons;
}

const PEOPLE: readonly Citizen[] = [
  sampleCitizen({ name: '王芳', phones: ['13800001234', '02584000001'] }, START),
  sampleCitizen({ name: '王方圆', phones: ['13900005678'] }, START + 1),
  sampleCitizen({ name: '单雄', phones: ['13700000077'], remark: '听力不好，请慢慢说' }, START + 2),
  sampleCitizen({ name: '南京某某物业有限公司', kind: 'organisation', phones: ['02566660000'] }, START + 3),
];

test('people are found by name, reading, any part of any number and remark, indexed or not', async () => {
  const search = openSearch(tempFolder());
  for (const citizen of PEOPLE) saveCitizen(search.db, citizen);
  const cases: readonly [string, readonly string[]][] = [
    ['王芳', ['王芳']],
    ['芳', ['王芳']],
    ['王', ['王方圆', '王芳']],
    ['wf', ['王芳', '王方圆']],
    ['wangfang', ['王芳', '王方圆']],
    ['shanx', ['单雄']],
    ['danxiong', ['单雄']],
    ['13800001234', ['王芳']],
    ['+86 138-0000-1234', ['王芳']],
    ['１３８００００', ['王芳']],
    ['(025) 8400', ['王芳']],
    ['025-84000001-801', ['王芳']],
    ['02584000001转801', ['王芳']],
    ['5678', ['王方圆']],
    ['0000', ['南京某某物业有限公司', '单雄', '王方圆', '王芳']],
    ['王 5678', ['王方圆']],
    ['听力', ['单雄']],
    ['物业', ['南京某某物业有限公司']],
    ['“王芳”', ['王芳']],
    ['王芳 OR 单雄', []],
    ['李', []],
    ['', []],
  ];
  for (let i = 0; i < 2; i++) {
    for (const [query, names] of cases) {
      expect([query, find(search, query).map(({ name }) => name)]).toEqual([query, names]);
    }
    await search.indexAll();
  }
});

test('what changes while it is being indexed is found as it is afterwards: people and tickets', async () => {
  let now = 0;
  let slices = 0;
  let change = () => {};
  // One row a slice; everything changes after every slice for a while.
  const search = openSearch(tempFolder(), 'agent', {
    elapsed: () => {
      now += 5;
      return now;
    },
    write: (work) => {
      const done = work();
      if (++slices <= 6) change();
      return done;
    },
  });
  const tickets = [1, 2, 3].map((number) => sampleTicket(number, { fields: sampleFields({ title: '旧标题' }) }));
  for (const citizen of PEOPLE) saveCitizen(search.db, citizen);
  for (const ticket of tickets) saveTicket(search.db, ticket);
  change = () => {
    for (const citizen of PEOPLE) {
      saveCitizen(search.db, { ...citizen, fields: { ...citizen.fields, name: `新名${slices}号` } });
    }
    for (const ticket of tickets) {
      saveTicket(search.db, { ...ticket, fields: { ...ticket.fields, title: `新题${slices}号` } });
    }
  };
  await search.indexAll();
  expect(slices).toBeGreaterThan(6);
  expect(find(search, '新名6号')).toHaveLength(PEOPLE.length);
  expect(search.index.search('新题6号', 10).tickets).toHaveLength(tickets.length);
  expect(find(search, '王芳')).toHaveLength(0);
});

test('whose name or number is exactly what was typed comes first', async () => {
  const search = openSearch(tempFolder());
  for (const citizen of PEOPLE) saveCitizen(search.db, citizen);
  saveCitizen(search.db, sampleCitizen({ name: '王芳芳', phones: ['13600001111'] }, START + 9));
  await search.indexAll();
  expect(find(search, '王芳').map(({ name }) => name)).toEqual(['王芳', '王芳芳']);
});

test('whose name or number is exactly what was typed is found behind any number of others, and what was not looked at is said', async () => {
  const search = openSearch(tempFolder());
  const ask = (query: string) =>
    search.index.searchPersons(query, 8, (citizen, marks) =>
      toPersonHit({ db: search.db, user: AGENT }, citizen, marks),
    );
  saveCitizen(search.db, sampleCitizen({ name: '张伟', phones: ['13500000001'] }, START));
  for (let i = 0; i < 40; i++) {
    const name = `张伟${'东南西北'.charAt(i % 4)}${i}`;
    saveCitizen(search.db, sampleCitizen({ name, phones: [`1350000000${1_000 + i}`] }, START + 1 + i));
  }
  await search.indexAll();
  for (const query of ['张伟', '“张伟”', '13500000001', '135 0000 0001']) {
    const { persons, incomplete } = ask(query);
    expect([query, persons[0]?.name, persons.length, incomplete]).toEqual([query, '张伟', 8, true]);
  }
  expect(ask('张伟东0')).toMatchObject({ persons: [{ name: '张伟东0' }], incomplete: false });
});

test('that more people fit than are listed is said, and nothing when all are', async () => {
  const search = openSearch(tempFolder());
  for (let i = 0; i < 12; i++) {
    saveCitizen(search.db, sampleCitizen({ name: `王${i}`, phones: [`1350000${1_000 + i}`] }, START + i));
  }
  await search.indexAll();
  const ask = (limit: number) =>
    search.index.searchPersons('王', limit, (citizen, marks) =>
      toPersonHit({ db: search.db, user: AGENT }, citizen, marks),
    );
  expect([ask(5).persons.length, ask(5).incomplete]).toEqual([5, true]);
  expect([ask(11).persons.length, ask(11).incomplete]).toEqual([11, true]);
  expect([ask(12).persons.length, ask(12).incomplete]).toEqual([12, false]);
});

test('a changed name is found by the new one only, a removed record by none', async () => {
  const search = openSearch(tempFolder());
  const [citizen] = PEOPLE;
  if (!citizen) throw new Error('there is a first person');
  const id = saveCitizen(search.db, citizen);
  await search.indexAll();
  saveCitizen(
    search.db,
    { ...citizen, fields: { ...citizen.fields, name: '汪芳' }, version: 2 },
    findCitizenState(search.db, citizen.uid) ?? null,
  );
  for (let i = 0; i < 2; i++) {
    expect(find(search, '王芳')).toEqual([]);
    expect(find(search, '汪芳')).toHaveLength(1);
    await search.indexAll();
  }
  deleteCitizen(search.db, id);
  expect(find(search, '汪芳')).toEqual([]);
  await search.indexAll();
  expect(find(search, '汪芳')).toEqual([]);
});

test('a merged record is found under the one that stands for both, with the tickets of both', async () => {
  const search = openSearch(tempFolder());
  const [head, other] = PEOPLE;
  if (!head || !other) throw new Error('there are two people');
  saveCitizen(search.db, head);
  saveCitizen(search.db, { ...other, mergedInto: head.uid });
  const fields = sampleFields();
  ['13800001234', '13900005678', '13900005678'].forEach((phone, i) => {
    const status = i === 2 ? 'closed' : 'handling';
    saveTicket(search.db, sampleTicket(i + 1, { status, fields: { ...fields, caller: { ...fields.caller, phone } } }));
  });
  await search.indexAll();
  for (const query of ['王芳', '王方圆', '5678']) {
    expect(find(search, query)).toMatchObject([
      { uid: head.uid, name: '王芳', phones: ['13800001234', '02584000001', '13900005678'], tickets: 3, open: 2 },
    ]);
  }
});

test('who is secret under one record is not found digit by digit under another one', async () => {
  const search = openSearch(tempFolder());
  const head = sampleCitizen({ name: '王芳', phones: ['13800001234'] });
  const secret = sampleCitizen({ name: '王小芳', phones: ['13900005678'], confidential: true });
  saveCitizen(search.db, head);
  saveCitizen(search.db, { ...secret, mergedInto: head.uid });
  await search.indexAll();
  for (const query of ['1380000', '0000', '王芳', 'wf', '小芳', '139000'])
    expect([query, find(search, query)]).toEqual([query, []]);
  for (const query of ['13800001234', '13900005678', '1234'])
    expect([query, find(search, query).length]).toEqual([query, 1]);
});
