import { expect, test } from 'vitest';
import { findCitizen, saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { exportOutbox, listOutboxItems } from '#main/data/services/outbox.service.ts';
import { getPersonCard, lookUpCaller } from '#main/data/services/person-card.service.ts';
import { mergePersons, savePerson, splitPerson } from '#main/data/services/person-edit.service.ts';
import { queueOp } from '#main/data/services/queue-op.ts';
import { revealValue } from '#main/data/services/reveal.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { getTicket, listTicketRows } from '#main/data/services/ticket.service.ts';
import type { PersonChanges } from '#shared/contract/citizen.contract.ts';
import type { RevealRequest } from '#shared/contract/privacy.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { newId } from '#shared/kernel/ids.ts';
import { prepareSearch } from '#tests/support/data/open-search.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import {
  AGENT,
  START,
  sampleCall,
  sampleCitizen,
  sampleFields,
  sampleIntake,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();
const PHONE = '13800001234';

function secretTicket(number = 1): Ticket {
  const fields = sampleFields();
  return sampleTicket(number, {
    fields: {
      ...fields,
      content: `王小芳反映路灯不亮，电话${PHONE}`,
      caller: { ...fields.caller, name: '王小芳', phone: PHONE, confidential: true },
      place: { ...fields.place, divisionCode: '320106001', address: '中央路260号' },
    },
  });
}

/** The work of somebody in a role. */
function workAs(role: Role): TestWork & { readonly ctx: TestWork['ctx'] } {
  const work = openTestWork(tempFolder());
  return { ...work, ctx: { ...work.ctx, user: { ...AGENT, role } } };
}

const asked = (uid: string, changes: Partial<RevealRequest> = {}): RevealRequest => ({
  subject: 'ticket',
  uid,
  field: 'phone',
  reason: '回拨核实',
  ...changes,
});

test('lists, details, cards and the search give an agent no name, number or address of a secret caller', async () => {
  const folder = tempFolder();
  const search = openSearch(folder);
  const ticket = secretTicket();
  const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE], confidential: true });
  const id = saveTicket(search.db, ticket);
  saveCitizen(search.db, citizen);
  await search.indexAll();
  const { ctx } = openTestWork(folder);
  const answers = [
    getTicket(ctx, ticket.uid),
    listTicketRows(ctx, [id]),
    lookUpCaller(ctx, PHONE),
    getPersonCard(ctx, citizen.uid),
    search.index.search('路灯', 20),
    search.index.search('', 20, { statuses: ['to_dispatch'] }),
  ];
  for (const answer of answers) {
    // At a ring the number comes with the question.
    const said = JSON.stringify(answer).replace(`"phone":"${PHONE}"`, '');
    expect(said).toContain('王*');
    for (const secret of ['小芳', PHONE, '00001', '260号', '320106001']) expect(said).not.toContain(secret);
  }
  expect(answers.map((answer) => JSON.stringify(answer).includes('"masked":true'))).not.toContain(false);
});

test('who needs the caller sees them', () => {
  for (const role of ['lead', 'revisit', 'admin'] as const) {
    const { ctx, db } = workAs(role);
    const ticket = secretTicket();
    saveTicket(db, ticket);
    expect(getTicket(ctx, ticket.uid)).toMatchObject({ masked: false, fields: ticket.fields });
  }
});

test('what is masked cannot be found out by searching for it piece by piece', async () => {
  const search = openSearch(tempFolder());
  saveTicket(search.db, secretTicket());
  await search.indexAll();
  const found = (query: string) => search.index.search(query, 20).tickets.length;
  for (const query of ['王小芳', '小芳', 'xf', 'xiaofang', '0000 12', '1380000', '8000012', '260号', 'zyl', '中央路']) {
    expect([query, found(query)]).toEqual([query, 0]);
  }
  // The whole number is known to whoever types it.
  for (const query of [PHONE, '+86 138-0000-1234', '路灯', '1234']) expect([query, found(query)]).toEqual([query, 1]);
  expect(search.index.search('', 20, { division: '320106001' }).tickets).toHaveLength(0);
  expect(search.index.search('', 20, { division: '320106' }).tickets).toHaveLength(1);
});

