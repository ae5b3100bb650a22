import { expect, test } from 'vitest';
import { countCategoryChoices } from '#main/data/repositories/category-choice.repository.ts';
import { findCitizensByPhone, saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findDraft } from '#main/data/repositories/draft.repository.ts';
import { getIdentity } from '#main/data/repositories/identity.repository.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { openDraft, restoreDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { hashOp } from '#main/data/services/queue-op.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { addNote, getTicket, listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import { EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleCitizen, sampleIntake } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

function draftWith(work: TestWork, content: IntakeContent) {
  const draft = openDraft(work.ctx, null);
  saveDraft(work.ctx, draft.id, 0, content);
  return draft;
}

test('ticket, operation, draft and 暂编号 commit together or not at all', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake());
  work.db.exec(`CREATE TEMP TRIGGER fail BEFORE UPDATE ON main.drafts BEGIN SELECT raise(ABORT, 'power cut'); END`);
  expect(() => submitDraft(work.ctx, draft.id, 1, 'submit')).toThrow();
  for (const table of ['tickets', 'outbox', 'citizens', 'provisional_numbers']) {
    expect([table, work.db.value(`SELECT count(*) FROM ${table}`)]).toEqual([table, 0]);
  }
  expect(getIdentity(work.db).nextOp).toBe(1);
  work.db.exec('DROP TRIGGER fail');
  expect(submitDraft(work.ctx, draft.id, 1, 'submit').provisionalNo).toBe('暂1001-1122-001');
  expect(work.db.value('SELECT count(*) FROM outbox')).toBe(2);
});

test('a role that takes nothing in learns it before the draft leaves, not from the server; the draft stays', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake());
  for (const role of ['revisit', 'quality', 'editor', 'analyst', 'unit', 'admin'] as const) {
    const ctx = { ...work.ctx, user: { ...work.ctx.user, role } };
    expect(() => submitDraft(ctx, draft.id, 1, 'submit'), role).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  }
  expect(findDraft(work.db, draft.id)?.state).toBe('open');
  expect(work.queued).toEqual([]);
});

test('submitting again gives the same ticket and queues nothing more', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake());
  const first = submitDraft(work.ctx, draft.id, 1, 'submit');
  const queued = work.queued.length;
  expect(submitDraft(work.ctx, draft.id, 1, 'submit')).toEqual(first);
  expect(submitDraft(work.ctx, draft.id, 99, 'direct_answer')).toEqual(first);
  expect(work.queued).toHaveLength(queued);
});

test('operations are numbered without gaps, valid on the wire and hashed over what they say', () => {
  const work = openTestWork(tempFolder());
  for (let i = 0; i < 3; i++) {
    const draft = draftWith(work, sampleIntake({ title: `第${i}件` }));
    const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
    addNote(work.ctx, uid, { kind: 'note', text: '补充说明' });
  }
  const entries = listOutbox(work.db);
  expect(entries.map((entry) => entry.op.s)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  for (const { op } of entries) {
    expect(opSchema.parse(op)).toEqual(op);
    expect(hashOp(op)).toBe(op.hash);
  }
  const note = entries.find((entry) => entry.op.kind === 'ticket.note')?.op;
  const create = entries.find((entry) => entry.op.kind === 'ticket.create')?.op;
  expect(note?.dependsOn).toBe(create?.opId);
});

test('the ticket shows at once: unnumbered, offline, waiting for confirmation, with the call it came from', () => {
  const work = openTestWork(tempFolder());
  const call = { ...sampleCall('+86 138-0000-1234'), line: '12350' as const };
  const draft = openDraft(work.ctx, call);
  saveDraft(work.ctx, draft.id, 0, sampleIntake({ caller: { ...draft.content.caller, phone: '138 0000 1234' } }));
  const { uid, provisionalNo } = submitDraft(work.ctx, draft.id, 1, 'submit');
  const ticket = getTicket(work.ctx, uid);
  expect(ticket).toMatchObject({ number: null, provisionalNo, status: 'submitted', madeOffline: true, pending: true });
  expect(findTicket(work.db, uid)?.ticket.fields).toMatchObject({
    line: '12350',
    channel: 'phone',
    caller: { phone: '13800001234' },
    call,
  });
  const mine = listTicketIds(work.ctx, { kind: 'mine' }, 10);
  expect(listTicketRows(work.ctx, mine.ids).map((each) => each.ticket.uid)).toEqual([uid]);
});

test('how the category was chosen is kept with the ticket and counted: taken over, picked beside a suggestion, without one', () => {
  const work = openTestWork(tempFolder());
  const choices = [
    { by: 'suggested', confidence: 0.92 },
    { by: 'suggested', confidence: 0.4 },
    { by: 'picked', confidence: 0.55 },
    { by: 'picked', confidence: null },
  ] as const;
  for (const categoryChoice of choices) {
    const { uid } = submitDraft(work.ctx, draftWith(work, sampleIntake({ categoryChoice })).id, 1, 'submit');
    expect(findTicket(work.db, uid)?.ticket.fields.categoryChoice).toEqual(categoryChoice);
  }
  submitDraft(work.ctx, draftWith(work, sampleIntake({ categoryCode: null, answer: '已答复' })).id, 1, 'direct_answer');
  expect(countCategoryChoices(work.db)).toEqual({ offered: 3, taken: 2 });
  expect(work.db.all('SELECT code, chosen_by, confidence, at FROM category_choices WHERE confidence = 0.92')).toEqual([
    { code: '010101', chosen_by: 'suggested', confidence: 0.92, at: START },
  ]);
});

test('a direct answer needs no category and is closed at once', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake({ categoryCode: null, title: '', answer: '请带身份证到窗口办理。' }));
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'direct_answer');
  expect(getTicket(work.ctx, uid)).toMatchObject({
    status: 'closed_direct',
    fields: { answer: '请带身份证到窗口办理。' },
  });
  const handed = draftWith(work, sampleIntake({ answer: '打了一半的答复' }));
  const second = submitDraft(work.ctx, handed.id, 1, 'submit');
  expect(getTicket(work.ctx, second.uid).fields.answer).toBeNull();
});

