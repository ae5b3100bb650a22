import { expect, test } from 'vitest';
import { saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findDraftByCall } from '#main/data/repositories/draft.repository.ts';
import { findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { recordCall } from '#main/data/services/call.service.ts';
import { getCall } from '#main/data/services/call-log.service.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { takeHandover } from '#main/data/services/handover.service.ts';
import { joinDraft } from '#main/data/services/join-draft.service.ts';
import { getPersonCard, lookUpCaller } from '#main/data/services/person-card.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { listTimeline } from '#main/data/services/timeline.service.ts';
import { TIMELINE_KINDS } from '#shared/contract/citizen.contract.ts';
import { emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId, type RecordId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import {
  AGENT,
  START,
  sampleCall,
  sampleCitizen,
  sampleFields,
  sampleIntake,
  sampleRecord,
  sampleTicket,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const PHONE = '13800001234';
const caller = { ...sampleIntake().caller, name: '王小芳', phone: PHONE };

/** The draft of a call with something in it. */
function draftOf({ ctx }: TestWork, content: Partial<IntakeContent>, line: Line = '12345') {
  const call = { ...sampleCall(PHONE), line };
  const draft = openDraft(ctx, call);
  const { revision } = saveDraft(ctx, draft.id, draft.revision, sampleIntake({ answer: '已告知', ...content }));
  return { call, id: draft.id, revision };
}

/** Makes a ticket the way an agent does. */
function submit(work: TestWork, content: Partial<IntakeContent>, line: Line = '12345'): Ticket {
  const { id, revision } = draftOf(work, content, line);
  const { uid } = submitDraft(work.ctx, id, revision, 'direct_answer');
  const ticket = findTicket(work.db, uid)?.ticket;
  if (!ticket) throw new Error('the ticket was made');
  return ticket;
}

/** Somebody whose record is open, and tickets and calls of theirs that are not. */
function knownReporter(work: TestWork) {
  const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE] });
  saveCitizen(work.db, citizen);
  const fields = sampleFields();
  const promised = (number: number, secret: boolean): Ticket => ({
    ...sampleTicket(number, {
      fields: { ...fields, caller: { ...fields.caller, phone: PHONE, confidential: secret } },
    }),
    events: [
      {
        id: newId<EventId>(START),
        at: START + number,
        kind: 'promise',
        actorId: AGENT.id,
        actorName: AGENT.name,
        text: secret ? '三天内核查举报' : '明天回电',
        from: null,
        to: null,
        ref: '',
      },
    ],
  });
  saveTicket(work.db, promised(1, false));
  for (const number of [2, 3]) saveTicket(work.db, promised(number, true));
  recordCall(work.ctx, sampleRecord(sampleCall(PHONE, START)));
  recordCall(work.ctx, sampleRecord({ ...sampleCall(PHONE, START + 60_000), line: '12350' }));
  return citizen;
}

test('12350: no record is made and none is linked; the seat of the line still finds the tickets by the number', () => {
  const work = openTestWork(tempFolder());
  const first = submit(work, { caller }, '12350');
  expect(first.fields).toMatchObject({ line: '12350', citizenUid: null, caller: { confidential: true } });
  expect(work.db.value('SELECT count(*) FROM citizens')).toBe(0);
  expect(lookUpCaller(work.ctx, PHONE)).toMatchObject({
    citizen: null,
    tickets: [{ uid: first.uid, callerName: '王*' }],
    totals: { tickets: 1 },
  });
  const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE] });
  saveCitizen(work.db, citizen);
  expect(submit(work, { caller }, '12350').fields.citizenUid).toBeNull();
  expect(submit(work, { caller }).fields.citizenUid).toBe(citizen.uid);
});

test.each([
  ['no name given', '', ['王小芳', '李雷']],
  ['the name of the open one of them', '李雷', ['王小芳', '李雷']],
  ['a name nobody has', '王晓芳', ['王小芳']],
])('a number with a secret person makes secret tickets: %s', (_, name, names) => {
  const work = openTestWork(tempFolder());
  for (const each of names) {
    saveCitizen(work.db, sampleCitizen({ name: each, phones: [PHONE], confidential: each === '王小芳' }));
  }
  expect(lookUpCaller(work.ctx, PHONE).confidential).toBe(true);
  expect(submit(work, { caller: { ...caller, name } }).fields.caller.confidential).toBe(true);
  // A new record is as secret as the one it may be meant for.
  expect(work.db.values(`SELECT name FROM citizens WHERE doc ->> 'confidential' = 0 AND name <> '李雷'`)).toEqual([]);
});

test('补充 of a known secret person says neither name, number nor address, whatever is ticked', () => {
  const work = openTestWork(tempFolder());
  saveCitizen(work.db, sampleCitizen({ name: '王小芳', phones: [PHONE, '13900005678'], confidential: true }));
  const other = sampleTicket(9);
  saveTicket(work.db, other);
  const place = { ...sampleIntake().place, address: '中央路260号3栋' };
  const content = '王小芳说路灯不亮，另一个号码13900005678，家在中央路 260 号 3 栋';
  const { id, revision } = draftOf(work, { content, place, caller: { ...caller, name: '' } });
  joinDraft(work.ctx, id, revision, other.uid, 'note');
  const text = findTicket(work.db, other.uid)?.ticket.events.at(-1)?.text ?? '';
  expect(text).toContain('路灯不亮');
  for (const secret of ['小芳', PHONE, '13900005678', '260']) expect(text).not.toContain(secret);
});