test('a lead finds a secret caller by everything', async () => {
  const search = openSearch(tempFolder(), 'lead');
  saveTicket(search.db, secretTicket());
  await search.indexAll();
  for (const query of ['王小芳', 'wxf', '8000012', '中央路260']) {
    expect([query, search.index.search(query, 20).tickets.length]).toEqual([query, 1]);
  }
});

test('MK-2 a look is in the log and in the outbox before the value is given', () => {
  const { ctx, db, queued } = openTestWork(tempFolder());
  const ticket = secretTicket();
  saveTicket(db, ticket);
  let loggedWhenQueued = 0;
  const revealed = revealValue(
    {
      ...ctx,
      queued: (ops) => {
        loggedWhenQueued = db.value<number>('SELECT count(*) FROM reveals') ?? 0;
        expect(db.inTransaction).toBe(false);
        queued.push(...ops);
      },
    },
    asked(ticket.uid),
  );
  expect(loggedWhenQueued).toBe(1);
  expect(revealed.ticket?.fields.caller).toMatchObject({ phone: PHONE, name: '王*' });
  expect(db.all('SELECT subject, subject_uid, field, reason, user_id, at FROM reveals')).toEqual([
    { subject: 'ticket', subject_uid: ticket.uid, field: 'phone', reason: '回拨核实', user_id: AGENT.id, at: START },
  ]);
  expect(listOutbox(db).map(({ op }) => [op.kind, op.uid])).toEqual([['audit.reveal', ticket.uid]]);
  expect(queued).toMatchObject([
    { kind: 'audit.reveal', args: { subject: 'ticket', field: 'phone', reason: '回拨核实' } },
  ]);
});

