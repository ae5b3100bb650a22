import { expect, test } from 'vitest';
import { listOutbox, setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { deleteTicket, findTicketState } from '#main/data/repositories/ticket.repository.ts';
import { countUnitLoads } from '#main/data/repositories/unit-load.repository.ts';
import { countQueues, decideTickets } from '#main/data/services/act.service.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import { showRow } from '#main/data/services/show-row.ts';
import { TICKETS } from '#main/data/services/synced-table.ts';
import { getTicket, listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { openTestWork, receiveTicket, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { limitsAfter } from '#tests/support/limits.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';

const tempFolder = prepareTempFolders();
const DISPATCHER = { ...AGENT, role: 'dispatcher' as const, name: '王敏' };
const UNIT = '鼓楼区城管局';
const OTHER = '鼓楼区湖南路街道办事处';

const open = () => openTestWork(tempFolder(), DISPATCHER);

test('a decision shows at once, unconfirmed, and waits for the server', () => {
  const work = open();
  const { uid } = receiveTicket(work, 12);
  const act = dispatchTo(UNIT, { basis: 'category' });
  expect(decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act, words: '' }])).toEqual([{ uid, refused: null }]);
  const shown = getTicket(work.ctx, uid);
  expect(shown).toMatchObject({ status: 'to_sign', unit: UNIT, pending: true, handling: { basis: 'category' } });
  expect(shown.unconfirmed).toEqual([shown.events.at(-1)?.id]);
  expect(work.queued).toMatchObject([{ kind: 'ticket.act', baseVersion: 3, args: { from: 'to_dispatch', act } }]);
});

test('of many what does not fit is left alone and named, the others are done in one go', () => {
  const work = open();
  const [ready, moved, back] = [
    receiveTicket(work, 1),
    receiveTicket(work, 2, { status: 'handling' }),
    receiveTicket(work, 3, { handling: { ...NO_HANDLING, returnedBy: [UNIT] } }),
  ];
  const decisions = [ready, moved, back].map(({ uid }) => ({
    uid,
    from: 'to_dispatch' as const,
    act: dispatchTo(UNIT),
    words: '',
  }));
  expect(decideTickets(work.ctx, decisions).map(({ refused }) => refused)).toEqual([
    null,
    'STATUS_CHANGED',
    'UNIT_RETURNED',
  ]);
  expect(work.queued).toHaveLength(1);
});

test('the second decision on a ticket stands on the first', () => {
  const work = open();
  const { uid } = receiveTicket(work, 12, { status: 'return_review', unit: UNIT });
  decideTickets(work.ctx, [{ uid, from: 'return_review', act: SAMPLE_ACTS.approve_return, words: '' }]);
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act: dispatchTo(OTHER), words: '' }]);
  const [first, second] = work.queued;
  expect(second?.dependsOn).toBe(first?.opId);
  expect(getTicket(work.ctx, uid)).toMatchObject({ status: 'to_sign', unit: OTHER, handling: { returnedBy: [UNIT] } });
});

/** A dispatch that came second: meanwhile somebody sent the ticket elsewhere. */
function refusedDispatch(work: TestWork) {
  const ticket = receiveTicket(work, 12);
  const { uid } = ticket;
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act: dispatchTo(UNIT), words: '' }]);
  const [entry] = listOutbox(work.db);
  const state = findTicketState(work.db, uid);
  if (!entry || !state) throw new Error('nothing queued');
  const theirs: Ticket = {
    ...ticket,
    status: 'to_sign',
    unit: OTHER,
    version: 4,
    events: [
      ...ticket.events,
      {
        id: newId<EventId>(START),
        at: START + 5,
        kind: 'status',
        actorId: null,
        actorName: '周启明',
        text: '按属地',
        from: 'to_dispatch',
        to: 'to_sign',
        ref: '',
        act: dispatchTo(OTHER),
      },
    ],
  };
  work.db.transaction(() => {
    TICKETS.saveBase(work.db, state.id, theirs);
    setOutboxRefused(work.db, entry.op.opId, 'rejected', 'STATUS_CHANGED:to_sign/dispatch/周启明', START);
    showRow(work.db, entry.op.kind, uid, actorOf(work.ctx));
  });
  return { uid, opId: entry.op.opId };
}

