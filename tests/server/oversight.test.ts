import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#shared/domain/clock/beijing-day.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { announcementsOf, measuresOf, openOrdersOf, ordersOf, reviewsOf } from '#shared/domain/overlay/oversight.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { OpResult } from '#shared/sync/wire.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, pullTicket, TestConsole } from '#tests/support/test-console.ts';

const STREET = '玄武区孝陵卫街道办事处';
const HEALTH = '南京市卫健委';

let server: TestServer;
const clock = createManualClock();
const ACCOUNTS = [
  { account: 'agent1', seat: '1001' },
  { account: 'dispatcher1', role: 'dispatcher', seat: '2001' },
  { account: 'supervisor1', role: 'supervisor', seat: '6001', name: '田野' },
  { account: 'lead1', role: 'lead', seat: '6002', name: '顾若兰' },
  { account: 'revisit1', role: 'revisit', seat: '3001' },
  { account: 'street', role: 'unit', name: STREET },
  { account: 'health', role: 'unit', name: HEALTH },
] as const;

beforeAll(async () => {
  server = await startTestServer({ clock });
  for (const account of ACCOUNTS) await server.addAccount({ ...account });
});
afterAll(() => server.stop());

const seat = (account: (typeof ACCOUNTS)[number]['account']) => new TestConsole(server.url).signIn(account);
type Name = Parameters<typeof seat>[0];

async function newTicket(fields: Parameters<typeof createTicketBody>[0]): Promise<TicketId> {
  const body = createTicketBody(fields);
  await (await seat('agent1')).pushOne(body);
  return body.uid;
}

/** The ticket as any console of its line pulls it. */
const pulled = async (uid: string) => pullTicket(await seat('agent1'), uid);

async function act(
  who: Name,
  uid: TicketId,
  from: TicketStatus,
  what: TicketAct,
  words = '情况属实',
): Promise<OpResult> {
  const args = { eventId: newId<EventId>(clock.now()), from, act: what, words };
  const baseVersion = (await pulled(uid)).version;
  return (await seat(who)).pushOne({ kind: 'ticket.act', uid, args }, { baseVersion });
}

async function lay(
  who: Name,
  uid: TicketId,
  step: OverlayStep,
  words: string,
): Promise<OpResult & { readonly id: EventId }> {
  const id = newId<EventId>(clock.now());
  const console = await seat(who);
  return { id, ...(await console.pushOne({ kind: 'ticket.overlay', uid, args: { eventId: id, step, words } })) };
}

const order = (level: 'province' | 'city' | 'district', unit: string, days: number): OverlayStep => ({
  step: 'order',
  source: { kind: 'supervision', level },
  unit,
  limit: { value: days, unit: 'workday' },
});

const taken = expect.stringMatching(/^(applied|merged)$/);

