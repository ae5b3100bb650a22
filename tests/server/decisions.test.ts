import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCalledBack } from '#shared/domain/callback/callback-sampling.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { beijing } from '#tests/support/beijing.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, pullTicket, TestConsole } from '#tests/support/test-console.ts';

const UNIT = '鼓楼区城管局';
const OTHER = '鼓楼区湖南路街道办事处';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001' });
  await server.addAccount({ account: 'dispatcher1', role: 'dispatcher', seat: '2001', name: '王敏' });
  await server.addAccount({ account: 'dispatcher2', role: 'dispatcher', seat: '2002', name: '周启明' });
  await server.addAccount({ account: 'revisit1', role: 'revisit', seat: '3001' });
  await server.addAccount({ account: 'unit1', role: 'unit', name: UNIT });
  await server.addAccount({ account: 'unit2', role: 'unit', name: OTHER });
});
afterAll(() => server.stop());

const seat = (account: string) => new TestConsole(server.url).signIn(account);

/** More than any ticket here has: whoever decides on it has seen everything. */
const SEEN_ALL = 1_000;

/** A decision on a version of the ticket; left out: a version from before every decision. */
function act(console: TestConsole, uid: TicketId, from: TicketStatus, what: TicketAct, words = '情况属实', base = 0) {
  const args = { eventId: newId<EventId>(systemClock.now()), from, act: what, words };
  return console.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: base });
}

async function newTicket(): Promise<TicketId> {
  const body = createTicketBody();
  await (await seat('agent1')).pushOne(body);
  return body.uid;
}

/** The ticket as a console pulls it. */
const pulled = async (uid: string) => pullTicket(await seat('agent1'), uid);

test('of two dispatchers who send a ticket to different units the second is refused, and learns who was first', async () => {
  const uid = await newTicket();
  const [first, second] = [await seat('dispatcher1'), await seat('dispatcher2')];
  const [mine, theirs] = await Promise.all([
    act(first, uid, 'to_dispatch', dispatchTo(UNIT)),
    act(second, uid, 'to_dispatch', dispatchTo(OTHER)),
  ]);
  const isFirst = mine.code !== 'rejected';
  const [taken, refused] = isFirst ? [mine, theirs] : [theirs, mine];
  expect(taken.code).toBe('merged');
  expect(refused).toMatchObject({
    code: 'rejected',
    reason: `STATUS_CHANGED:to_sign/dispatch/${isFirst ? '王敏' : '周启明'}`,
  });
  const ticket = await pulled(uid);
  expect(ticket).toMatchObject({ status: 'to_sign', unit: isFirst ? UNIT : OTHER, version: 2 });
  expect(ticket.events.filter(({ act: decided }) => decided)).toHaveLength(1);
});

test('two who decide the same do it once', async () => {
  const uid = await newTicket();
  const codes = await Promise.all(
    ['dispatcher1', 'dispatcher2'].map(
      async (account) => (await act(await seat(account), uid, 'to_dispatch', dispatchTo(UNIT))).code,
    ),
  );
  expect(codes.sort()).toEqual(['duplicate', 'merged']);
  expect((await pulled(uid)).version).toBe(2);
});

