import { expect, test } from 'vitest';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { latestForms, listAnswerLabels } from '#shared/domain/form/shipped-forms.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();

/** A wage claim of a caller, open or to be kept secret. */
function wageClaim(number: number, confidential: boolean): Ticket {
  const fields = sampleFields();
  return sampleTicket(number, {
    fields: {
      ...fields,
      title: '要求支付劳动报酬',
      content: '一直没有发',
      originalWords: '',
      caller: { ...fields.caller, name: '赵敏', phone: '13900005678', confidential },
      form: {
        id: 'wage-arrears',
        version: 1,
        data: {
          employer: '金陵第八建筑公司',
          industry: 'construction',
          foreman: '孙大勇',
          people: 37,
          total: 186400,
        },
      },
    },
  });
}

test('a ticket is found by the answers of its form: texts, numbers, and the words of choices in both languages', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const queries = ['第八建筑', '186400', '建设工程', 'Construction', '孙大勇', '37人', '建设工程 第八'];
  const found = (query: string) => index.search(query, 20).tickets.map(({ number }) => number);
  saveTicket(db, wageClaim(1, false));
  saveTicket(db, sampleTicket(2));
  // What waits for the index is looked at directly and has to say the same.
  for (const query of queries) expect([query, found(query)]).toEqual([query, [1]]);
  await indexAll();
  for (const query of queries) expect([query, found(query)]).toEqual([query, [1]]);
  expect(found('餐饮住宿')).toEqual([]);
});

test('the list shows the answer that was found, with the word to mark', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  saveTicket(db, wageClaim(1, false));
  await indexAll();
  expect(index.search('第八建筑', 20).tickets).toMatchObject([
    { excerpt: '单位名称：金陵第八建筑公司', marks: ['第八建筑'] },
  ]);
  expect(index.search('construction', 20).tickets).toMatchObject([{ excerpt: 'Industry: Construction' }]);
  // A word of the content is shown where it stands.
  expect(index.search('一直没有', 20).tickets).toMatchObject([{ excerpt: '一直没有发' }]);
});

test('answers about a secret caller are found by those who may read them alone', async () => {
  const folder = tempFolder();
  const seat = openSearch(folder);
  saveTicket(seat.db, wageClaim(1, true));
  await seat.indexAll();
  const found = (query: string) => seat.index.search(query, 20).tickets.length;
  // The foreman is personal data; the employer and the trade are the matter itself.
  expect(found('孙大勇')).toBe(0);
  expect(found('186400')).toBe(0);
  expect(found('第八建筑')).toBe(1);
  expect(found('建设工程')).toBe(1);
  const lead = openSearch(folder, 'lead');
  expect(lead.index.search('孙大勇', 20).tickets).toHaveLength(1);
});

test('an answer of a form this build does not have is found as it was written', async () => {
  const { db, index, indexAll } = openSearch(tempFolder());
  const ticket = wageClaim(1, false);
  const form = { id: 'later-form', version: 9, data: { what: '压裂井口', many: ['甲方', '乙方'], is: true } };
  saveTicket(db, { ...ticket, fields: { ...ticket.fields, form } });
  await indexAll();
  for (const query of ['压裂井口', '乙方']) expect([query, index.search(query, 20).tickets.length]).toEqual([query, 1]);
});

test('every label of every form is known without checking the files', () => {
  const labels = new Set(listAnswerLabels().split('\n'));
  for (const { fields } of latestForms()) {
    for (const { field } of fields.values()) {
      const options =
        field.type === 'dependent-choice'
          ? Object.values(field.branches).flat()
          : 'options' in field
            ? (field.options ?? [])
            : [];
      for (const { label } of options) expect([labels.has(label.zh), labels.has(label.en)]).toEqual([true, true]);
      if ('unit' in field && field.unit) expect(labels.has(field.unit.zh)).toBe(true);
    }
  }
});