test('倾斜松树: 省 → 市 → 街道 督办, the street acts first, 消险 on the next day, 确权 later, and only then closed', async () => {
  const uid = await newTicket({
    title: '路边松树倾斜',
    content: '松树向人行道倾斜，怕倒下来砸到人。',
    urgency: 'urgent',
  });
  expect(
    await act('dispatcher1', uid, 'to_dispatch', { ...dispatchTo(STREET), basis: 'acting' } as TicketAct),
  ).toMatchObject({
    code: 'applied',
  });
  const marked = await pulled(uid);
  expect(marked).toMatchObject({
    status: 'to_sign',
    unit: STREET,
    handling: { ownership: { unit: STREET, owner: null } },
  });
  expect(marked.clocks?.orders).toMatchObject([{ id: 'make_safe' }]);

  const chain = [
    await lay('supervisor1', uid, order('province', '南京市热线中心', 3), '请南京中心核实办理'),
    await lay('supervisor1', uid, order('city', '玄武区', 2), '请玄武区牵头'),
    await lay('supervisor1', uid, order('district', STREET, 1), '请街道当日到场'),
  ];
  expect(chain.map(({ code }) => code)).toEqual([taken, taken, taken]);
  const supervised = await pulled(uid);
  // Nothing behind the orders has moved.
  const behind = ({ status, unit, clocks }: Ticket) => [status, unit, clocks?.stage, clocks?.run, clocks?.close];
  expect(behind(supervised)).toEqual(behind(marked));
  expect(openOrdersOf(supervised.events).map(({ run }) => run.dueAt)).toEqual(
    openOrdersOf(supervised.events)
      .map(({ run }) => run.dueAt)
      .toSorted((a, b) => b - a),
  );

  await act('street', uid, 'to_sign', SAMPLE_ACTS.sign);
  clock.advance(DAY_MS - 2 * HOUR_MS);
  expect(await lay('dispatcher1', uid, { step: 'made_safe', at: clock.now() }, '已锯除倾斜主干')).toMatchObject({
    code: taken,
  });
  const safe = await pulled(uid);
  expect(safe.clocks?.orders.map(({ id }) => id)).not.toContain('make_safe');
  for (const { id } of chain) {
    expect(await lay('supervisor1', uid, { step: 'progress', ref: id }, '险情已消除')).toMatchObject({ code: taken });
  }
  await act('street', uid, 'handling', SAMPLE_ACTS.reply, '险情已消除。');

  // Answered, and the citizen content: whose the tree is has still to be settled.
  expect(await act('revisit1', uid, 'to_callback', SAMPLE_ACTS.close, '满意，来得很快')).toMatchObject({
    code: 'applied',
  });
  const called = await pulled(uid);
  expect(called).toMatchObject({ status: 'to_callback', closedAt: null, handling: { callback: { solved: true } } });
  expect(called.events.at(-1)).toMatchObject({ text: '满意，来得很快', to: 'to_callback' });
  clock.advance(20 * DAY_MS);
  const review = {
    step: 'review' as const,
    review: { members: ['政务办', '编办', '司法局'], heldAt: clock.now(), decision: '查建设档案定权属', owner: null },
  };
  expect(await lay('lead1', uid, review, '园林、街道、物业各说明了情况')).toMatchObject({ code: taken });
  expect(await lay('lead1', uid, { step: 'owned', owner: '玄武区园林所' }, '档案载明由园林所栽种')).toMatchObject({
    code: taken,
  });
  const measure: OverlayStep = { step: 'measure', unit: '玄武区园林所', dueAt: clock.now() + 30 * DAY_MS };
  const followUp = await lay('lead1', uid, measure, '排查同一路段行道树');
  expect(await lay('lead1', uid, { step: 'measure_done', ref: followUp.id }, '')).toMatchObject({ code: taken });
  for (const { id } of chain) await lay('supervisor1', uid, { step: 'finish', ref: id }, '已确权，结案');
  expect(await act('revisit1', uid, 'to_callback', SAMPLE_ACTS.close, '满意')).toMatchObject({ code: 'applied' });

  const ticket = await pulled(uid);
  expect(ticket).toMatchObject({
    status: 'closed',
    unit: STREET,
    handling: { ownership: { unit: STREET, owner: { unit: '玄武区园林所' } } },
  });
  expect(ordersOf(ticket.events).map(({ log, done }) => [log.length, done?.text])).toEqual(
    chain.map(() => [1, '已确权，结案']),
  );
  expect(reviewsOf(ticket.events)).toMatchObject([{ review: { members: ['政务办', '编办', '司法局'] } }]);
  expect(measuresOf(ticket.events)).toMatchObject([{ unit: '玄武区园林所', done: { byName: '顾若兰' } }]);
});

