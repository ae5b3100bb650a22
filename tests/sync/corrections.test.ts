import { expect, test } from 'vitest';
import { amendTicket } from '#main/data/services/amend.service.ts';
import { compareOp } from '#main/data/services/attention/attention.service.ts';
import { mergeOp } from '#main/data/services/attention/merge-op.service.ts';
import { discardOp, redoOp } from '#main/data/services/refused-ops.service.ts';
import type { TicketAmendment } from '#shared/domain/ticket-amendment.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

/** A ticket that the agent and the 班长 both have, and both correct while the agent has no network. */
async function bothCorrect(mine: (title: string) => TicketAmendment, theirs: (title: string) => TicketAmendment) {
  const world = await worlds.open({ seats: 2, roles: ['agent', 'lead'] });
  const [agent, lead] = [seatOf(world, 0), seatOf(world, 1)];
  const uid = agent.submit({ title: '路灯不亮' });
  await waitUntilSynced(world.server, world.seats);
  world.faultFor = (seat) => (seat === 0 ? 'request-lost' : null);
  amendTicket(agent.work, uid, mine('路灯不亮'), '');
  amendTicket(lead.work, uid, theirs('路灯不亮'), '市民来电说明');
  await until('the 班长 is through', () => {
    if (lead.isResting && lead.outbox.length > 0) lead.wake();
    return lead.outbox.length === 0;
  });
  // What the agent did stays visible as long as nobody has decided.
  expect(agent.outbox).toMatchObject([{ state: 'waiting', op: { kind: 'ticket.amend' } }]);
  world.faultFor = null;
  return { world, agent, lead, uid };
}

const title = (from: string, to: string): TicketAmendment => ({ title: { from, to } });

async function untilRefused(world: World) {
  const agent = seatOf(world, 0);
  await until('the agent’s correction is refused and the ticket of the server is here', () => {
    if (agent.isResting && agent.outbox[0]?.state === 'waiting') agent.wake();
    return agent.outbox[0]?.state === 'rejected';
  });
  const opId = agent.outbox[0]?.op.opId;
  if (!opId) throw new Error('nothing refused');
  await until('theirs is here', () => {
    if (agent.isResting) agent.wake();
    return compareOp(agent.work, opId).fields[0]?.theirs === '东门路灯不亮';
  });
  return opId;
}

const atServer = async (world: World, uid: TicketId) => {
  const rows = await world.server.query<{ title: string; subject: string; version: number }>(
    `SELECT doc->'fields'->>'title' AS title, doc->'fields'->>'subject' AS subject, version FROM tickets WHERE uid = $1`,
    [uid],
  );
  return rows[0];
};

test('different fields: both corrections are at the server, and on both consoles', async () => {
  const { world, agent, lead, uid } = await bothCorrect(
    (seen) => title(seen, '路灯坏了'),
    () => ({ subject: { from: '', to: '金陵物业' } }),
  );
  await waitUntilSynced(world.server, world.seats);
  expect(await atServer(world, uid)).toEqual({ title: '路灯坏了', subject: '金陵物业', version: 3 });
  for (const seat of [agent, lead]) {
    expect(seat.ticket(uid).fields).toMatchObject({ title: '路灯坏了', subject: '金陵物业' });
    expect(seat.ticket(uid).events.filter(({ kind }) => kind === 'edited')).toHaveLength(2);
  }
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('the same field: the later one is refused with what the server holds, who and when; mine replaces it', async () => {
  const { world, agent, uid } = await bothCorrect(
    (seen) => title(seen, '路灯坏了'),
    (seen) => title(seen, '东门路灯不亮'),
  );
  const opId = await untilRefused(world);
  expect(agent.ticket(uid).fields.title).toBe('东门路灯不亮');
  expect(compareOp(agent.work, opId).fields).toMatchObject([
    { field: 'title', before: '路灯不亮', mine: '路灯坏了', theirs: '东门路灯不亮', isClash: true },
  ]);
  redoOp(agent.work, opId);
  await waitUntilSynced(world.server, world.seats);
  expect(await atServer(world, uid)).toMatchObject({ title: '路灯坏了', version: 3 });
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('theirs: nothing is sent any more and both consoles show what the 班长 wrote', async () => {
  const { world, agent, uid } = await bothCorrect(
    (seen) => title(seen, '路灯坏了'),
    (seen) => title(seen, '东门路灯不亮'),
  );
  discardOp(agent.work, await untilRefused(world));
  await waitUntilSynced(world.server, world.seats);
  expect(await atServer(world, uid)).toMatchObject({ title: '东门路灯不亮', version: 2 });
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('merge: a third value is written once', async () => {
  const { world, agent, uid } = await bothCorrect(
    (seen) => title(seen, '路灯坏了'),
    (seen) => title(seen, '东门路灯不亮'),
  );
  mergeOp(agent.work, await untilRefused(world), { title: '东门两盏路灯坏了' });
  await waitUntilSynced(world.server, world.seats);
  expect(await atServer(world, uid)).toMatchObject({ title: '东门两盏路灯坏了', version: 3 });
  await expectAgreement(world.server, world.seats, OBSERVER);
});