test('MK-2 when the look cannot be written down there is no value, and no trace of half a look', () => {
  for (const broken of ['reveals', 'outbox'] as const) {
    const { ctx, db, queued } = openTestWork(tempFolder());
    const ticket = secretTicket();
    saveTicket(db, ticket);
    db.exec(`CREATE TRIGGER broken BEFORE INSERT ON ${broken} BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    let value: unknown = null;
    expect(() => {
      value = revealValue(ctx, asked(ticket.uid));
    }).toThrow();
    expect(value).toBeNull();
    expect(db.value('SELECT count(*) FROM reveals')).toBe(0);
    expect(listOutbox(db)).toEqual([]);
    expect(queued).toEqual([]);
  }
});

test('MK-2 roles without a need get no look, and nothing is shown of what is not there', () => {
  const { ctx, db } = workAs('analyst');
  const ticket = secretTicket();
  saveTicket(db, ticket);
  expect(() => revealValue(ctx, asked(ticket.uid))).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }) as Error);
  const agent = openTestWork(tempFolder());
  expect(() => revealValue(agent.ctx, asked(newId(START)))).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
  );
  expect(db.value('SELECT count(*) FROM reveals')).toBe(0);
  expect(agent.db.value('SELECT count(*) FROM reveals')).toBe(0);
});

test('a look at a person shows the one thing asked for', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE, '02584000001'], confidential: true });
  saveCitizen(db, citizen);
  const { ticket, citizen: shown } = revealValue(ctx, asked(citizen.uid, { subject: 'citizen' }));
  expect(ticket).toBeNull();
  expect(shown?.fields).toMatchObject({ name: '王*', phones: [PHONE, '02584000001'] });
});

/** Makes a ticket the way an agent does. */
function submit({ ctx, db }: TestWork, content: Parameters<typeof sampleIntake>[0]) {
  const draft = openDraft(ctx, sampleCall(PHONE));
  const saved = saveDraft(ctx, draft.id, draft.revision, sampleIntake(content));
  const { uid } = submitDraft(ctx, draft.id, saved.revision, 'direct_answer');
  const ticket = findTicket(db, uid)?.ticket;
  if (!ticket) throw new Error('the ticket was made');
  return ticket;
}

const caller = { ...sampleIntake().caller, name: '王小芳', phone: PHONE };

test('匿名: no record, no link, no name on the ticket, and the number leads nobody to it', () => {
  const work = openTestWork(tempFolder());
  const ticket = submit(work, { answer: '已告知', caller: { ...caller, anonymous: true } });
  expect(ticket.fields).toMatchObject({ citizenUid: null, caller: { anonymous: true, name: '' } });
  expect(work.db.value('SELECT count(*) FROM citizens')).toBe(0);
  expect(lookUpCaller(work.ctx, PHONE)).toMatchObject({ citizen: null, tickets: [], totals: { tickets: 0 } });
  expect(getTicket(work.ctx, ticket.uid)).toMatchObject({ masked: true, fields: { caller: { phone: '138****1234' } } });
});

test('保密: the record and every later ticket are secret, also when the agent did not tick it again', () => {
  const work = openTestWork(tempFolder());
  const first = submit(work, { answer: '已告知', caller: { ...caller, confidential: true } });
  expect(findCitizen(work.db, first.fields.citizenUid ?? '')?.fields.confidential).toBe(true);
  // The card gives no name, so the form has none: the number alone finds the person.
  const later = submit(work, { answer: '已告知', caller: { ...caller, name: '' } });
  expect(later.fields).toMatchObject({ citizenUid: first.fields.citizenUid, caller: { confidential: true } });
  expect(getTicket(work.ctx, later.uid)).toMatchObject({ masked: true, fields: { citizenUid: null } });
});

test('a ticket of a secret caller is not led back to a name through their record', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE], confidential: false });
  saveCitizen(db, citizen);
  saveTicket(db, secretTicket(1));
  expect(getPersonCard(ctx, citizen.uid).tickets).toEqual([]);
  expect(lookUpCaller(ctx, PHONE).tickets).toHaveLength(1);
});

test('the outbox names no secret caller', () => {
  const work = openTestWork(tempFolder());
  submit(work, { answer: '已告知', title: `王小芳 ${PHONE} 反映噪声`, caller: { ...caller, confidential: true } });
  const labels = listOutboxItems(work.ctx, () => false).map(({ label }) => label);
  expect(labels).toEqual(['王*', '王* 138****1234 反映噪声']);
});

test('outbox and its export hold nothing of a masked person that its author did not write', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const secret = sampleCitizen({ name: '王小芳', phones: [PHONE, '13900005678'], confidential: true, remark: '独居' });
  const open = sampleCitizen({ name: '王方', phones: ['02584000001'] });
  for (const citizen of [secret, open]) saveCitizen(db, citizen);
  const save = (changes: PersonChanges) =>
    savePerson(ctx, { uid: secret.uid, seenAt: findCitizen(db, secret.uid)?.updatedAt ?? 0, changes });
  save({ needs: { hearing: true, language: '' } });
  save({ phones: { kept: [1], added: ['13700000077'] } });
  mergePersons(ctx, open.uid, secret.uid);
  splitPerson(ctx, open.uid);
  mergePersons(ctx, secret.uid, open.uid);
  const labels = listOutboxItems(ctx, () => false).map(({ label }) => label);
  // While they are one person, they are secret under both records.
  expect(labels).toEqual(['王*', '王*', '王*', '王*', '王*']);
  const { text } = exportOutbox(ctx);
  for (const hidden of ['王小芳', PHONE, '13900005678', '独居']) expect(text).not.toContain(hidden);
  for (const written of ['13700000077', '"hearing": true']) expect(text).toContain(written);
});

test('the export masks whole records of secret persons that an older build had queued', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const secret = sampleCitizen({ name: '王小芳', phones: [PHONE], confidential: true });
  saveCitizen(db, secret);
  db.transaction(() =>
    queueOp(
      db,
      {
        kind: 'citizen.upsert',
        uid: secret.uid,
        args: { centre: '320100', fields: { ...secret.fields, remark: '慢' } },
      },
      { at: START, baseVersion: 1, label: '王小芳' },
    ),
  );
  const { text } = exportOutbox(ctx);
  expect(text).not.toMatch(/王小芳|13800001234/);
  expect(text).toContain('"remark": "慢"');
});
