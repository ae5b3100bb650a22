import { expect, test } from 'vitest';
import { findDraft } from '#main/data/repositories/draft.repository.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { findTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { getWrapUpMs, recordCall, saveWrapUpMs } from '#main/data/services/call.service.ts';
import { getCall } from '#main/data/services/call-log.service.ts';
import { discardDraft, listDrafts, openDraft, restoreDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { takeHandover } from '#main/data/services/handover.service.ts';
import { joinDraft } from '#main/data/services/join-draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { DEFAULT_WRAP_UP_MS } from '#shared/domain/call-events.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import type { SentIntake } from '#shared/domain/sent-intake.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { newId, type RecordId } from '#shared/kernel/ids.ts';
import { openTestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleIntake, sampleLeg, sampleRecord, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const COLLEAGUE = { seat: '1002', name: '周启明' };

/** A call with a form in which something was written. */
function writeDuringCall(work: ReturnType<typeof openTestWork>, content = sampleIntake()) {
  const call = sampleCall('13800001234');
  const draft = openDraft(work.ctx, call);
  saveDraft(work.ctx, draft.id, draft.revision, content);
  return { call, draft };
}

test('a transferred call takes its form along: the draft is closed here, queued for the colleague, and can be brought back', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  const record = sampleRecord(call, { outcome: 'transferred', endedBy: 'agent', legs: [sampleLeg()] });
  expect(recordCall(work.ctx, record)).toEqual({ draftId: draft.id, to: COLLEAGUE });
  expect(listDrafts(work.ctx)).toEqual([]);
  expect(work.queued).toMatchObject([
    {
      kind: 'draft.hand_over',
      args: { toSeat: '1002', call: { callId: call.callId }, content: { title: '路灯不亮' } },
    },
  ]);
  // The record comes again with its wrap-up: the form goes once.
  const wrappedUp = { ...record, spent: { ...record.spent, 'wrap-up': 9_000 } };
  expect(recordCall(work.ctx, wrappedUp)).toBeNull();
  expect(getCall(work.ctx, call.callId)).toMatchObject({ draftId: null, closedDraftId: draft.id });
  expect(restoreDraft(work.ctx, draft.id)).toMatchObject({ content: { title: '路灯不亮' }, handedTo: COLLEAGUE });
  expect(getCall(work.ctx, call.callId)).toMatchObject({ draftId: draft.id, closedDraftId: null });
  expect(recordCall(work.ctx, wrappedUp)).toBeNull();
  expect(listOutbox(work.db)).toHaveLength(1);
  expect(getCall(work.ctx, call.callId)).toMatchObject({ outcome: 'transferred', spent: { 'wrap-up': 9_000 } });
});

test('a call that went to somebody without a seat keeps its form here', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  const leg = sampleLeg({ party: { kind: 'number', number: '02580001234' } });
  expect(recordCall(work.ctx, sampleRecord(call, { outcome: 'transferred', legs: [leg] }))).toBeNull();
  expect(listDrafts(work.ctx).map(({ id }) => id)).toEqual([draft.id]);
  expect(work.queued).toEqual([]);
});

test('a ticket that was made before the transfer stays a ticket', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  submitDraft(work.ctx, draft.id, 1, 'submit');
  const before = work.queued.length;
  expect(recordCall(work.ctx, sampleRecord(call, { outcome: 'transferred', legs: [sampleLeg()] }))).toBeNull();
  expect(work.queued).toHaveLength(before);
});

function handover(call: CallFacts | null, content: SentIntake, at = START): RecordOf<'handover'> {
  return {
    kind: 'handover',
    uid: newId<RecordId>(at),
    centre: '320100',
    updatedAt: at,
    version: 1,
    doc: { fromSeat: '1003', fromName: '赵敏', toSeat: '1001', call, content, at },
  };
}

test('a form that arrives is a draft of its call, and the ring of that call finds it', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const record = handover(call, sampleIntake());
  takeHandover(db, record, '1001', START);
  takeHandover(db, record, '1001', START);
  expect(listDrafts(ctx)).toMatchObject([
    { callId: call.callId, content: { title: '路灯不亮' }, handedFrom: { seat: '1003', name: '赵敏', at: START } },
  ]);
  expect(openDraft(ctx, call).content.title).toBe('路灯不亮');
});

