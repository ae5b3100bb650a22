import { expect, test } from 'vitest';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { appealCheck, scoreTicket, settleCheck } from '#main/data/services/check-work.service.ts';
import { getQuality } from '#main/data/services/quality.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import { NO_MARKS } from '#shared/domain/quality/check.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { FIVE_OFF } from '#tests/support/checks.ts';
import { listQuality } from '#tests/support/data/quality-lines.ts';
import { until } from '#tests/support/data/until.ts';
import { waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const [CHECKER, OTHER, AGENT] = [0, 1, 2];

/** A centre with two 质检员 and the agent who answered a drawn ticket on the spot; everybody holds it. */
async function openCentre(): Promise<{ readonly world: World; readonly uid: TicketId }> {
  const world = await worlds.open({ seats: 3, roles: ['quality', 'quality', 'agent'] });
  const { user } = seatOf(world, AGENT).work;
  const console = await new TestConsole(world.server.url).signIn(user.account);
  const body = createTicketBody({ answer: '带身份证到街道办理。' }, { outcome: 'direct_answer' });
  const uid = `${body.uid.slice(0, -2)}00` as TicketId;
  expect(await console.pushOne({ ...body, uid })).toMatchObject({ code: 'applied' });
  for (const seat of world.seats) await until('the ticket is here', () => findTicket(seat.work.db, uid) !== null);
  return { world, uid };
}

test('two 质检员 score one ticket without a network: the first to arrive stands, the later one sees both scores and whose it is', async () => {
  const { world, uid } = await openCentre();
  const [checker, other, agent] = [seatOf(world, CHECKER), seatOf(world, OTHER), seatOf(world, AGENT)];
  world.faultFor = (index) => (index === AGENT ? null : 'request-lost');
  scoreTicket(checker.work, uid, FIVE_OFF);
  scoreTicket(other.work, uid, NO_MARKS);
  expect([checker, other].map(({ work }) => listQuality(work, 'to_check', 10).length)).toEqual([0, 0]);

  world.faultFor = (index) => (index === OTHER ? 'request-lost' : null);
  await waitUntilSynced(world.server, [checker, agent]);
  world.faultFor = null;
  await until('the later one is refused', () => listOutbox(other.work.db)[0]?.state === 'rejected');
  const refused = forceUnwrap('refused', listOutbox(other.work.db)[0]);
  expect(refused.lastError).toEqual({ code: 'ALREADY_CHECKED', detail: checker.work.user.name });
  await until('their score is here', () => compareOp(other.work, refused.op.opId).server !== null);
  expect(compareOp(other.work, refused.op.opId)).toMatchObject({
    redoable: false,
    fields: [{ field: 'marks.ordinary.1.facts', mine: '', theirs: '−5　没有问清发生时间', isClash: true }],
  });
  discardOp(other.work, refused.op.opId);
  await waitUntilSynced(world.server, world.seats);
  for (const seat of [checker, other]) {
    expect(getQuality(seat.work, uid, 'check').check?.first).toMatchObject({
      points: 95,
      byName: checker.work.user.name,
    });
  }
  expect(listQuality(agent.work, 'mine', 10)).toMatchObject([{ points: 95, state: 'scored' }]);
});

test('an appeal written without a network is settled by the other 质检员 and comes back to the agent', async () => {
  const { world, uid } = await openCentre();
  const [checker, other, agent] = [seatOf(world, CHECKER), seatOf(world, OTHER), seatOf(world, AGENT)];
  scoreTicket(checker.work, uid, FIVE_OFF);
  await waitUntilSynced(world.server, world.seats);
  world.faultFor = (index) => (index === AGENT ? 'request-lost' : null);
  appealCheck(agent.work, uid, '时间写在补充里');
  expect(listQuality(agent.work, 'mine', 10)).toMatchObject([{ state: 'appealed', pending: true }]);
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(getQuality(checker.work, uid, 'check').deeds).not.toContain('settle');
  expect(() => settleCheck(checker.work, uid, null, '维持')).toThrow('SAME_CHECKER');
  settleCheck(other.work, uid, NO_MARKS, '补充里确有时间');
  await waitUntilSynced(world.server, world.seats);
  expect(listQuality(agent.work, 'mine', 10)).toMatchObject([{ state: 'settled', points: 100, pending: false }]);
});
