import { expect, test } from 'vitest';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { correctTicket } from '#main/data/services/correct-ticket.service.ts';
import { getDraft, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { joinDraft, separateDraft } from '#main/data/services/join-draft.service.ts';
import { getRelations } from '#main/data/services/link.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { settlePromise } from '#main/data/services/promise.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { addNote, getTicket } from '#main/data/services/ticket.service.ts';
import { listTimeline } from '#main/data/services/timeline.service.ts';
import { withdrawNote } from '#main/data/services/withdraw.service.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import type { EventId, TicketId, UserId } from '#shared/kernel/ids.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START, sampleCall, sampleIntake, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const PHONE = '13800001234';
const DUE = START + 86_400_000;
const PROMISE = { text: '周五前回电', dueAt: DUE, byName: '' };

function draftWith(work: TestWork, content: Partial<IntakeContent> = {}) {
  const draft = openDraft(work.ctx, sampleCall(PHONE));
  saveDraft(work.ctx, draft.id, 0, sampleIntake({ promise: PROMISE, ...content }));
  return draft;
}

const promisesOf = ({ ctx }: TestWork, uid: TicketId) =>
  getTicket(ctx, uid).events.filter(({ kind }) => kind.startsWith('promise'));
const timelineOf = ({ ctx }: TestWork) =>
  listTimeline(ctx, { uid: null, phone: PHONE, kinds: ['callback'], limit: 20, skip: 0 }).entries;

test('what was promised while the call was taken in is kept in the draft and becomes the promise of the ticket', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work);
  expect(getDraft(work.ctx, draft.id).content.promise).toEqual(PROMISE);
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  expect(promisesOf(work, uid)).toMatchObject([
    { kind: 'promise', text: '周五前回电', dueAt: DUE, actorName: AGENT.name },
  ]);
  expect(getTicket(work.ctx, uid).fields).not.toHaveProperty('promise');
  const ops = listOutbox(work.db).map(({ op }) => opSchema.parse(op));
  const create = ops.find(({ kind }) => kind === 'ticket.create');
  expect(ops.at(-1)).toMatchObject({
    kind: 'ticket.note',
    dependsOn: create?.opId,
    args: { kind: 'promise', dueAt: DUE },
  });
  expect(lookUpCaller(work.ctx, PHONE).promise).toMatchObject({ text: '周五前回电', dueAt: DUE, kept: false });
});

test('a form without a promise, or with an empty one, makes none', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work, { promise: { text: '  ', dueAt: DUE, byName: '' } });
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  expect(promisesOf(work, uid)).toEqual([]);
});

test('a form that is passed on says who promised', () => {
  const work = openTestWork(tempFolder());
  const call = sampleCall(PHONE);
  const draft = draftWith(work);
  const other = openTestWork(tempFolder(), {
    ...AGENT,
    id: '019a0000-0000-7000-8000-0000000000aa' as UserId,
    name: '周启明',
  });
  const content = sampleIntake({ promise: { ...PROMISE, byName: AGENT.name } });
  const theirs = openDraft(other.ctx, call);
  saveDraft(other.ctx, theirs.id, 0, content);
  const { uid } = submitDraft(other.ctx, theirs.id, 1, 'submit');
  expect(promisesOf(other, uid)).toMatchObject([{ text: `周五前回电（${AGENT.name}）`, actorName: '周启明' }]);
  expect(draft.id).not.toBe(theirs.id);
});

test('a refused ticket that is corrected has its promise once, as it was corrected', () => {
  const work = openTestWork(tempFolder());
  const draft = draftWith(work);
  const { uid } = submitDraft(work.ctx, draft.id, 1, 'submit');
  const refuse = () => {
    for (const { op } of listOutbox(work.db)) {
      const isFirst = op.dependsOn === undefined;
      setOutboxRefused(work.db, op.opId, isFirst ? 'rejected' : 'blocked', 'FORM_INVALID:depth:TOO_SMALL', START);
    }
  };
  refuse();
  const create = listOutbox(work.db).find(({ op }) => op.kind === 'ticket.create');
  correctTicket(work.ctx, create?.op.opId as never);
  const { revision, content } = getDraft(work.ctx, draft.id);
  expect(content.promise).toEqual(PROMISE);
  saveDraft(work.ctx, draft.id, revision, { ...content, promise: { ...PROMISE, text: '周六前回电' } });
  submitDraft(work.ctx, draft.id, revision + 1, 'submit');
  expect(promisesOf(work, uid).map(({ text }) => text)).toEqual(['周六前回电']);

  refuse();
  work.db.run('DELETE FROM drafts');
  const again = listOutbox(work.db).find(({ op }) => op.kind === 'ticket.create');
  const rebuilt = correctTicket(work.ctx, again?.op.opId as never);
  expect(getDraft(work.ctx, rebuilt).content.promise).toEqual({ text: '周六前回电', dueAt: DUE, byName: '' });
});

