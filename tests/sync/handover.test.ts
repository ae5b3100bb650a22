import { expect, test } from 'vitest';
import { recordCall } from '#main/data/services/call.service.ts';
import { listColleagues } from '#main/data/services/colleague.service.ts';
import { listDrafts, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { planLink } from '#main/data/services/join-draft.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { sampleCall, sampleIntake, sampleLeg, sampleRecord } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

/** Takes a call, writes, and passes it on to another seat. */
function passOn(
  from: Seat,
  to: { readonly work: { readonly user: Pick<User, 'seat' | 'name'> } },
  title: string,
  more: { readonly parentUid?: TicketId; readonly promise?: IntakeContent['promise'] } = {},
) {
  const now = systemClock.now();
  const call = sampleCall('13800001234', now);
  const draft = openDraft(from.work, call);
  saveDraft(from.work, draft.id, 0, sampleIntake({ title, promise: more.promise ?? null }));
  if (more.parentUid) planLink(from.work, draft.id, more.parentUid);
  const { seat, name } = to.work.user;
  const leg = sampleLeg({ party: { kind: 'seat', seat, name }, startedAt: now, answeredAt: now, endedAt: now });
  const record = sampleRecord(call, { seat: from.work.user.seat, outcome: 'transferred', legs: [leg] });
  expect(recordCall(from.work, record)).toMatchObject({ to: { seat } });
  return call;
}

test('the form of a transferred call arrives at the colleague’s seat and at no other', async () => {
  const world = await worlds.open({ seats: 3 });
  const [from, to, third] = [seatOf(world, 0), seatOf(world, 1), seatOf(world, 2)];
  const call = passOn(from, to, '楼上漏水');
  expect(listDrafts(from.work)).toEqual([]);
  await waitUntilSynced(world.server, world.seats);
  expect(listDrafts(to.work)).toMatchObject([
    {
      callId: call.callId,
      content: { title: '楼上漏水' },
      handedFrom: { seat: from.work.user.seat, name: from.work.user.name },
    },
  ]);
  expect(listDrafts(third.work)).toEqual([]);
  expect(from.outbox).toEqual([]);
});

test('the 母单 planned for a form and what was promised go with it', async () => {
  const world = await worlds.open({ seats: 2 });
  const [from, to] = [seatOf(world, 0), seatOf(world, 1)];
  const first = openDraft(from.work, null);
  saveDraft(from.work, first.id, 0, sampleIntake({ title: '第一件' }));
  const { uid } = submitDraft(from.work, first.id, 1, 'submit');
  await waitUntilSynced(world.server, world.seats);
  const promise = { text: '周五前回电', dueAt: systemClock.now() + 86_400_000, byName: '' };
  passOn(from, to, '同一处的第二件', { parentUid: uid, promise });
  await waitUntilSynced(world.server, world.seats);
  const [arrived] = listDrafts(to.work);
  expect(arrived).toMatchObject({ parentUid: uid, content: { promise: { ...promise, byName: from.work.user.name } } });
});

test('passed on without a network the form waits, and arrives once', async () => {
  const world = await worlds.open({ seats: 2 });
  const [from, to] = [seatOf(world, 0), seatOf(world, 1)];
  await world.stopServer();
  passOn(from, to, '断网时转接');
  expect(from.outbox).toMatchObject([{ state: 'waiting', op: { kind: 'draft.hand_over' } }]);
  await world.startServer();
  await waitUntilSynced(world.server, world.seats);
  expect(listDrafts(to.work).map(({ content }) => content.title)).toEqual(['断网时转接']);
  // A cache that pulls the scope again from the start opens nothing twice.
  to.work.db.run(`UPDATE scopes SET seq = 0 WHERE scope LIKE '%:seat:%'`);
  to.wake();
  await waitUntilSynced(world.server, world.seats);
  expect(listDrafts(to.work)).toHaveLength(1);
});

test('a form the server will not send on waits for the seat that wrote it, and is a draft again when it is given up', async () => {
  const world = await worlds.open({ seats: 1 });
  const from = seatOf(world, 0);
  const nobody = { work: { user: { seat: '8888', name: '无此座席' } } };
  passOn(from, nobody, '不能丢');
  expect(listDrafts(from.work)).toEqual([]);
  await until('the form was refused', () => from.outbox.some(({ state }) => state === 'rejected'));
  const [refused] = from.outbox;
  expect(refused).toMatchObject({ lastError: { code: 'SEAT_NOT_ON_LINE' } });
  expect(listDrafts(from.work)).toEqual([]);
  if (refused) discardOp(from.work, refused.op.opId);
  expect(listDrafts(from.work)).toMatchObject([{ content: { title: '不能丢' }, handedTo: null }]);
});

test('colleagues are known after the first contact, also when the server is away later', async () => {
  const world = await worlds.open({ seats: 2 });
  const [other, seat] = [seatOf(world, 0), seatOf(world, 1)];
  await until('the directory is there', () => listColleagues(seat.work).seats.length > 0);
  await world.stopServer();
  const { seats, syncedAt } = listColleagues(seat.work);
  expect(seats.map((colleague) => colleague.seat)).toContain(other.work.user.seat);
  expect(seats.map((colleague) => colleague.seat)).not.toContain(seat.work.user.seat);
  expect(syncedAt).not.toBeNull();
});
