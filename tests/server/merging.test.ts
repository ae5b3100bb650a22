import { afterAll, beforeAll, expect, test } from 'vitest';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, pullTicket, TestConsole, ticketFields } from '#tests/support/test-console.ts';

const UNIT = '玄武区水务局';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001' });
  await server.addAccount({ account: 'dispatcher1', role: 'dispatcher', seat: '2001', name: '郑国梁' });
  await server.addAccount({ account: 'lead1', role: 'lead', seat: '2002', name: '顾若兰' });
  await server.addAccount({ account: 'revisit1', role: 'revisit', seat: '3001' });
  await server.addAccount({ account: 'unit1', role: 'unit', name: UNIT });
});
afterAll(() => server.stop());

const seat = (account: string) => new TestConsole(server.url).signIn(account);

/** More than any ticket here has: whoever decides on it has seen everything. */
const SEEN_ALL = 1_000;

function act(
  console: TestConsole,
  uid: TicketId,
  from: TicketStatus,
  what: TicketAct,
  words = '同一处污水井',
  base = SEEN_ALL,
) {
  const args = { eventId: newId<EventId>(systemClock.now()), from, act: what, words };
  return console.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: base });
}

const mergeUnder = (parentUid: TicketId, asProposed = false): TicketAct => ({
  action: 'merge',
  parentUid,
  parentNo: '',
  asProposed,
});

/** Calls about the sewer of 中央路260号, each by somebody else. */
async function newTickets(count: number): Promise<readonly TicketId[]> {
  const agent = await seat('agent1');
  const bodies = Array.from({ length: count }, () =>
    createTicketBody({ title: '中央路260号污水漫溢', categoryCode: '020401' }),
  );
  for (const body of bodies) await agent.pushOne(body);
  return bodies.map(({ uid }) => uid);
}

const pulled = async (uid: string) => pullTicket(await seat('agent1'), uid);

/** Dispatches a ticket and lets its unit sign. */
async function workOn(uid: TicketId): Promise<void> {
  await act(await seat('dispatcher1'), uid, 'to_dispatch', dispatchTo(UNIT));
  await act(await seat('unit1'), uid, 'to_sign', SAMPLE_ACTS.sign);
}

test('中央路260号: merged under one that a unit works on, one split off again, one answer for every citizen, each called back', async () => {
  const [mother, first, second, third] = (await newTickets(4)) as [TicketId, TicketId, TicketId, TicketId];
  const [dispatcher, lead, unit, revisit] = await Promise.all(['dispatcher1', 'lead1', 'unit1', 'revisit1'].map(seat));
  if (!dispatcher || !lead || !unit || !revisit) throw new Error('nobody signed in');
  await workOn(mother);
  for (const uid of [first, second, third]) {
    expect(await act(dispatcher, uid, 'to_dispatch', mergeUnder(mother))).toMatchObject({ code: 'merged' });
  }
  const merged = await pulled(third);
  expect(merged).toMatchObject({ status: 'merged', link: { parentUid: mother, state: 'merged', byName: '郑国梁' } });
  // Another sewer, as it turned out.
  const split = { action: 'unmerge', parentNo: '' } as const;
  await act(lead, third, 'merged', split, '是隔壁院子的井', merged.version);
  expect(await pulled(third)).toMatchObject({ status: 'to_dispatch', link: null, closedAt: null });

  await act(unit, mother, 'handling', SAMPLE_ACTS.reply, '非我局管养，已先行疏通，管养单位提请研判。');
  for (const uid of [mother, first, second]) {
    const ticket = await pulled(uid);
    expect(ticket).toMatchObject({
      status: 'to_callback',
      unit: UNIT,
      replies: [{ unit: UNIT, text: '非我局管养，已先行疏通，管养单位提请研判。' }],
      closedAt: null,
      clocks: { stage: 'callback' },
    });
  }
  expect(await pulled(third)).toMatchObject({ status: 'to_dispatch', replies: [] });
  const history = (await pulled(mother)).events.filter(({ kind }) => kind.startsWith('child_'));
  expect(history.map(({ kind, ref, actorName }) => [kind, ref, actorName])).toEqual([
    ['child_merged', first, '郑国梁'],
    ['child_merged', second, '郑国梁'],
    ['child_merged', third, '郑国梁'],
    ['child_split', third, '顾若兰'],
  ]);
  // One citizen is not content: theirs alone is done again.
  const { version } = await pulled(first);
  await act(revisit, first, 'to_callback', SAMPLE_ACTS.redo, '井又满了', version);
  expect(await pulled(first)).toMatchObject({ status: 'handling', unit: UNIT });
  expect(await pulled(second)).toMatchObject({ status: 'to_callback' });
});

