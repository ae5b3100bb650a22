import { expect, test } from 'vitest';
import { countOutbox, listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { countHere } from '#main/data/repositories/row-standing.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { correctTicket } from '#main/data/services/correct-ticket.service.ts';
import {
  discardDraft,
  getDraft,
  listDrafts,
  openDraft,
  restoreDraft,
  saveDraft,
} from '#main/data/services/draft.service.ts';
import { joinDraft, planLink } from '#main/data/services/join-draft.service.ts';
import { listOutboxItems } from '#main/data/services/outbox.service.ts';
import { intakePromiseId, settlePromise } from '#main/data/services/promise.service.ts';
import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { addNote, getTicket, listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import type { OpId, TicketId } from '#shared/kernel/ids.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleIntake, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

const FORM = { id: 'flood', version: 2, data: { kind: 'road', depth: 45, observedAt: START, trapped: false } };
const WAGE = { id: 'wage-arrears', version: 1, data: { employer: '金陵第八建筑公司' } };

/** The server's answer to everything that waits: the first is refused, what depends on it is blocked. */
function refuseAll({ db }: TestWork, reason = 'FORM_INVALID:depth:TOO_SMALL'): void {
  for (const { op, state } of listOutbox(db)) {
    if (state !== 'waiting') continue;
    const isFirst = op.dependsOn === undefined;
    setOutboxRefused(db, op.opId, isFirst ? 'rejected' : 'blocked', isFirst ? reason : 'DEPENDENCY_REJECTED', START);
  }
}

/** A ticket that the server refused. */
function refusedTicket(work: TestWork, content: Partial<IntakeContent> = {}, parentUid: TicketId | null = null) {
  const draft = openDraft(work.ctx, sampleCall('13800001234'));
  saveDraft(
    work.ctx,
    draft.id,
    0,
    sampleIntake({ form: FORM, otherForms: [WAGE], caller: { ...sampleIntake().caller, name: '' }, ...content }),
  );
  if (parentUid) planLink(work.ctx, draft.id, parentUid);
  const ticket = submitDraft(work.ctx, draft.id, 1, 'submit');
  refuseAll(work);
  return { ...ticket, draftId: draft.id };
}

/** A form whose words were added to a ticket. */
function joinedDraft(work: TestWork, uid: TicketId, words: string) {
  const draft = openDraft(work.ctx, null);
  saveDraft(work.ctx, draft.id, 0, sampleIntake({ title: words }));
  joinDraft(work.ctx, draft.id, 1, uid, 'note');
  return draft;
}

const creationOf = ({ db }: TestWork, uid: string) => {
  const entry = listOutbox(db).find(({ op }) => op.kind === 'ticket.create' && op.uid === uid);
  if (!entry) throw new Error('no creation');
  return entry;
};
const kindsOf = ({ db }: TestWork) => listOutbox(db).map(({ op, state }) => `${op.kind} ${state}`);

test('opened again, a refused ticket is a draft with everything that was typed, and what was refused stays', () => {
  const work = openTestWork(tempFolder());
  const { uid, draftId } = refusedTicket(work);
  const before = getDraft(work.ctx, draftId);
  expect(correctTicket(work.ctx, creationOf(work, uid).op.opId)).toBe(draftId);
  expect(listDrafts(work.ctx)).toMatchObject([
    { id: draftId, content: before.content, call: before.call, ticketUid: null, correctsUid: uid },
  ]);
  expect(listDrafts(work.ctx)[0]?.content).toMatchObject({ form: FORM, otherForms: [WAGE] });
  expect(kindsOf(work)).toEqual(['ticket.create rejected']);
  expect(listOutboxItems(work.ctx, () => false)).toMatchObject([{ correctedIn: draftId }]);
  expect(getTicket(work.ctx, uid).uid).toBe(uid);
  // Asked a second time, it is the same draft.
  expect(correctTicket(work.ctx, creationOf(work, uid).op.opId)).toBe(draftId);
});

test('the corrected ticket takes the place of the refused one: same id, 暂编号 and moment, notes behind it, one operation', () => {
  const work = openTestWork(tempFolder());
  const { uid, provisionalNo, draftId } = refusedTicket(work);
  const note = addNote(work.ctx, uid, { kind: 'note', text: '又打来一次' });
  refuseAll(work);
  const refused = creationOf(work, uid).op;
  work.clock.advance(60_000);
  correctTicket(work.ctx, refused.opId);
  const { revision } = getDraft(work.ctx, draftId);
  saveDraft(work.ctx, draftId, revision, { ...getDraft(work.ctx, draftId).content, title: '改好的标题' });
  work.queued.length = 0;
  expect(submitDraft(work.ctx, draftId, revision + 1, 'submit')).toEqual({ uid, provisionalNo });

  expect(kindsOf(work)).toEqual(['ticket.create waiting', 'ticket.note waiting']);
  const [create, again] = listOutbox(work.db).map(({ op }) => op);
  expect(create).toMatchObject({ uid, args: { createdAt: (refused.args as { createdAt: number }).createdAt } });
  expect(create?.opId).not.toBe(refused.opId);
  expect(again?.dependsOn).toBe(create?.opId);
  expect(work.queued.map(({ kind }) => kind)).toEqual(['ticket.create', 'ticket.note']);
  expect(work.dropped).toContain(refused.opId);
  const ticket = getTicket(work.ctx, uid);
  expect(ticket.fields.title).toBe('改好的标题');
  expect(ticket.events.map(({ kind, text }) => [kind, text])).toEqual([
    ['created', ''],
    ['note', '又打来一次'],
  ]);
  expect(ticket.events[1]?.id).toBe(note);
  expect(getDraft(work.ctx, draftId)).toMatchObject({ ticketUid: uid, correctsUid: null });
});

test('a planned or proposed 母单 comes back with the form and is proposed again, once', () => {
  const work = openTestWork(tempFolder());
  const [first, second] = [sampleTicket(1), sampleTicket(2)];
  for (const each of [first, second]) saveTicket(work.db, each);
  const { uid, draftId } = refusedTicket(work, {}, first.uid);
  expect(kindsOf(work)).toEqual(['ticket.create rejected', 'ticket.link blocked']);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  expect(getDraft(work.ctx, draftId).parentUid).toBe(first.uid);
  planLink(work.ctx, draftId, second.uid);
  submitDraft(work.ctx, draftId, getDraft(work.ctx, draftId).revision, 'submit');
  expect(kindsOf(work)).toEqual(['ticket.create waiting', 'ticket.link waiting']);
  expect(getTicket(work.ctx, uid).link).toMatchObject({ parentUid: second.uid, state: 'proposed' });
});

test('killed between opening and submitting, the refused ticket, its draft and every word are there', () => {
  const folder = tempFolder();
  const work = openTestWork(folder);
  const { uid, draftId } = refusedTicket(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  const { revision, content } = getDraft(work.ctx, draftId);
  saveDraft(work.ctx, draftId, revision, { ...content, content: '改到一半' });
  work.db.close();

  const later = openTestWork(folder);
  expect(kindsOf(later)).toEqual(['ticket.create rejected']);
  expect(getTicket(later.ctx, uid).fields.content).toBe(content.content);
  expect(getDraft(later.ctx, draftId)).toMatchObject({
    correctsUid: uid,
    content: { content: '改到一半', form: FORM },
  });
  expect(submitDraft(later.ctx, draftId, revision + 1, 'submit').uid).toBe(uid);
  expect(kindsOf(later)).toEqual(['ticket.create waiting']);
});

test('a submission that fails half way leaves what was refused where it was', () => {
  const work = openTestWork(tempFolder());
  const { uid, draftId } = refusedTicket(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  const { revision, content } = getDraft(work.ctx, draftId);
  saveDraft(work.ctx, draftId, revision, { ...content, form: { ...FORM, data: { kind: 'road' } } });
  expect(() => submitDraft(work.ctx, draftId, revision + 1, 'submit')).toThrow();
  work.db.exec(`CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk is full'); END`);
  saveDraft(work.ctx, draftId, revision + 1, content);
  expect(() => submitDraft(work.ctx, draftId, revision + 2, 'submit')).toThrow();
  work.db.exec('DROP TRIGGER full');
  expect(kindsOf(work)).toEqual(['ticket.create rejected']);
  expect(getDraft(work.ctx, draftId)).toMatchObject({ correctsUid: uid, ticketUid: null });
});

test('a correction that is put aside stays one: the ticket can be opened again, sent as it was, or given up', () => {
  const work = openTestWork(tempFolder());
  const { uid, draftId } = refusedTicket(work);
  const { opId } = creationOf(work, uid).op;
  correctTicket(work.ctx, opId);
  // While it is written, sending the old words would make a ticket that differs from the form.
  expect(() => redoOp(work.ctx, opId)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }) as Error);
  discardDraft(work.ctx, draftId);
  expect(kindsOf(work)).toEqual(['ticket.create rejected']);
  expect(restoreDraft(work.ctx, draftId).correctsUid).toBe(uid);
  discardDraft(work.ctx, draftId);
  redoOp(work.ctx, opId);
  expect(kindsOf(work)).toEqual(['ticket.create waiting']);
  expect(getDraft(work.ctx, draftId)).toMatchObject({ ticketUid: uid, correctsUid: null });

  refuseAll(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  expect(discardOp(work.ctx, creationOf(work, uid).op.opId)).toEqual({ count: 1, draftId });
  expect(listDrafts(work.ctx)).toMatchObject([{ id: draftId, correctsUid: null }]);
  expect(() => getTicket(work.ctx, uid)).toThrow();
});

test('when the cache has lost the draft, the form is made again from what was to be sent', () => {
  const work = openTestWork(tempFolder());
  const { uid, draftId } = refusedTicket(work);
  const { content } = getDraft(work.ctx, draftId);
  work.db.run('DELETE FROM drafts');
  const again = correctTicket(work.ctx, creationOf(work, uid).op.opId);
  const { otherForms: _, form, ...written } = getDraft(work.ctx, again).content;
  expect(written).toEqual({ ...written, title: content.title, content: content.content, answer: '' });
  expect(form).toMatchObject({ id: 'flood', version: 2, data: FORM.data });
  expect(submitDraft(work.ctx, again, getDraft(work.ctx, again).revision, 'submit').uid).toBe(uid);
});

test('joined to another ticket instead, the refused one is not made any more', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const { uid, draftId } = refusedTicket(work);
  const added = joinedDraft(work, uid, '又有人打来');
  refuseAll(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  joinDraft(work.ctx, draftId, getDraft(work.ctx, draftId).revision, other.uid, 'note');
  expect(kindsOf(work)).toEqual(['ticket.note waiting']);
  expect(listDrafts(work.ctx).map(({ id }) => id)).toEqual([added.id]);
  expect(() => getTicket(work.ctx, uid)).toThrow();
});

test('what was written by hand on the refused ticket goes with it to the other one', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const { uid, draftId } = refusedTicket(work, { promise: { text: '周五前回电', dueAt: null, byName: '' } });
  addNote(work.ctx, uid, { kind: 'note', text: '又打来一次' });
  addNote(work.ctx, uid, { kind: 'remind', text: '催一下' });
  addNote(work.ctx, uid, { kind: 'promise', text: '明天再打' });
  settlePromise(work.ctx, uid, intakePromiseId(uid), 'kept', '已回电');
  refuseAll(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  joinDraft(work.ctx, draftId, getDraft(work.ctx, draftId).revision, other.uid, 'note');
  const events = getTicket(work.ctx, other.uid).events.slice(-6);
  expect(events.map(({ kind, text }) => [kind, text]).slice(1)).toEqual([
    ['promise', '周五前回电'],
    ['note', '又打来一次'],
    ['remind', '催一下'],
    ['promise', '明天再打'],
    ['promise_kept', '已回电'],
  ]);
  // It was this promise that was kept, under its new id.
  expect(events.at(-1)?.ref).toBe(events[1]?.id);
  expect(listOutbox(work.db).every(({ op, state }) => op.uid === other.uid && state === 'waiting')).toBe(true);
});

test('notes on the refused ticket of a secret caller do not name them on the other one', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const caller = { ...sampleIntake().caller, name: '王小芳', confidential: true };
  const { uid, draftId } = refusedTicket(work, { caller });
  addNote(work.ctx, uid, { kind: 'note', text: '王小芳又打来一次' });
  refuseAll(work);
  correctTicket(work.ctx, creationOf(work, uid).op.opId);
  joinDraft(work.ctx, draftId, getDraft(work.ctx, draftId).revision, other.uid, 'note');
  const { text = '' } = getTicket(work.ctx, other.uid).events.at(-1) ?? {};
  expect(text).toContain('又打来一次');
  expect(text).not.toContain('王小芳');
});

test('given up after the cache has lost the draft, promise and 母单 are in the form that is made again', () => {
  const work = openTestWork(tempFolder());
  const parent = sampleTicket(1);
  saveTicket(work.db, parent);
  const promise = { text: '周五前回电', dueAt: START + 86_400_000, byName: '' };
  const { uid } = refusedTicket(work, { promise }, parent.uid);
  work.db.run('DELETE FROM drafts');
  const { draftId } = discardOp(work.ctx, creationOf(work, uid).op.opId);
  expect(draftId).not.toBeNull();
  expect(listDrafts(work.ctx)).toMatchObject([{ id: draftId, parentUid: parent.uid, content: { promise } }]);
});

test('a ticket given up opens its own form and those that were added to it, whichever came first', () => {
  const work = openTestWork(tempFolder());
  const { uid, draftId } = refusedTicket(work);
  const early = joinedDraft(work, uid, '同一盏灯，又有人打来');
  const late = joinedDraft(work, uid, '第三个人说的');
  refuseAll(work);
  expect(discardOp(work.ctx, creationOf(work, uid).op.opId)).toEqual({ count: 3, draftId });
  const open = listDrafts(work.ctx);
  expect(new Map(open.map(({ id, content }) => [id, content.title]))).toEqual(
    new Map([
      [draftId, '路灯不亮'],
      [early.id, '同一盏灯，又有人打来'],
      [late.id, '第三个人说的'],
    ]),
  );
  expect(open.every(({ ticketUid, revision }) => ticketUid === null && revision > 1)).toBe(true);
  expect(kindsOf(work)).toEqual([]);
});

test('a refused 补充 given up is the form again that it came from, with all its parts', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const draft = openDraft(work.ctx, null);
  const content = sampleIntake({ content: '长'.repeat(15_000), originalWords: '话'.repeat(15_000) });
  saveDraft(work.ctx, draft.id, 0, content);
  joinDraft(work.ctx, draft.id, 1, other.uid, 'note');
  const notes = listOutbox(work.db);
  expect(notes.length).toBeGreaterThan(1);
  for (const { op } of notes) setOutboxRefused(work.db, op.opId, 'rejected', 'NOT_FOUND', START);
  const [first] = notes;
  if (!first) throw new Error('there is a note');
  expect(discardOp(work.ctx, first.op.opId)).toEqual({ count: notes.length, draftId: draft.id });
  expect(listDrafts(work.ctx)).toMatchObject([{ id: draft.id, ticketUid: null, content }]);
  expect(listOutbox(work.db)).toEqual([]);
  // A note that came from no form has none.
  addNote(work.ctx, other.uid, { kind: 'note', text: '补充说明' });
  const [note] = listOutbox(work.db);
  if (!note) throw new Error('there is a note');
  setOutboxRefused(work.db, note.op.opId, 'rejected', 'NOT_FOUND', START);
  expect(discardOp(work.ctx, note.op.opId)).toEqual({ count: 1, draftId: null });
});

test('only refused tickets can be corrected', () => {
  const work = openTestWork(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(work.db, ticket);
  addNote(work.ctx, ticket.uid, { kind: 'note', text: '补充' });
  const [note] = listOutbox(work.db);
  const opId = note?.op.opId as OpId;
  expect(() => correctTicket(work.ctx, opId)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  refuseAll(work, 'FORBIDDEN');
  expect(() => correctTicket(work.ctx, opId)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }) as Error);
});

test('a ticket that the server refused says so with the reason in every list, and so does one whose note was refused', () => {
  const work = openTestWork(tempFolder());
  const { ctx, db } = work;
  const { uid } = refusedTicket(work);
  const refused = { kind: 'ticket.create', code: 'FORM_INVALID', detail: 'depth:TOO_SMALL' };
  expect(getTicket(ctx, uid)).toMatchObject({ pending: true, refused });
  // What was added afterwards only waits behind it.
  addNote(ctx, uid, { kind: 'note', text: '水更深了' });
  const [line] = listTicketRows(ctx, listTicketIds(ctx, { kind: 'mine' }, 9).ids);
  expect(line?.ticket).toMatchObject({ pending: true, refused });

  const known = sampleTicket(1);
  saveTicket(db, known);
  expect(getTicket(ctx, known.uid)).toMatchObject({ pending: false, refused: null });
  addNote(ctx, known.uid, { kind: 'remind', text: '催一催' });
  expect(getTicket(ctx, known.uid)).toMatchObject({ pending: true, refused: null });
  refuseAll(work, 'FORBIDDEN');
  expect(getTicket(ctx, known.uid).refused).toEqual({ kind: 'ticket.note', code: 'FORBIDDEN', detail: '' });
});

test('a ticket that only this console has is counted among those on this computer, refused or not', () => {
  const work = openTestWork(tempFolder());
  const before = countHere(work.db).tickets;
  refusedTicket(work);
  expect(countHere(work.db).tickets).toBe(before + 1);
  expect(countOutbox(work.db)).toMatchObject({ waiting: 0 });
});