test('保密 of the first seat stays when the call is passed on to one who has a name already', () => {
  const work = openTestWork(tempFolder());
  const call = sampleCall(PHONE);
  const draft = openDraft(work.ctx, call);
  const mine = emptyIntake(PHONE);
  saveDraft(work.ctx, draft.id, draft.revision, { ...mine, caller: { ...mine.caller, name: '王芳' } });
  const content = sampleIntake({ caller: { ...mine.caller, confidential: true } });
  const doc = { fromSeat: '1002', fromName: '周启明', toSeat: AGENT.seat, call, content, parentUid: null, at: START };
  takeHandover(
    work.db,
    { kind: 'handover', uid: newId<RecordId>(START), centre: '320100', version: 1, updatedAt: START, doc },
    AGENT.seat,
    START,
  );
  expect(findDraftByCall(work.db, call.callId)?.draft.content.caller).toMatchObject({
    name: '王芳',
    confidential: true,
  });
});

test('the card of somebody looked up holds nothing of tickets and calls that are secret: not listed, counted, nor as a promise', () => {
  const work = openTestWork(tempFolder());
  const citizen = knownReporter(work);
  const card = getPersonCard(work.ctx, citizen.uid);
  expect(card.tickets.map(({ number }) => number)).toEqual([1]);
  expect(card.open.map(({ number }) => number)).toEqual([1]);
  expect(card).toMatchObject({
    promise: { text: '明天回电' },
    repeat: null,
    totals: { tickets: 1, open: 1, last30Days: 1, calls: 1 },
  });
  expect(card.calls.map(({ line }) => line)).toEqual(['12345']);
  const { entries } = listTimeline(work.ctx, {
    uid: citizen.uid,
    phone: '',
    kinds: [...TIMELINE_KINDS],
    limit: 50,
    skip: 0,
  });
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['call', 'callback', 'ticket']);
});

test('calls at other seats are led back to a name only by tickets that are shown', () => {
  const takenCalls = (work: TestWork) => {
    const citizen = sampleCitizen({ name: '王小芳', phones: [PHONE] });
    saveCitizen(work.db, citizen);
    const [open, secret, both] = [1, 2, 3].map((minute) => sampleCall(PHONE, START + minute * 60_000));
    const written = (number: number, call: typeof open, confidential: boolean) => {
      const fields = sampleFields();
      return sampleTicket(number, {
        createdByName: '周启明',
        fields: { ...fields, call: call ?? null, caller: { ...fields.caller, phone: PHONE, confidential } },
      });
    };
    saveTicket(work.db, written(1, open, false));
    saveTicket(work.db, written(2, secret, true));
    // One call, two tickets: one of them is enough.
    saveTicket(work.db, written(3, both, false));
    saveTicket(work.db, written(4, both, true));
    const { entries } = listTimeline(work.ctx, { uid: citizen.uid, phone: '', kinds: ['call'], limit: 50, skip: 0 });
    const card = getPersonCard(work.ctx, citizen.uid);
    expect(entries).toHaveLength(card.calls.length);
    expect(card.totals.calls).toBe(card.calls.length);
    // Whoever rings is heard anyway.
    expect(lookUpCaller(work.ctx, PHONE).totals.calls).toBe(3);
    return card.calls.map(({ ringAt }) => (ringAt - START) / 60_000);
  };
  expect(takenCalls(openTestWork(tempFolder()))).toEqual([1]);
  expect(takenCalls(openTestWork(tempFolder(), { ...AGENT, role: 'lead' }))).toEqual([3, 2, 1]);
});

test('who sees secret callers sees all of it', () => {
  const work = openTestWork(tempFolder(), { ...AGENT, role: 'lead' });
  const citizen = knownReporter(work);
  expect(getPersonCard(work.ctx, citizen.uid).totals).toEqual({ tickets: 3, open: 3, last30Days: 3, calls: 2 });
});

/** How the call log shows a call. */
const numberOf = ({ ctx }: TestWork, callId: string) => getCall(ctx, callId).ani;

test('the call log masks a call whose form was secret, also when its words went to an ordinary ticket', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(9);
  saveTicket(work.db, other);
  const { call, id, revision } = draftOf(work, { caller: { ...caller, confidential: true } });
  recordCall(work.ctx, sampleRecord(call));
  joinDraft(work.ctx, id, revision, other.uid, 'note');
  expect(numberOf(work, call.callId)).toBe('138****1234');
});

test('the call log masks calling back about a secret ticket, and about a secret call that was missed', () => {
  const work = openTestWork(tempFolder());
  const ticket = submit(work, { caller: { ...caller, confidential: true, phone: '13900005678' } });
  const about = { ticketUid: ticket.uid, callbackOf: null };
  const back = sampleCall('13900005678', START + 60_000);
  recordCall(work.ctx, sampleRecord(back, { direction: 'out', about }));
  expect(numberOf(work, back.callId)).toBe('139****5678');
  const missed = { ...sampleCall('13700000077', START + 90_000), line: '12350' as const };
  recordCall(work.ctx, sampleRecord(missed, { outcome: 'missed', answeredAt: null }));
  const returned = sampleCall('13700000077', START + 120_000);
  const returning = { ticketUid: null, callbackOf: missed.callId };
  recordCall(work.ctx, sampleRecord(returned, { direction: 'out', about: returning }));
  expect(numberOf(work, returned.callId)).toBe('137****0077');
  const ordinary = sampleCall('13600000066', START + 150_000);
  recordCall(work.ctx, sampleRecord(ordinary));
  expect(numberOf(work, ordinary.callId)).toBe('13600000066');
});