test('霍乱疫苗: on account with two 批示, each with its own time, milestones and end; then resumed, answered, called back and closed', async () => {
  const uid = await newTicket({ title: '出境需接种霍乱疫苗', content: '本地没有接种点，出国劳务人员打不上。' });
  await act('dispatcher1', uid, 'to_dispatch', dispatchTo(HEALTH));
  await act('health', uid, 'to_sign', SAMPLE_ACTS.sign);
  const gap = { ...SAMPLE_ACTS.put_on_account, cause: 'capability' } as const;
  await act('dispatcher1', uid, 'handling', gap, '本地没有接种资质，需培训和采购');
  const paused = await pulled(uid);
  expect(paused.handling?.account).toMatchObject({ cause: 'capability' });
  const instruction = (text: string): Promise<OpResult & { readonly id: EventId }> =>
    lay(
      'lead1',
      uid,
      {
        step: 'order',
        source: { kind: 'instruction', author: '市长 方某某', writtenAt: clock.now() },
        unit: HEALTH,
        limit: { value: 10, unit: 'workday' },
      },
      text,
    );
  const first = await instruction('请卫健委研究，尽快打通。');
  clock.advance(3 * DAY_MS);
  const second = await instruction('抓紧培训，办好后向市民公布。');
  const reached: number[] = [];
  for (const [ref, milestone] of [
    [first.id, '完成接种人员培训'],
    [second.id, '首批开打'],
  ] as const) {
    clock.advance(DAY_MS);
    reached.push(clock.now());
    const step = { step: 'progress', ref, milestoneAt: clock.now() } as const;
    expect(await lay('dispatcher1', uid, step, milestone)).toMatchObject({ code: taken });
  }
  const progress = { step: 'progress', ref: second.id } as const;
  expect(await lay('dispatcher1', uid, progress, '接种点已确定')).toMatchObject({ code: taken });
  // A day that is still to come is no milestone that was reached.
  const early = { ...progress, milestoneAt: clock.now() + 9 * DAY_MS };
  expect(await lay('dispatcher1', uid, early, '第二批疫苗到货')).toMatchObject({ code: taken });
  reached.push(clock.now());
  // A dispatcher writes progress; who wanted it done, or a lead, ends it.
  expect(await lay('dispatcher1', uid, { step: 'finish', ref: first.id }, '办结')).toMatchObject({
    reason: 'FORBIDDEN',
  });
  expect(await lay('supervisor1', uid, { step: 'finish', ref: first.id }, '培训完成')).toMatchObject({ code: taken });

  const ticket = await pulled(uid);
  expect(ticket.status).toBe('on_account');
  expect(ticket.clocks?.pausedSince).toBe(paused.clocks?.pausedSince);
  expect(ordersOf(ticket.events).map(({ log, done }) => [log.map(({ text }) => text), done?.byName ?? null])).toEqual([
    [['完成接种人员培训'], '田野'],
    [['首批开打', '接种点已确定', '第二批疫苗到货'], null],
  ]);
  const milestones = ordersOf(ticket.events).flatMap(({ log }) => log.map(({ milestoneAt }) => milestoneAt));
  expect(milestones).toEqual([reached[0], reached[1], null, reached[2]]);
  expect(ticket.clocks?.orders.map(({ id }) => id)).toEqual([second.id]);

  // What can be done here now is told the public, through which channel and when; not later than it is written down.
  const announced = { step: 'announced', at: clock.now() + HOUR_MS, where: '市政府网站' } as const;
  expect(await lay('dispatcher1', uid, announced, '8月5日起市疾控中心门诊可接种霍乱疫苗')).toMatchObject({
    code: taken,
  });
  expect(announcementsOf((await pulled(uid)).events)).toMatchObject([
    { where: '市政府网站', toldAt: clock.now(), text: '8月5日起市疾控中心门诊可接种霍乱疫苗' },
  ]);

  // What could not be done here is done: the ticket goes on with what was left of its limit, and ends like any other.
  expect(await act('dispatcher1', uid, 'on_account', SAMPLE_ACTS.resume)).toMatchObject({ code: taken });
  const resumed = await pulled(uid);
  expect(resumed).toMatchObject({ status: 'handling', unit: HEALTH, handling: { account: null } });
  expect(resumed.clocks).toMatchObject({ pausedSince: null, stage: 'handle' });
  expect(resumed.clocks?.close.dueAt).toBeGreaterThan(paused.clocks?.close.dueAt ?? Number.POSITIVE_INFINITY);
  clock.advance(HOUR_MS);
  const answer = '市疾控中心门诊已可接种霍乱疫苗，请携带身份证预约。';
  expect(await act('health', uid, 'handling', SAMPLE_ACTS.reply, answer)).toMatchObject({ code: taken });
  expect(await lay('supervisor1', uid, { step: 'finish', ref: second.id }, '已开打并公布')).toMatchObject({
    code: taken,
  });
  expect((await pulled(uid)).status).toBe('to_callback');
  clock.advance(DAY_MS);
  expect(await act('revisit1', uid, 'to_callback', SAMPLE_ACTS.close, '已打上疫苗，满意')).toMatchObject({
    code: taken,
  });
  const closed = await pulled(uid);
  expect(closed).toMatchObject({
    status: 'closed',
    replies: [{ unit: HEALTH, text: answer }],
    handling: { callback: { reached: true, solved: true, satisfied: true } },
  });
  expect(openOrdersOf(closed.events)).toEqual([]);
  // 挂账 does not count: answered within its limit.
  expect(closed.clocks?.metAt).toBeLessThan(closed.clocks?.close.dueAt ?? 0);
  expect(closed.clocks).toMatchObject({ stage: 'done', shown: null });
});