test('a promise is marked as kept: it is not due any more and the card says so', () => {
  const work = openTestWork(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(work.db, ticket);
  const eventId = addNote(work.ctx, ticket.uid, { kind: 'promise', text: '明天答复', dueAt: DUE });
  expect(getRelations(work.ctx, ticket.uid).promises).toMatchObject([
    { eventId, text: '明天答复', dueAt: DUE, mine: true },
  ]);
  settlePromise(work.ctx, ticket.uid, eventId, 'kept', '已回电');
  expect(promisesOf(work, ticket.uid)).toMatchObject([
    { id: eventId },
    { kind: 'promise_kept', ref: eventId, text: '已回电' },
  ]);
  expect(getRelations(work.ctx, ticket.uid).promises).toEqual([]);
  expect(lookUpCaller(work.ctx, PHONE).promise).toMatchObject({ text: '明天答复', kept: true });
  expect(timelineOf(work)).toMatchObject([{ text: '明天答复', dueAt: null }]);
  expect(() => settlePromise(work.ctx, ticket.uid, eventId, 'kept', '')).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
  );
});

test('a promise that is taken back is none: unsent it leaves no trace, otherwise an event says so', () => {
  const work = openTestWork(tempFolder());
  const ticket = sampleTicket(1);
  saveTicket(work.db, ticket);
  const first = addNote(work.ctx, ticket.uid, { kind: 'promise', text: '明天答复' });
  settlePromise(work.ctx, ticket.uid, first, 'withdrawn', '');
  expect(promisesOf(work, ticket.uid)).toEqual([]);
  expect(listOutbox(work.db)).toEqual([]);

  const second = addNote(work.ctx, ticket.uid, { kind: 'promise', text: '后天答复' });
  work.sent.add(listOutbox(work.db)[0]?.op.opId ?? '');
  settlePromise(work.ctx, ticket.uid, second, 'withdrawn', '说错了');
  expect(promisesOf(work, ticket.uid)).toMatchObject([{ id: second }, { kind: 'promise_withdrawn', ref: second }]);
  expect(lookUpCaller(work.ctx, PHONE).promise).toBeNull();
  expect(timelineOf(work)).toEqual([]);
});

test('somebody else’s promise is taken back by those who decide for the centre alone', () => {
  const work = openTestWork(tempFolder());
  const id = '019a0000-0000-7000-8000-0000000000bb' as EventId;
  const base = sampleTicket(1);
  const [created] = base.events;
  if (!created) throw new Error('no event');
  const promise = {
    ...created,
    id,
    kind: 'promise' as const,
    text: '尽快',
    actorId: '019a0000-0000-7000-8000-0000000000cc' as UserId,
  };
  const ticket = { ...base, events: [created, promise] };
  saveTicket(work.db, ticket);
  expect(getRelations(work.ctx, ticket.uid).promises).toMatchObject([{ mine: false }]);
  expect(() => settlePromise(work.ctx, ticket.uid, id, 'withdrawn', '')).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN' }) as Error,
  );
  settlePromise({ ...work.ctx, user: { ...AGENT, role: 'lead' } }, ticket.uid, id, 'withdrawn', '');
  expect(getRelations(work.ctx, ticket.uid).promises).toEqual([]);
});

test('joined to another ticket, the promise is made there, and goes with the joining when that is undone', () => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const draft = draftWith(work);
  joinDraft(work.ctx, draft.id, 1, other.uid, 'note');
  expect(promisesOf(work, other.uid)).toMatchObject([{ kind: 'promise', text: '周五前回电', dueAt: DUE }]);
  for (const { op } of listOutbox(work.db)) work.sent.add(op.opId);
  separateDraft(work.ctx, draft.id, '撤回');
  expect(getRelations(work.ctx, other.uid).promises).toEqual([]);
  expect(getDraft(work.ctx, draft.id).content.promise).toEqual(PROMISE);
});

test.each([
  [
    'its promise was kept',
    (work: TestWork, uid: TicketId) => {
      const [made] = promisesOf(work, uid);
      settlePromise(work.ctx, uid, made?.id as EventId, 'kept', '已回电');
    },
    ['promise', 'promise_kept'],
  ],
  [
    'its promise was taken back',
    (work: TestWork, uid: TicketId) => {
      const [made] = promisesOf(work, uid);
      settlePromise(work.ctx, uid, made?.id as EventId, 'withdrawn', '');
    },
    [],
  ],
  [
    'its note was taken back',
    (work: TestWork, uid: TicketId) => {
      const note = getTicket(work.ctx, uid).events.find(({ kind, actorId }) => kind === 'note' && actorId === AGENT.id);
      withdrawNote(work.ctx, uid, note?.id as EventId, '误加');
    },
    [],
  ],
])('a joining can be undone after %s alone', (_, happen, left) => {
  const work = openTestWork(tempFolder());
  const other = sampleTicket(1);
  saveTicket(work.db, other);
  const draft = draftWith(work);
  joinDraft(work.ctx, draft.id, 1, other.uid, 'note');
  happen(work, other.uid);
  separateDraft(work.ctx, draft.id, '撤回');
  expect(promisesOf(work, other.uid).map(({ kind }) => kind)).toEqual(left);
  expect(getDraft(work.ctx, draft.id)).toMatchObject({ ticketUid: null, content: { promise: PROMISE } });
});