test('a form that arrives after its call rang fills what is empty and leaves what was typed', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(ctx, call);
  saveDraft(ctx, draft.id, 0, { ...emptyIntake('13800001234'), title: '我写的标题' });
  takeHandover(db, handover(call, sampleIntake()), '1001', START);
  const [joined, ...more] = listDrafts(ctx);
  expect(more).toEqual([]);
  expect(joined).toMatchObject({ id: draft.id, revision: 2, handedFrom: { seat: '1003' } });
  expect(joined?.content).toMatchObject({ title: '我写的标题', content: sampleIntake().content });
  // A window that saves on the revision it knows is told, and joins both.
  expect(() => saveDraft(ctx, draft.id, 1, sampleIntake())).toThrow(
    expect.objectContaining({ code: 'DRAFT_STALE' }) as Error,
  );
});

test('a time that cannot be read yet goes along with a transferred call, as it was typed', () => {
  const work = openTestWork(tempFolder());
  const { call } = writeDuringCall(work, sampleIntake({ occurredText: '上个礼拜' }));
  recordCall(work.ctx, sampleRecord(call, { outcome: 'transferred', legs: [sampleLeg()] }));
  const [sent] = work.queued;
  if (sent?.kind !== 'draft.hand_over') throw new Error('the form was sent');
  const there = openTestWork(tempFolder());
  const mine = openDraft(there.ctx, call);
  takeHandover(there.db, handover(call, sent.args.content), '1001', START);
  // A server of schema 2 takes it: no field that it does not know.
  expect(Object.keys(sent.args).sort()).toEqual(['call', 'centre', 'content', 'toSeat']);
  expect(sent.args.content).not.toHaveProperty('attachments');
  expect(sent.args.content).not.toHaveProperty('promise');
  expect(findDraft(there.db, mine.id)?.draft.content).toMatchObject({ occurredAt: null, occurredText: '上个礼拜' });
});

test('a form comes back to the seat that passed it on, with what the colleague added, and may be passed on again', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  recordCall(work.ctx, sampleRecord(call, { outcome: 'transferred', legs: [sampleLeg()] }));
  takeHandover(work.db, handover(call, sampleIntake({ title: '同事补充过' })), '1001', START);
  expect(listDrafts(work.ctx)).toMatchObject([{ id: draft.id, content: { title: '同事补充过' } }]);
  expect(findDraft(work.db, draft.id)?.draft.handedTo).toBeNull();
});

test('a form for a call of which a ticket was made here is shown beside it', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  submitDraft(work.ctx, draft.id, 1, 'submit');
  takeHandover(work.db, handover(call, sampleIntake({ title: '另一份' })), '1001', START);
  expect(listDrafts(work.ctx)).toMatchObject([{ callId: null, content: { title: '另一份' } }]);
});

test('forms of other seats and of long ago are not opened', () => {
  const { ctx, db } = openTestWork(tempFolder());
  takeHandover(db, handover(sampleCall('13800001234'), sampleIntake()), '1002', START);
  takeHandover(db, handover(sampleCall('13800001234'), sampleIntake(), START), '1001', START + 25 * 3_600_000);
  expect(listDrafts(ctx)).toEqual([]);
});

const POLICE = sampleLeg({
  purpose: 'emergency',
  party: { kind: 'service', service: '110' },
  result: null,
  endedAt: null,
});

test('a hand-over to 110 is in the draft as soon as the service answered, even when the form is empty', () => {
  const { ctx } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(ctx, call);
  recordCall(ctx, sampleRecord(call, { outcome: null, legs: [{ ...POLICE, answeredAt: null }] }));
  expect(listDrafts(ctx)[0]?.handOffs).toEqual([]);
  recordCall(ctx, sampleRecord(call, { outcome: null, legs: [POLICE] }));
  const handOffs = listDrafts(ctx)[0]?.handOffs;
  expect(handOffs).toEqual([{ service: '110', at: POLICE.answeredAt }]);
  expect(() => discardDraft(ctx, draft.id)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }) as Error);
  const made = submitDraft(ctx, draft.id, 0, 'hand_off', handOffs);
  expect(findTicket(ctx.db, made.uid)?.ticket).toMatchObject({
    status: 'handed_off',
    fields: { handOff: { service: '110' } },
    events: [{ kind: 'created' }, { kind: 'handed_off', text: '110' }],
  });
});