test('a whole way: returned twice, third time to 联席研判, answered, 重办, answered, closed', async () => {
  const uid = await newTicket();
  const [dispatcher, unit, unit2, revisit] = await Promise.all(['dispatcher1', 'unit1', 'unit2', 'revisit1'].map(seat));
  if (!dispatcher || !unit || !unit2 || !revisit) throw new Error('nobody signed in');
  const steps: readonly (readonly [TestConsole, TicketStatus, TicketAct, string?])[] = [
    [dispatcher, 'to_dispatch', dispatchTo(UNIT)],
    [unit, 'to_sign', SAMPLE_ACTS.return, '不属我局管养'],
    [dispatcher, 'return_review', SAMPLE_ACTS.approve_return],
    [dispatcher, 'to_dispatch', dispatchTo(OTHER)],
    [unit2, 'to_sign', SAMPLE_ACTS.sign],
    [unit2, 'handling', SAMPLE_ACTS.return, '产权不在街道'],
    [dispatcher, 'return_review', SAMPLE_ACTS.approve_return],
    [dispatcher, 'to_dispatch', dispatchTo(UNIT, { despiteReturn: true })],
    [unit, 'to_sign', SAMPLE_ACTS.return, '仍不属我局'],
    [dispatcher, 'return_review', SAMPLE_ACTS.joint_review, '权属不清，提请研判'],
    [dispatcher, 'joint_review', { ...SAMPLE_ACTS.assign, unit: UNIT }, '研判会议指定'],
    [unit, 'to_sign', SAMPLE_ACTS.sign],
    [unit, 'handling', SAMPLE_ACTS.ask_extension, '等待材料'],
    [dispatcher, 'extension_review', SAMPLE_ACTS.decide_extension, '同意'],
    [dispatcher, 'handling', SAMPLE_ACTS.put_on_account, '等待改造'],
    [dispatcher, 'on_account', SAMPLE_ACTS.resume],
    [unit, 'handling', SAMPLE_ACTS.reply, '路灯已修复。'],
    [revisit, 'to_callback', SAMPLE_ACTS.redo, '还是没亮'],
    [unit, 'handling', SAMPLE_ACTS.reply, '更换了线路。'],
    [revisit, 'to_callback', SAMPLE_ACTS.close, '亮了'],
  ];
  let seen = 1;
  for (const [who, from, what, words] of steps) {
    const { code, reason, version } = await act(who, uid, from, what, words, seen);
    expect([what.action, code, reason]).toEqual([what.action, 'applied', undefined]);
    seen = version;
  }
  const ticket = await pulled(uid);
  expect(ticket).toMatchObject({
    status: 'closed',
    unit: UNIT,
    replies: [{ text: '路灯已修复。' }, { unit: UNIT, text: '更换了线路。' }],
    handling: {
      returnedBy: [UNIT, OTHER],
      extendedBy: 5,
      request: null,
      account: null,
      callback: { solved: true, satisfied: true },
    },
  });
  expect(ticket.closedAt).not.toBeNull();
  expect(ticket.events.flatMap(({ act: decided }) => decided?.action ?? [])).toEqual(
    steps.map(([, , what]) => what.action),
  );
});

test('what is granted is the request its author saw, not one that the unit made after another answer', async () => {
  const uid = await newTicket();
  const [dispatcher, lead, unit] = await Promise.all(['dispatcher1', 'dispatcher2', 'unit1'].map(seat));
  if (!dispatcher || !lead || !unit) throw new Error('nobody signed in');
  const walk = async (steps: readonly (readonly [TestConsole, TicketStatus, TicketAct])[], from: number) => {
    let seen = from;
    for (const [who, status, what] of steps) ({ version: seen } = await act(who, uid, status, what, '等待材料', seen));
    return seen;
  };
  const asked: TicketAct = { ...SAMPLE_ACTS.ask_extension, days: 2 } as TicketAct;
  const steps = [
    [dispatcher, 'to_dispatch', dispatchTo(UNIT)],
    [unit, 'to_sign', SAMPLE_ACTS.sign],
    [unit, 'handling', asked],
  ] as const;
  const first = await walk(steps, 1);
  await walk(
    [
      [lead, 'extension_review', { action: 'decide_extension', granted: false }],
      [unit, 'handling', { ...asked, days: 10 } as TicketAct],
    ],
    first,
  );
  const late = await act(dispatcher, uid, 'extension_review', SAMPLE_ACTS.decide_extension, '同意两天', first);
  expect(late).toMatchObject({ code: 'rejected' });
  expect(late.reason).toContain('STATUS_CHANGED:extension_review/ask_extension');
  expect((await pulled(uid)).handling).toMatchObject({ extendedBy: null, request: { days: 10 } });
});