test('the running number counts the seat’s day in Beijing and goes on after the counter was lost', () => {
  const work = openTestWork(tempFolder());
  const submit = () => submitDraft(work.ctx, draftWith(work, sampleIntake()).id, 1, 'submit').provisionalNo;
  expect([submit(), submit()]).toEqual(['暂1001-1122-001', '暂1001-1122-002']);
  work.db.run('DELETE FROM provisional_numbers');
  expect(submit()).toBe('暂1001-1122-003');
  work.clock.advance(13 * 3_600_000 + 3_599_000);
  expect(submit()).toBe('暂1001-1122-004');
  work.clock.advance(1_000);
  expect(submit()).toBe('暂1001-1123-001');
});

test('callers: a known person is recognised, a new one recorded, nobody recorded who does not want it', () => {
  const work = openTestWork(tempFolder());
  const uid = newId<CitizenId>(START);
  saveCitizen(work.db, {
    uid,
    centre: '320100',
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: '王芳',
      gender: 'female',
      kind: 'person',
      phones: ['02584000001', '13800001234'],
      confidential: false,
      remark: '',
    },
    createdAt: START,
    updatedAt: START,
    version: 1,
    mergedInto: null,
  });
  const base = sampleIntake();
  const citizenOf = (content: IntakeContent) =>
    getTicket(work.ctx, submitDraft(work.ctx, draftWith(work, content).id, 1, 'submit').uid).fields.citizenUid;
  expect(citizenOf(base)).toBe(uid);
  expect(citizenOf({ ...base, caller: { ...base.caller, name: '' } })).toBe(uid);
  expect(citizenOf({ ...base, caller: { ...base.caller, anonymous: true } })).toBeNull();
  expect(citizenOf({ ...base, caller: { ...base.caller, name: '', phone: '13900009999' } })).toBeNull();
  const other = citizenOf({ ...base, caller: { ...base.caller, name: '王强' } });
  expect(other).not.toBe(uid);
  expect(citizenOf({ ...base, caller: { ...base.caller, name: '王强' } })).toBe(other);
  expect(
    findCitizensByPhone(work.db, '13800001234')
      .map((person) => person.fields.name)
      .sort(),
  ).toEqual(['王强', '王芳']);
  expect(listOutbox(work.db).filter((entry) => entry.op.kind === 'citizen.upsert')).toHaveLength(1);
});

test('text is kept character for character', () => {
  const work = openTestWork(tempFolder());
  const odd = "𠮷野家旁 👨‍👩‍👧 \u202eمرحبا\u202c <b>&amp;</b> '; DROP TABLE tickets; -- \t\n结尾 ";
  const draft = draftWith(work, sampleIntake({ content: odd, originalWords: odd.repeat(50) }));
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  expect(getTicket(work.ctx, uid).fields).toMatchObject({ content: odd, originalWords: odd.repeat(50) });
});