test('a call handed over to 110 after its ticket was made is an event of that ticket, once', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  recordCall(work.ctx, sampleRecord(call, { outcome: null, legs: [POLICE] }));
  recordCall(work.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [POLICE] }));
  const events = findTicket(work.db, uid)?.ticket.events.filter(({ kind }) => kind === 'handed_off');
  expect(events).toMatchObject([{ text: '110' }]);
  expect(work.queued.at(-1)).toMatchObject({ kind: 'ticket.note', uid, args: { kind: 'handed_off', text: '110' } });
});

const FIRE = { ...POLICE, party: { kind: 'service', service: '119' } } as const;
const AMBULANCE = {
  ...POLICE,
  party: { kind: 'service', service: '120' },
  answeredAt: (POLICE.answeredAt ?? 0) + 60_000,
} as const;

test('a call handed over to 119 and then to 120 says both in its draft and its ticket', () => {
  const work = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(work.ctx, call);
  recordCall(work.ctx, sampleRecord(call, { outcome: null, legs: [FIRE] }));
  recordCall(work.ctx, sampleRecord(call, { outcome: null, legs: [FIRE, AMBULANCE] }));
  const [{ handOffs } = { handOffs: [] }] = listDrafts(work.ctx);
  expect(handOffs.map(({ service }) => service)).toEqual(['119', '120']);
  // The window has not heard of the second one yet.
  const { uid } = submitDraft(work.ctx, draft.id, 0, 'hand_off', handOffs.slice(0, 1));
  const ticket = findTicket(work.db, uid)?.ticket;
  expect(ticket).toMatchObject({
    fields: { handOff: { service: '119' }, handOffs: [{ service: '119' }, { service: '120' }] },
    events: [{ kind: 'created' }, { kind: 'handed_off', text: '119' }, { kind: 'handed_off', text: '120' }],
  });
  expect(new Set(ticket?.events.map(({ id }) => id)).size).toBe(3);
  recordCall(work.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [FIRE, AMBULANCE] }));
  expect(findTicket(work.db, uid)?.ticket.events).toHaveLength(3);
});

test('each service that came after the ticket was made is an event of its own, once', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  recordCall(work.ctx, sampleRecord(call, { outcome: null, legs: [FIRE] }));
  for (let i = 0; i < 2; i++) {
    recordCall(work.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [FIRE, AMBULANCE] }));
  }
  const events = findTicket(work.db, uid)?.ticket.events.filter(({ kind }) => kind === 'handed_off');
  expect(events?.map(({ text }) => text)).toEqual(['119', '120']);
});

test('what the window knew before the call log makes no second event', () => {
  const work = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(work.ctx, call);
  const { uid } = submitDraft(work.ctx, draft.id, 0, 'hand_off', [{ service: '119', at: FIRE.answeredAt ?? 0 }]);
  recordCall(work.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [FIRE] }));
  expect(findTicket(work.db, uid)?.ticket.events.filter(({ kind }) => kind === 'handed_off')).toHaveLength(1);
});

test('a draft of before several were kept still says its one', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const draft = openDraft(ctx, sampleCall('13800001234'));
  db.run('UPDATE drafts SET hand_off = ? WHERE id = ?', JSON.stringify({ service: '119', at: START }), draft.id);
  expect(findDraft(db, draft.id)?.draft.handOffs).toEqual([{ service: '119', at: START }]);
});

test('a form of a hand-over is not joined to another ticket', () => {
  const { ctx, db } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(ctx, call);
  const ticket = sampleTicket(1);
  saveTicket(db, ticket);
  recordCall(ctx, sampleRecord(call, { outcome: null, legs: [POLICE] }));
  expect(() => joinDraft(ctx, draft.id, 0, ticket.uid, 'note')).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT' }) as Error,
  );
});