test('two attempts made offline arrive as they were made; reached at last, the citizen is not content, and the unit works again', async () => {
  const uid = await newTicket();
  const [dispatcher, unit, revisit] = await Promise.all(['dispatcher1', 'unit1', 'revisit1'].map(seat));
  if (!dispatcher || !unit || !revisit) throw new Error('nobody signed in');
  await act(dispatcher, uid, 'to_dispatch', dispatchTo(UNIT));
  await act(unit, uid, 'to_sign', SAMPLE_ACTS.sign, '', SEEN_ALL);
  const { version } = await act(unit, uid, 'handling', SAMPLE_ACTS.reply, '路灯已修复。', SEEN_ALL);
  // The answer is from before the weekend: nobody calls about one that is not there yet.
  await server.query(
    "UPDATE tickets SET doc = jsonb_set(doc::jsonb, '{replies,0,at}', to_jsonb($2::bigint))::json WHERE uid = $1",
    [uid, beijing('2026-11-20 16:00')],
  );
  const called = [beijing('2026-11-23 10:00'), beijing('2026-11-23 15:00')];
  const ops = called.map((calledAt) => {
    const miss = { action: 'miss_callback' as const, calledAt, agreedAt: null };
    const args = { eventId: newId<EventId>(systemClock.now()), from: 'to_callback' as const, act: miss, words: '' };
    return revisit.op({ kind: 'ticket.act', uid, args }, { baseVersion: version });
  });
  const { results } = await revisit.push(ops);
  expect(results.map(({ code }) => code)).toEqual(['applied', 'merged']);
  expect((await pulled(uid)).handling).toMatchObject({
    attempts: called.map((at) => ({ at })),
    nextCall: { from: beijing('2026-11-23 18:30') },
  });
  const callback = { reached: true, solved: false, satisfied: false, cause: 'slow', unsolvedCause: 'partly' } as const;
  await act(revisit, uid, 'to_callback', { action: 'redo', callback }, '只亮了一盏', version + 2);
  const redone = await pulled(uid);
  expect(redone).toMatchObject({ status: 'handling', unit: UNIT, handling: { round: 2, callback } });
  expect(redone.events.find(({ act: done }) => done?.action === 'redo')?.text).toBe('只亮了一盏');
});

test('of answered 咨询 the server calls back those it draws by their id, and closes the others', async () => {
  const [agent, dispatcher, unit] = await Promise.all(['agent1', 'dispatcher1', 'unit1'].map(seat));
  if (!agent || !dispatcher || !unit) throw new Error('nobody signed in');
  const made = Array.from({ length: 12 }, () => createTicketBody({ type: 'consult' }));
  for (const body of made) {
    await agent.pushOne(body);
    await act(dispatcher, body.uid, 'to_dispatch', dispatchTo(UNIT));
    await act(unit, body.uid, 'to_sign', SAMPLE_ACTS.sign, '', SEEN_ALL);
    await act(unit, body.uid, 'handling', SAMPLE_ACTS.reply, '可以网上办理。', SEEN_ALL);
  }
  const rows = await server.query<{ uid: string; status: string; closed_at: number | null }>(
    'SELECT uid, status, closed_at FROM tickets WHERE uid = ANY($1::uuid[])',
    [made.map(({ uid }) => uid)],
  );
  for (const { uid, status, closed_at } of rows) {
    const isDrawn = isCalledBack({ uid, type: 'consult', markers: [], signs: [] }, shippedCallbackRules());
    expect([status, closed_at !== null]).toEqual(isDrawn ? ['to_callback', false] : ['closed', true]);
  }
});

test('the words of a ticket that a decision has passed on are not changed any more, also in one batch', async () => {
  const uid = await newTicket();
  const lead = await seat('dispatcher1');
  const time = systemClock.now();
  const decision = {
    kind: 'ticket.act' as const,
    uid,
    args: { eventId: newId<EventId>(time), from: 'to_dispatch' as const, act: dispatchTo(UNIT), words: '' },
  };
  const amendment = {
    kind: 'ticket.amend' as const,
    uid,
    args: { eventId: newId<EventId>(time), changes: { title: { from: '路灯不亮', to: '路灯坏了' } }, reason: '' },
  };
  const { results } = await lead.push([lead.op(decision), lead.op(amendment)]);
  expect(results.map(({ reason }) => reason)).toEqual([undefined, 'TICKET_PASSED_ON']);
  expect(await pulled(uid)).toMatchObject({ status: 'to_sign', fields: { title: '路灯不亮' } });
});

test('a ticket corrected to 紧急 before its dispatch is stored and pulled with the limits of an urgent one', async () => {
  const uid = await newTicket();
  const lead = await seat('dispatcher1');
  const urgency = { from: 'normal' as const, to: 'urgent' as const };
  const args = { eventId: newId<EventId>(systemClock.now()), changes: { urgency }, reason: '井盖缺失' };
  expect(await lead.pushOne({ kind: 'ticket.amend', uid, args })).toMatchObject({ code: 'merged' });
  const { clocks, dueAt, acceptedAt } = await pulled(uid);
  expect(clocks).toMatchObject({ preset: 'urgent-2h', run: { dueAt: (acceptedAt ?? 0) + 5 * 60_000 } });
  expect(dueAt).toBe(clocks?.close.dueAt);
});