test('a refused decision stands beside what somebody else decided, and is accepted with one key', () => {
  const work = open();
  const { uid, opId } = refusedDispatch(work);
  expect(getTicket(work.ctx, uid)).toMatchObject({ status: 'to_sign', unit: OTHER, acts: [] });
  const compared = compareOp(work.ctx, opId);
  // A ticket that waits for its unit is not dispatched again.
  expect(compared.redoable).toBe(false);
  expect(compared.fields).toMatchObject([
    { field: 'action', mine: 'dispatch', theirs: 'dispatch', isClash: true, by: { name: '周启明', at: START + 5 } },
    { field: 'status', before: 'to_dispatch', mine: 'to_sign', theirs: 'to_sign', isClash: true },
    { field: 'unit', mine: UNIT, theirs: OTHER, isClash: true },
    // Why they did is told to somebody who gave no reason, too.
    { field: 'words', mine: '', theirs: '按属地', isClash: false, by: { name: '周启明' } },
  ]);
  discardOp(work.ctx, opId);
  expect(getTicket(work.ctx, uid)).toMatchObject({ status: 'to_sign', unit: OTHER, refused: null, pending: false });
});

test('what a unit answered is told as theirs, though a rule took the ticket further', () => {
  const work = open();
  const { uid, opId } = refusedDispatch(work);
  const state = findTicketState(work.db, uid);
  const base = state && TICKETS.findBase(work.db, state.id);
  if (!state || !base) throw new Error('no base');
  const [reply, rule] = [SAMPLE_ACTS.reply, undefined].map((act, index) => ({
    id: newId<EventId>(START),
    at: START + 9 + index,
    kind: act ? ('reply' as const) : ('status' as const),
    actorId: null,
    actorName: act ? OTHER : '',
    text: act ? '灯已修好' : '',
    from: act ? ('handling' as const) : ('replied' as const),
    to: act ? ('replied' as const) : ('to_callback' as const),
    ref: '',
    ...(act ? { act } : {}),
  }));
  if (!reply || !rule) throw new Error('no steps');
  TICKETS.saveBase(work.db, state.id, { ...base, status: 'to_callback', events: [...base.events, reply, rule] });
  expect(compareOp(work.ctx, opId).fields).toMatchObject([
    { field: 'action', theirs: 'reply', by: { name: OTHER, at: START + 9 } },
    { field: 'status', theirs: 'to_callback', by: { name: '', at: START + 10 } },
    { field: 'unit' },
    { field: 'words', theirs: '灯已修好', by: { name: OTHER, at: START + 9 } },
  ]);
});

test('done anew it is a decision on the state the ticket has by then', () => {
  const work = open();
  const { uid, opId } = refusedDispatch(work);
  const state = findTicketState(work.db, uid);
  const base = state && TICKETS.findBase(work.db, state.id);
  if (!state || !base) throw new Error('no base');
  // The unit has sent it back.
  work.db.transaction(() => {
    TICKETS.saveBase(work.db, state.id, { ...base, status: 'to_dispatch', unit: null, version: 6 });
    showRow(work.db, 'ticket.act', uid, actorOf(work.ctx));
  });
  expect(compareOp(work.ctx, opId).redoable).toBe(true);
  expect(redoOp(work.ctx, opId)).toBe(1);
  expect(getTicket(work.ctx, uid)).toMatchObject({ status: 'to_sign', unit: UNIT, refused: null, pending: true });
});

test('while a refused decision waits for a person no other one hides it', () => {
  const work = open();
  const { uid } = refusedDispatch(work);
  const again = { uid, from: 'to_sign' as const, act: SAMPLE_ACTS.sign, words: '' };
  expect(decideTickets(work.ctx, [again])).toEqual([{ uid, refused: 'REFUSED_BEFORE' }]);
});