test('of two who merge a ticket under different 母单 the second is told who was first', async () => {
  const [one, other, child] = (await newTickets(3)) as [TicketId, TicketId, TicketId];
  const [dispatcher, lead] = [await seat('dispatcher1'), await seat('lead1')];
  const answers = await Promise.all([
    act(dispatcher, child, 'to_dispatch', mergeUnder(one), '同一处', 1),
    act(lead, child, 'to_dispatch', mergeUnder(other), '同一处', 1),
  ]);
  const [mine, theirs] = answers;
  const isFirst = mine?.code === 'applied';
  expect((isFirst ? theirs : mine)?.reason).toBe(`STATUS_CHANGED:merged/merge/${isFirst ? '郑国梁' : '顾若兰'}`);
  expect((await pulled(child)).link).toMatchObject({ parentUid: isFirst ? one : other, state: 'merged' });
});

test('two who merge two tickets into each other end with one 母单', async () => {
  const [one, other] = (await newTickets(2)) as [TicketId, TicketId];
  const [dispatcher, lead] = [await seat('dispatcher1'), await seat('lead1')];
  const answers = await Promise.all([
    act(dispatcher, one, 'to_dispatch', mergeUnder(other)),
    act(lead, other, 'to_dispatch', mergeUnder(one)),
  ]);
  const refused = answers.filter(({ code }) => code === 'rejected');
  expect(refused).toHaveLength(1);
  expect(['PARENT_IS_CHILD', 'HAS_CHILDREN']).toContain(refused[0]?.reason);
  const links = [await pulled(one), await pulled(other)].filter(({ link }) => link !== null);
  expect(links).toHaveLength(1);
});

test('whoever comes under a 母单 while its unit answers is answered with the others, or told that it is too late', async () => {
  for (let round = 0; round < 8; round++) {
    const [mother, child] = (await newTickets(2)) as [TicketId, TicketId];
    await workOn(mother);
    const [dispatcher, unit] = [await seat('dispatcher1'), await seat('unit1')];
    const [merge] = await Promise.all([
      act(dispatcher, child, 'to_dispatch', mergeUnder(mother)),
      act(unit, mother, 'handling', SAMPLE_ACTS.reply, '已疏通。'),
    ]);
    const { status, replies } = await pulled(child);
    if (merge?.code === 'rejected') {
      expect([merge.reason, status]).toEqual(['PARENT_NOT_OPEN', 'to_dispatch']);
    } else expect([status, replies.length]).toEqual(['to_callback', 1]);
  }
});

test('a proposal that was refused meanwhile is not agreed with', async () => {
  const [mother, child] = (await newTickets(2)) as [TicketId, TicketId];
  const [agent, dispatcher, lead] = [await seat('agent1'), await seat('dispatcher1'), await seat('lead1')];
  const event = () => newId<EventId>(systemClock.now());
  await agent.pushOne({
    kind: 'ticket.link',
    uid: child,
    args: { eventId: event(), parentUid: mother, reason: '' },
  });
  await lead.pushOne({ kind: 'ticket.unlink', uid: child, args: { eventId: event(), reason: '不是同一处' } });
  expect(await act(dispatcher, child, 'to_dispatch', mergeUnder(mother, true))).toMatchObject({
    code: 'rejected',
    reason: 'PROPOSAL_CHANGED',
  });
  expect((await pulled(child)).events.find(({ kind }) => kind === 'unlinked')?.text).toBe('不是同一处');
});

