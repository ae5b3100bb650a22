import { expect, test } from 'vitest';
import { setOutboxRefused } from '#main/data/repositories/outbox.repository.ts';
import { findTicketState } from '#main/data/repositories/ticket.repository.ts';
import { countQueueChildren, countQueues, decideTickets } from '#main/data/services/act.service.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { getRelations } from '#main/data/services/link.service.ts';
import { redoOp } from '#main/data/services/refused-ops.service.ts';
import { showRow } from '#main/data/services/show-row.ts';
import { TICKETS } from '#main/data/services/synced-table.ts';
import { getTicket, listTicketIds, listTicketRows } from '#main/data/services/ticket.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { openTestWork, receiveTicket, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { limitsAfter } from '#tests/support/limits.ts';

const tempFolder = prepareTempFolders();
const DISPATCHER = { ...AGENT, role: 'dispatcher' as const, name: '郑国梁' };
const UNIT = '玄武区水务局';

const open = () => openTestWork(tempFolder(), DISPATCHER);

const mergeUnder = (parentUid: TicketId, asProposed = false): TicketAct => ({
  action: 'merge',
  parentUid,
  parentNo: '',
  asProposed,
});
const proposedUnder = ({ uid }: Ticket): Partial<Ticket> => ({
  link: { parentUid: uid, state: 'proposed', at: START, byName: '林晓雯' },
});
const decide = (work: TestWork, uid: TicketId, act: TicketAct, words = '同一处污水井') =>
  decideTickets(work.ctx, [{ uid, from: getTicket(work.ctx, uid).status, act, words }])[0]?.refused;

test('without a network a merged ticket leaves its queue, stands under the 母单 and is counted as 诉求 there', () => {
  const work = open();
  const mother = receiveTicket(work, 1, { status: 'handling', unit: UNIT, ...limitsAfter({ kind: 'sign' }) });
  const children = [receiveTicket(work, 2), receiveTicket(work, 3)];
  for (const { uid } of children) expect(decide(work, uid, mergeUnder(mother.uid))).toBeNull();
  expect(countQueues(work.ctx)).toMatchObject({ dispatch: 0, handling: 1 });
  expect(countQueueChildren(work.ctx)).toMatchObject({ handling: 2, dispatch: 0, overdue: 0 });
  work.clock.advance(10 * 86_400_000);
  expect(countQueueChildren(work.ctx)).toMatchObject({ handling: 2, overdue: 2 });
  const { self, children: lines, mayMerge } = getRelations(work.ctx, mother.uid);
  expect(self.children).toBe(2);
  expect(lines.map(({ number, status }) => [number, status])).toEqual([
    [2, 'merged'],
    [3, 'merged'],
  ]);
  expect(mayMerge).toBe(true);
  // The history names the 母单 as people do.
  const [op] = work.queued;
  expect(op?.kind === 'ticket.act' && op.args.act).toMatchObject({
    action: 'merge',
    parentNo: expect.stringMatching(/1$/),
  });
});

test('split again it waits for its dispatch', () => {
  const work = open();
  const mother = receiveTicket(work, 1, { status: 'handling' });
  const { uid } = receiveTicket(work, 2);
  decide(work, uid, mergeUnder(mother.uid));
  expect(decide(work, uid, { action: 'unmerge', parentNo: '' }, '另一处井')).toBeNull();
  expect(getTicket(work.ctx, uid)).toMatchObject({ status: 'to_dispatch', link: null, closedAt: null, pending: true });
  expect(countQueueChildren(work.ctx).handling).toBe(0);
  const [first, second] = work.queued;
  expect(second?.dependsOn).toBe(first?.opId);
});

test('what cannot be merged is named before anything is sent', () => {
  const work = open();
  const mother = receiveTicket(work, 1);
  const child = receiveTicket(work, 2);
  const answered = receiveTicket(work, 3, { status: 'to_callback' });
  const other = receiveTicket(work, 4);
  decide(work, child.uid, mergeUnder(mother.uid));
  expect(decide(work, other.uid, mergeUnder(child.uid))).toBe('PARENT_IS_CHILD');
  expect(decide(work, other.uid, mergeUnder(answered.uid))).toBe('PARENT_NOT_OPEN');
  expect(decide(work, mother.uid, mergeUnder(other.uid))).toBe('HAS_CHILDREN');
  expect(decide(work, other.uid, mergeUnder(mother.uid, true))).toBe('PROPOSAL_CHANGED');
  expect(decide(work, other.uid, mergeUnder(mother.uid), ' ')).toBe('WORDS_MISSING');
  expect(work.queued).toHaveLength(1);
});

test('proposals have a queue of their own until somebody agrees', () => {
  const work = open();
  const mother = receiveTicket(work, 1, { status: 'handling' });
  const [first, second] = [
    receiveTicket(work, 2, proposedUnder(mother)),
    receiveTicket(work, 3, proposedUnder(mother)),
  ];
  receiveTicket(work, 4, { ...proposedUnder(mother), status: 'closed' });
  const queue = () => {
    const numbers: (number | null)[] = [];
    let before: number | undefined;
    for (;;) {
      const { ids, next } = listTicketIds(work.ctx, { kind: 'proposed' }, 1, before);
      numbers.push(...listTicketRows(work.ctx, ids).map(({ ticket }) => ticket.number));
      if (next === null) return numbers.toSorted();
      before = next;
    }
  };
  expect(queue()).toEqual([2, 3]);
  expect(countQueues(work.ctx).merges).toBe(2);
  expect(decide(work, first.uid, mergeUnder(mother.uid, true))).toBeNull();
  expect(queue()).toEqual([3]);
  expect(getRelations(work.ctx, second.uid)).toMatchObject({
    self: { proposedUnder: mother.uid },
    parent: { number: 1 },
  });
});

test('a merge that came second stands beside the other 母单, and can be decided anew once it is split', () => {
  const work = open();
  const [mine, theirs] = [receiveTicket(work, 1), receiveTicket(work, 2)];
  const child = receiveTicket(work, 3, proposedUnder(mine));
  decide(work, child.uid, mergeUnder(mine.uid, true));
  const [op] = work.queued;
  const state = findTicketState(work.db, child.uid);
  if (!op || !state) throw new Error('nothing queued');
  const link = { parentUid: theirs.uid, state: 'merged', at: START, byName: '顾若兰' } as const;
  const show = (over: Partial<Ticket>) =>
    work.db.transaction(() => {
      TICKETS.saveBase(work.db, state.id, { ...child, version: 4, ...over });
      setOutboxRefused(work.db, op.opId, 'rejected', 'STATUS_CHANGED:merged/merge/顾若兰', START);
      showRow(work.db, op.kind, child.uid, actorOf(work.ctx));
    });
  show({ status: 'merged', link });
  const { fields, redoable } = compareOp(work.ctx, op.opId);
  expect(redoable).toBe(false);
  const parent = fields.find(({ field }) => field === 'parent');
  expect([parent?.mine, parent?.theirs].map((no) => String(no).slice(-1))).toEqual(['1', '2']);
  show({ status: 'to_dispatch', link: null, version: 5 });
  expect(compareOp(work.ctx, op.opId).redoable).toBe(true);
  redoOp(work.ctx, op.opId);
  expect(getTicket(work.ctx, child.uid)).toMatchObject({
    status: 'merged',
    link: { parentUid: mine.uid, state: 'merged' },
    refused: null,
  });
});