test('a save repeated after its answer was lost is the same save', () => {
  const work = openTestWork(tempFolder());
  const draft = openDraft(work.ctx, null);
  const first = saveDraft(work.ctx, draft.id, 0, sampleIntake());
  work.clock.advance(5_000);
  expect(saveDraft(work.ctx, draft.id, 0, sampleIntake())).toEqual(first);
  expect(() => saveDraft(work.ctx, draft.id, 0, sampleIntake({ title: '另一个' }))).toThrow(
    expect.objectContaining({ code: 'DRAFT_STALE', data: { revision: 1 } }) as Error,
  );
});

test('a submitted draft can be neither restored nor changed, and every refusal names its ticket', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake());
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  const refusal = expect.objectContaining({ code: 'DRAFT_SUBMITTED', data: { ticketUid: uid } }) as Error;
  expect(() => restoreDraft(work.ctx, draft.id)).toThrow(refusal);
  expect(() => saveDraft(work.ctx, draft.id, 1, sampleIntake())).toThrow(refusal);
});

test('a time that cannot be read stays in the draft as it was typed, is asked for at its field, and never becomes a time', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, sampleIntake({ occurredText: '上上个礼拜吧' }));
  expect(findDraft(work.db, draft.id)?.draft.content).toMatchObject({ occurredAt: null, occurredText: '上上个礼拜吧' });
  for (const outcome of ['submit', 'direct_answer'] as const) {
    expect(() => submitDraft(work.ctx, draft.id, 1, outcome)).toThrow(
      expect.objectContaining({
        code: 'INTAKE_INCOMPLETE',
        data: { problems: expect.arrayContaining([{ field: 'occurredAt', code: 'UNREADABLE_TIME' }]) as unknown },
      }) as Error,
    );
  }
  saveDraft(work.ctx, draft.id, 1, sampleIntake({ occurredAt: START }));
  const { uid } = submitDraft(work.ctx, draft.id, 2, 'submit');
  expect(getTicket(work.ctx, uid).fields.occurredAt).toBe(START);
});

test('a number keeps its extension in the ticket and in the person, who is found under the number of the house', () => {
  const work = openTestWork(tempFolder());
  const caller = { ...sampleIntake().caller, name: '单雄', phone: '025-84000001-801' };
  const draft = draftWith(work, sampleIntake({ caller }));
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  expect(getTicket(work.ctx, uid).fields.caller.phone).toBe('02584000001#801');
  const [person] = findCitizensByPhone(work.db, '02584000001');
  expect(person?.fields).toMatchObject({ name: '单雄', phones: ['02584000001#801'] });
  // Somebody else of the same house.
  const other = draftWith(work, sampleIntake({ caller: { ...caller, phone: '02584000001转 9' } }));
  const again = submitDraft(work.ctx, other.id, 1, 'submit');
  expect(getTicket(work.ctx, again.uid).fields.citizenUid).toBe(person?.uid);
});

test('two numbers in one field are asked about there, and stay in the draft as they were typed', () => {
  const work = openTestWork(tempFolder());
  const phone = '13800001234、13900005678';
  const draft = draftWith(work, sampleIntake({ caller: { ...sampleIntake().caller, phone } }));
  expect(() => submitDraft(work.ctx, draft.id, 1, 'submit')).toThrow(
    expect.objectContaining({
      code: 'INTAKE_INCOMPLETE',
      data: { problems: [{ field: 'caller.phone', code: 'SEVERAL_NUMBERS' }] },
    }) as Error,
  );
  expect(findDraft(work.db, draft.id)?.draft.content.caller.phone).toBe(phone);
});

test('a hand-over is recorded with half a time and two numbers: they stand in its words, and a secret number makes it secret', () => {
  const work = openTestWork(tempFolder());
  saveCitizen(work.db, sampleCitizen({ name: '王小芳', phones: ['13900005678'], confidential: true }));
  const caller = { ...sampleIntake().caller, name: '', phone: '13800001234、13900005678' };
  const draft = draftWith(work, sampleIntake({ content: '有人落水', occurredText: '刚刚不久', caller }));
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'hand_off', [{ service: '119', at: START }]);
  const { fields } = findTicket(work.db, uid)?.ticket ?? {};
  expect(fields).toMatchObject({
    content: '有人落水\n其他号码：139 0000 5678\n事发时间：刚刚不久',
    occurredAt: null,
    caller: { phone: '13800001234', confidential: true },
  });
  expect(fields).not.toHaveProperty('occurredText');
});