test('two who end one order at the same time end it once; an operation sent twice is there once', async () => {
  const uid = await newTicket({ title: '路灯不亮' });
  const { id: ref } = await lay('lead1', uid, order('city', STREET, 1), '请抓紧');
  const both = await Promise.all(
    (['lead1', 'supervisor1'] as const).map((who) => lay(who, uid, { step: 'finish', ref }, `${who} 办结`)),
  );
  expect(both.map(({ reason }) => reason ?? null).sort()).toEqual([null, 'OVERLAY_DONE'].sort());
  const ticket = await pulled(uid);
  expect(ticket.events.filter(({ overlay }) => overlay?.step === 'finish')).toHaveLength(1);
  expect(openOrdersOf(ticket.events)).toEqual([]);
});

test('who may not read the line finds no ticket, and an agent lays nothing over one', async () => {
  const uid = await newTicket({ title: '举报', line: '12345' });
  expect(await lay('agent1', uid, order('city', STREET, 1), '请抓紧')).toMatchObject({ reason: 'FORBIDDEN' });
  expect(await lay('street', uid, { step: 'made_safe', at: clock.now() }, '')).toMatchObject({ reason: 'NOT_FOUND' });
});

test('a 督办 on a ticket that was merged since is still written on and ended, and leaves the queue; none is begun there', async () => {
  const [mother, uid] = [await newTicket({ title: '污水漫溢' }), await newTicket({ title: '污水又漫' })];
  const { id } = await lay('supervisor1', uid, order('city', STREET, 1), '请当日到场');
  const merge = { action: 'merge', parentUid: mother, parentNo: '', asProposed: false } as const;
  expect(await act('dispatcher1', uid, 'to_dispatch', merge)).toMatchObject({ code: taken });
  expect(openOrdersOf((await pulled(uid)).events)).toHaveLength(1);
  expect(await lay('supervisor1', uid, order('city', STREET, 1), '再催')).toMatchObject({ reason: 'OVERLAY_STATE' });
  expect(await lay('dispatcher1', uid, { step: 'progress', ref: id }, '随母单办理')).toMatchObject({ code: taken });
  expect(await lay('supervisor1', uid, { step: 'finish', ref: id }, '已办结')).toMatchObject({ code: taken });
  const ticket = await pulled(uid);
  expect(openOrdersOf(ticket.events)).toEqual([]);
  expect(ticket).toMatchObject({ status: 'merged', clocks: { orders: [] } });
});
