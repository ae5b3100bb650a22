import { expect, test } from 'vitest';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { insertScope, listScopes } from '#main/data/repositories/scope.repository.ts';
import { findTicketState, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { amendTicket } from '#main/data/services/amend.service.ts';
import { compareOp, listSettledItems } from '#main/data/services/attention/attention.service.ts';
import { mergeOp } from '#main/data/services/attention/merge-op.service.ts';
import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import { showRow } from '#main/data/services/show-row.ts';
import { TICKETS } from '#main/data/services/synced-table.ts';
import { addNote, getTicket } from '#main/data/services/ticket.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId, type OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START, sampleTicket, TICKETS_NOW } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const RECEIVED = { scopeId: 1, version: 3, round: 1 };

/** A ticket of this agent as the server holds it. */
function receive(work: TestWork, over: Partial<Ticket> = {}): Ticket {
  const ticket = {
    ...sampleTicket(12, { version: 3 }),
    createdById: AGENT.id,
    ...over,
  };
  if (listScopes(work.db).length === 0) insertScope(work.db, TICKETS_NOW, 1);
  saveTicket(work.db, ticket, null, RECEIVED);
  return ticket;
}

const entryOf = ({ db }: TestWork, kind: Op['kind']) => {
  const entry = listOutbox(db).findLast(({ op }) => op.kind === kind);
  if (!entry) throw new Error(`no ${kind}`);
  return entry;
};

/** A correction of title and subject; meanwhile a 班长 has corrected the title, and the server refused. */
function refusedAmendment(work: TestWork) {
  const ticket = receive(work);
  const { title, subject } = ticket.fields;
  const changes = { title: { from: title, to: '路灯坏了' }, subject: { from: subject, to: '金陵物业' } };
  amendTicket(work.ctx, ticket.uid, changes, '');
  const { op } = entryOf(work, 'ticket.amend');
  const edited = {
    id: newId<EventId>(START),
    at: START + 5,
    kind: 'edited' as const,
    actorId: null,
    actorName: '李班长',
    text: 'title',
    from: null,
    to: null,
    ref: '',
  };
  const theirs = {
    ...ticket,
    version: 4,
    fields: { ...ticket.fields, title: '东门路灯不亮' },
    events: [...ticket.events, edited],
  };
  const state = findTicketState(work.db, ticket.uid);
  if (!state) throw new Error('no row');
  work.db.transaction(() => {
    TICKETS.saveBase(work.db, state.id, theirs);
    setOutboxRefused(work.db, op.opId, 'rejected', 'FIELDS_CHANGED:title', START);
    showRow(work.db, op.kind, op.uid, actorOf(work.ctx));
  });
  return { uid: ticket.uid, opId: op.opId, ticket };
}

test('a refused correction stands beside what the server holds: before, mine, theirs, who and when', () => {
  const work = openTestWork(tempFolder());
  const { opId, ticket } = refusedAmendment(work);
  const compared = compareOp(work.ctx, opId);
  expect(compared.merge).toBe('fields');
  expect(compared.fields).toMatchObject([
    {
      field: 'title',
      before: ticket.fields.title,
      mine: '路灯坏了',
      theirs: '东门路灯不亮',
      isClash: true,
      by: { name: '李班长', at: START + 5 },
    },
    { field: 'subject', mine: '金陵物业', isClash: false },
  ]);
});

test('theirs: the ticket shows what the server holds, and the refused correction is kept with its reason', () => {
  const work = openTestWork(tempFolder());
  const { uid, opId } = refusedAmendment(work);
  expect(discardOp(work.ctx, opId)).toEqual({ count: 1, draftId: null });
  expect(listOutbox(work.db)).toEqual([]);
  expect(getTicket(work.ctx, uid).fields.title).toBe('东门路灯不亮');
  expect(listSettledItems(work.ctx)).toMatchObject([
    { opId, kind: 'ticket.amend', decision: 'theirs', reason: { code: 'FIELDS_CHANGED', detail: 'title' } },
  ]);
});

test('mine: a fresh operation on the version the server holds now, replacing what is there', () => {
  const work = openTestWork(tempFolder());
  const { uid, opId } = refusedAmendment(work);
  expect(redoOp(work.ctx, opId)).toBe(1);
  const { op, state } = entryOf(work, 'ticket.amend');
  expect(state).toBe('waiting');
  expect(op.opId).not.toBe(opId);
  expect(op).toMatchObject({
    baseVersion: 4,
    args: { changes: { title: { from: '东门路灯不亮', to: '路灯坏了' }, subject: { to: '金陵物业' } } },
  });
  expect(getTicket(work.ctx, uid).fields).toMatchObject({ title: '路灯坏了', subject: '金陵物业' });
  expect(listSettledItems(work.ctx)).toMatchObject([{ opId, decision: 'mine' }]);
});

test('merge: theirs of one field, another value of the other, in one fresh operation', () => {
  const work = openTestWork(tempFolder());
  const { uid, opId } = refusedAmendment(work);
  expect(mergeOp(work.ctx, opId, { title: '东门路灯不亮', subject: '金陵物业（东区）' })).toBe(1);
  const { op } = entryOf(work, 'ticket.amend');
  expect(op).toMatchObject({ baseVersion: 4, args: { changes: { subject: { to: '金陵物业（东区）' } } } });
  expect(op.args).not.toHaveProperty('changes.title');
  expect(getTicket(work.ctx, uid).fields).toMatchObject({ title: '东门路灯不亮', subject: '金陵物业（东区）' });
  expect(work.dropped).toEqual([opId]);
});

test('merge with theirs everywhere sends nothing and closes the operation', () => {
  const work = openTestWork(tempFolder());
  const { opId, ticket } = refusedAmendment(work);
  expect(mergeOp(work.ctx, opId, { title: '东门路灯不亮', subject: ticket.fields.subject })).toBe(0);
  expect(listOutbox(work.db)).toEqual([]);
  expect(listSettledItems(work.ctx)).toMatchObject([{ opId, decision: 'theirs' }]);
});

test('a value its field cannot have is refused, and the operation stays', () => {
  const work = openTestWork(tempFolder());
  const { opId } = refusedAmendment(work);
  expect(() => mergeOp(work.ctx, opId, { title: 5 })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(() => mergeOp(work.ctx, opId, { title: '长'.repeat(201) })).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT' }),
  );
  expect(compareOp(work.ctx, opId).opId).toBe(opId);
});

test('a refused note is sent again with other words', () => {
  const work = openTestWork(tempFolder());
  const { uid } = receive(work);
  addNote(work.ctx, uid, { kind: 'note', text: '门牌 3 号' });
  const { op } = entryOf(work, 'ticket.note');
  setOutboxRefused(work.db, op.opId, 'rejected', 'FORBIDDEN', START);
  expect(compareOp(work.ctx, op.opId).fields).toMatchObject([{ field: 'note.note', mine: '门牌 3 号', isText: true }]);
  mergeOp(work.ctx, op.opId, { 'note.note': '门牌 5 号' });
  expect(entryOf(work, 'ticket.note')).toMatchObject({ state: 'waiting', op: { args: { text: '门牌 5 号' } } });
  const notes = getTicket(work.ctx, uid).events.filter(({ kind }) => kind === 'note');
  expect(notes.map(({ text }) => text)).toEqual(['门牌 5 号']);
});

test('what this console did is unconfirmed until the server has decided', () => {
  const work = openTestWork(tempFolder());
  const { uid } = receive(work);
  const eventId = addNote(work.ctx, uid, { kind: 'note', text: '门牌 3 号' });
  expect(getTicket(work.ctx, uid).unconfirmed).toEqual([eventId]);
  setOutboxRefused(work.db, entryOf(work, 'ticket.note').op.opId, 'rejected', 'FORBIDDEN', START);
  expect(getTicket(work.ctx, uid).unconfirmed).toEqual([]);
});

test('who may not correct a ticket, or not any more, is told so', () => {
  const work = openTestWork(tempFolder());
  const changes = { title: { from: '', to: '路灯坏了' } };
  const refused = (over: Partial<Ticket>) => {
    const { uid } = receive(work, { ...over, uid: newId(START) });
    expect(() => amendTicket(work.ctx, uid, changes, '')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  };
  refused({ createdById: null });
  refused({ status: 'handling' });
  const secret = sampleTicket(1).fields;
  refused({ fields: { ...secret, caller: { ...secret.caller, confidential: true } } });
  expect(() => compareOp(work.ctx, newId<OpId>(START))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});
