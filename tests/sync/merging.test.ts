import { expect, test } from 'vitest';
import { decideTickets } from '#main/data/services/act.service.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

const mergeUnder = (parentUid: TicketId): TicketAct => ({
  action: 'merge',
  parentUid,
  parentNo: '',
  asProposed: false,
});

function decide(seat: Seat, uid: TicketId, act: TicketAct): void {
  const decision = { uid, from: seat.ticket(uid).status, act, words: '同一处污水井' };
  expect(decideTickets(seat.work, [decision])).toEqual([{ uid, refused: null }]);
}

/** Lets one seat through to the server while the other has no network. */
async function letThrough(seat: Seat): Promise<void> {
  await until('the seat is through', () => {
    if (seat.isResting && seat.outbox.length > 0) seat.wake();
    return seat.outbox.length === 0;
  });
}

/** Three calls about one sewer, on the consoles of two 班长. */
async function twoLeads(): Promise<{ world: World; first: Seat; second: Seat; uids: readonly TicketId[] }> {
  const world = await worlds.open({ seats: 2, roles: ['lead', 'lead'] });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const uids = ['门前', '院内', '一楼'].map((where) => first.submit({ title: `中央路260号${where}污水漫溢` }));
  await waitUntilSynced(world.server, world.seats);
  return { world, first, second, uids };
}

async function untilRefused(seat: Seat): Promise<void> {
  await until('the decision is refused', () => {
    if (seat.isResting && seat.outbox[0]?.state === 'waiting') seat.wake();
    return seat.outbox[0]?.state === 'rejected';
  });
}

test('merged under different 母单 without a network it ends under one of them, and the second author is told of the other', async () => {
  const { world, first, second, uids } = await twoLeads();
  const [one, other, child] = uids as [TicketId, TicketId, TicketId];
  world.faultFor = () => 'request-lost';
  decide(first, child, mergeUnder(one));
  decide(second, child, mergeUnder(other));
  // Each sees their own as long as nobody has decided.
  expect([first.ticket(child).link?.parentUid, second.ticket(child).link?.parentUid]).toEqual([one, other]);
  world.faultFor = (seat) => (seat === 1 ? 'request-lost' : null);
  await letThrough(first);
  world.faultFor = null;
  await untilRefused(second);
  const opId = second.outbox[0]?.op.opId;
  if (!opId) throw new Error('nothing refused');
  await until('theirs is here', () => {
    if (second.isResting) second.wake();
    return second.ticket(child).link?.parentUid === one;
  });
  const { fields, redoable } = compareOp(second.work, opId);
  expect(fields.find(({ field }) => field === 'parent')).toMatchObject({ isClash: true });
  expect(redoable).toBe(false);
  discardOp(second.work, opId);
  await waitUntilSynced(world.server, world.seats);
  for (const seat of [first, second])
    expect(seat.ticket(child)).toMatchObject({ status: 'merged', link: { parentUid: one } });
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('what one merged another splits: both consoles end with the same ticket, and the 母单 tells of both', async () => {
  const { world, first, second, uids } = await twoLeads();
  const [mother, , child] = uids as [TicketId, TicketId, TicketId];
  world.faultFor = (seat) => (seat === 1 ? 'request-lost' : null);
  decide(first, child, mergeUnder(mother));
  await letThrough(first);
  world.faultFor = null;
  await until('the merge is here', () => {
    if (second.isResting) second.wake();
    return second.ticket(child).status === 'merged';
  });
  decide(second, child, { action: 'unmerge', parentNo: '' });
  await waitUntilSynced(world.server, world.seats);
  for (const seat of [first, second]) expect(seat.ticket(child)).toMatchObject({ status: 'to_dispatch', link: null });
  const history = first.ticket(mother).events.filter(({ kind }) => kind.startsWith('child_'));
  expect(history.map(({ kind, ref }) => [kind, ref])).toEqual([
    ['child_merged', child],
    ['child_split', child],
  ]);
  await expectAgreement(world.server, world.seats, OBSERVER);
});