const NAME = '欧阳晓鹭';
const PHONE = '13951998123';

/** A 母单 of somebody known by name and number, and tickets of others under it. */
async function newCluster(
  confidential: boolean,
  count: number,
  phone = PHONE,
): Promise<readonly [TicketId, readonly TicketId[]]> {
  const caller = { ...ticketFields().caller, name: NAME, phone, confidential };
  const body = createTicketBody({ title: '中央路260号污水漫溢', categoryCode: '020401', caller });
  await (await seat('agent1')).pushOne(body);
  const others = await newTickets(count);
  await workOn(body.uid);
  const dispatcher = await seat('dispatcher1');
  for (const uid of others) await act(dispatcher, uid, 'to_dispatch', mergeUnder(body.uid));
  return [body.uid, others];
}

test('the answer to a secret caller reaches those under the 母单 without them, whoever pulls it', async () => {
  const [mother, [child]] = await newCluster(true, 1);
  if (!child) throw new Error('nobody under it');
  await act(await seat('unit1'), mother, 'handling', SAMPLE_ACTS.reply, `${NAME}（139 5199 8123）反映的井已疏通。`);
  const { replies, events } = await pulled(child);
  expect(replies.map(({ text }) => text)).toEqual(['***（***）反映的井已疏通。']);
  expect(JSON.stringify(events)).not.toContain(NAME);
});

test('who is erased is gone from the tickets of others that stand beside theirs, also where an older server told of them', async () => {
  const theirPhone = ticketFields().caller.phone;
  const [mother, [child, gone, grand]] = await newCluster(false, 3, theirPhone);
  if (!child || !gone || !grand) throw new Error('nobody under it');
  const [unit, lead] = [await seat('unit1'), await seat('lead1')];
  const phone = (await pulled(gone)).fields.caller.phone;
  await act(lead, gone, 'merged', { action: 'unmerge', parentNo: '' }, `${phone}另报`);
  await act(unit, mother, 'handling', SAMPLE_ACTS.reply, '已疏通。');
  const plain = `${NAME}，${theirPhone}：已疏通。`;
  // As it was passed on word for word.
  await server.query("UPDATE ticket_events SET body = $2 WHERE ticket_uid = $1 AND kind = 'reply'", [child, plain]);
  await server.query(
    "UPDATE tickets SET doc = jsonb_set(doc::jsonb, '{replies,0,text}', to_jsonb($2::text))::json WHERE uid = $1",
    [child, plain],
  );
  await server.query("UPDATE ticket_events SET body = body || $2 WHERE ticket_uid = $1 AND kind = 'child_split'", [
    mother,
    phone,
  ]);
  const before = await pulled(child);
  const by = (number: string) => ({ centre: '320100', by: { phone: number }, reason: '2026-17', doneBy: '数据保护员' });
  const now = systemClock.now();
  expect(await erasePerson(server.services.pool, by(theirPhone), now)).toMatchObject({ citizens: 0, tickets: 1 });
  const after = await pulled(child);
  expect(after.version).toBe(before.version + 1);
  expect(after.replies.map(({ text }) => text)).toEqual(['***，***：已疏通。']);
  expect(JSON.stringify(after)).not.toMatch(new RegExp(`${NAME}|${theirPhone}`));
  // Whose ticket it is stays, and so does everything that told nothing.
  expect(after.fields).toEqual(before.fields);
  expect((await pulled(grand)).replies.map(({ text }) => text)).toEqual(['已疏通。']);

  const numberOf = (ticket: Ticket) =>
    ticket.events.find(({ kind }) => kind === 'child_split')?.text.split(' ')[0] ?? '';
  const shown = numberOf(await pulled(mother));
  expect(await erasePerson(server.services.pool, by(phone), now)).toMatchObject({ tickets: 1 });
  const noted = await pulled(mother);
  expect(JSON.stringify(noted)).not.toContain(phone);
  expect(numberOf(noted)).toBe(shown);
});