test('a form that was thrown away comes back when its call is handed over, under a revision that tells windows so', () => {
  const { ctx } = openTestWork(tempFolder());
  const call = sampleCall('13800001234');
  const draft = openDraft(ctx, call);
  discardDraft(ctx, draft.id);
  recordCall(ctx, sampleRecord(call, { outcome: null, legs: [POLICE] }));
  expect(listDrafts(ctx)).toMatchObject([{ id: draft.id, revision: 1, handOffs: [{ service: '110' }] }]);
});

test('an outbound call about a ticket is an event of that ticket, once, and says whether somebody was reached', () => {
  const { ctx, db, queued } = openTestWork(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(db, ticket);
  const about = { ticketUid: ticket.uid, callbackOf: null };
  const record = sampleRecord(sampleCall('13800001234'), { direction: 'out', about });
  recordCall(ctx, { ...record, outcome: null });
  expect(queued).toEqual([]);
  recordCall(ctx, record);
  recordCall(ctx, { ...record, spent: { ...record.spent, 'wrap-up': 1 } });
  expect(queued).toMatchObject([{ kind: 'ticket.note', uid: ticket.uid, args: { kind: 'called', text: 'answered' } }]);
  expect(findTicket(db, ticket.uid)?.ticket.events.at(-1)).toMatchObject({ kind: 'called', text: 'answered' });
});

test('the length of the wrap-up is kept, and nonsense counts as the default', () => {
  const { ctx, db } = openTestWork(tempFolder());
  expect(getWrapUpMs(ctx)).toBe(DEFAULT_WRAP_UP_MS);
  saveWrapUpMs(ctx, 90_000);
  expect(getWrapUpMs(ctx)).toBe(90_000);
  db.run(`UPDATE settings SET value = 'soon' WHERE name = 'wrap-up-ms'`);
  expect(getWrapUpMs(ctx)).toBe(DEFAULT_WRAP_UP_MS);
});

test('another matter of the same call has its own draft, which knows the call and ends in a ticket of it', () => {
  const work = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(work);
  submitDraft(work.ctx, draft.id, 1, 'submit');
  const further = openDraft(work.ctx, call, true);
  expect(further).toMatchObject({ callId: null, call: { callId: call.callId } });
  expect(further.content.caller.phone).toBe('13800001234');
  expect(further.id).not.toBe(draft.id);
  expect(openDraft(work.ctx, call).id).toBe(draft.id);

  const ended = sampleRecord(call);
  recordCall(work.ctx, ended);
  saveDraft(work.ctx, further.id, further.revision, sampleIntake({ title: '另一件事' }));
  const { uid } = submitDraft(work.ctx, further.id, 1, 'submit');
  expect(findTicket(work.db, uid)?.ticket.fields.call).toMatchObject({ callId: call.callId, endedAt: ended.endedAt });
});

test('how long a service was in the call is written on the ticket once that is over, also when the ticket is made later', () => {
  const over = { ...POLICE, endedAt: (POLICE.answeredAt ?? 0) + 45_000, result: 'transferred' } as const;
  const legsOf = (work: ReturnType<typeof openTestWork>, uid: string) =>
    findTicket(work.db, uid)?.ticket.events.flatMap(({ overlay }) => (overlay?.step === 'hand_over' ? [overlay] : []));
  const expected = [{ receiver: '110', leg: { answeredAt: over.answeredAt, endedAt: over.endedAt } }];

  const before = openTestWork(tempFolder());
  const { call, draft } = writeDuringCall(before);
  const { uid } = submitDraft(before.ctx, draft.id, 1, 'submit');
  recordCall(before.ctx, sampleRecord(call, { outcome: null, legs: [POLICE] }));
  expect(legsOf(before, uid)).toEqual([]);
  recordCall(before.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [over] }));
  recordCall(before.ctx, sampleRecord(call, { outcome: 'handed_off', legs: [over] }));
  expect(legsOf(before, uid)).toMatchObject(expected);

  const after = openTestWork(tempFolder());
  const later = sampleCall('13800001234');
  const kept = openDraft(after.ctx, later);
  recordCall(after.ctx, sampleRecord(later, { outcome: 'handed_off', legs: [over] }));
  const handOffs = listDrafts(after.ctx)[0]?.handOffs;
  const made = submitDraft(after.ctx, kept.id, 0, 'hand_off', handOffs);
  expect(legsOf(after, made.uid)).toMatchObject(expected);
});