test('queues are counted, and what is overdue is a queue across the states', () => {
  const work = open();
  receiveTicket(work, 1);
  receiveTicket(work, 2);
  receiveTicket(work, 3, { status: 'handling', ...limitsAfter({ kind: 'sign' }) });
  receiveTicket(work, 4, { status: 'on_account', ...limitsAfter({ kind: 'put_on_account', days: 30 }) });
  receiveTicket(work, 5, { status: 'closed', ...limitsAfter({ kind: 'close' }) });
  work.clock.advance(10 * 86_400_000);
  expect(countQueues(work.ctx)).toMatchObject({ dispatch: 2, handling: 1, account: 1, overdue: 1, callback: 0 });
  expect(listTicketIds(work.ctx, { kind: 'overdue' }, 10).ids).toHaveLength(1);
});

test('of a unit the tickets that lie with it are counted, as this computer holds them', () => {
  const work = open();
  receiveTicket(work, 1, { status: 'to_sign', unit: UNIT });
  receiveTicket(work, 2, { status: 'on_account', unit: UNIT });
  receiveTicket(work, 3, { status: 'to_callback', unit: UNIT });
  const { uid } = receiveTicket(work, 4);
  expect(countUnitLoads(work.db, [UNIT, OTHER, OTHER])).toEqual({ [UNIT]: 2, [OTHER]: 0 });
  // What was only decided here counts at once.
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act: dispatchTo(OTHER), words: '' }]);
  expect(countUnitLoads(work.db, [UNIT, OTHER])).toEqual({ [UNIT]: 2, [OTHER]: 1 });
});

test('the call list begins with whose time has come, and ends with who is tried again later', () => {
  const work = open();
  const later = { ...NO_HANDLING, attempts: [{ at: START, byName: '赵静' }] };
  const answered = (number: number, over: Partial<Ticket> = {}) =>
    receiveTicket(work, number, { status: 'to_callback', ...limitsAfter({ kind: 'reply' }), ...over });
  const HOUR = 3_600_000;
  const again = (from: number): Partial<Ticket> => ({
    handling: { ...later, nextCall: { from: START + from * HOUR, to: START + (from + 2) * HOUR } },
    ...limitsAfter(
      { kind: 'reply' },
      { kind: 'miss_callback', next: { from: START + from * HOUR, to: START + (from + 2) * HOUR } },
    ),
  });
  answered(1);
  answered(2, again(8));
  answered(3, again(3));
  answered(4, limitsAfter({ kind: 'sign' }, { kind: 'reply' }));
  receiveTicket(work, 5, { status: 'closed', ...limitsAfter({ kind: 'reply' }, { kind: 'close' }) });
  const numbers = (limit = 10) => {
    const listed: (number | null)[] = [];
    let before: number | undefined;
    for (;;) {
      const { ids, next } = listTicketIds(work.ctx, { kind: 'callback' }, limit, before);
      listed.push(...listTicketRows(work.ctx, ids).map(({ ticket }) => ticket.number));
      if (next === null) return listed;
      before = next;
    }
  };
  expect(numbers()).toEqual([1, 4, 3, 2]);
  expect(numbers(1)).toEqual([1, 4, 3, 2]);
  work.clock.advance(4 * HOUR);
  // Its window closes before the others are due.
  expect(numbers()).toEqual([3, 1, 4, 2]);
  expect(countQueues(work.ctx).callback).toBe(4);
});

test('tickets that move on or leave this console leave the counts of their queues', () => {
  const work = open();
  const { uid } = receiveTicket(work, 1);
  receiveTicket(work, 2);
  const gone = findTicketState(work.db, receiveTicket(work, 3).uid);
  decideTickets(work.ctx, [{ uid, from: 'to_dispatch', act: dispatchTo(UNIT), words: '' }]);
  if (gone) deleteTicket(work.db, gone.id);
  expect(countQueues(work.ctx)).toMatchObject({ dispatch: 1, sign: 1, handling: 0 });
});
