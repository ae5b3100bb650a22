import path from 'node:path';
import type { Locator } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { type CutProxy, openCutProxy } from '../support/cut-proxy.ts';
import { dispatchTo } from '../support/sample-acts.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import type { UnitClient } from '../support/unit-client.ts';
import { connectUnit } from '../support/unit-of-demo.ts';
import { AGENT, expect, test } from './world.ts';

const UNIT = '玄武区城管局';
const [FIRST, SECOND] = ['林晓雯', '周启明'] as const;
const SCHOOL = '校门口路灯全灭';
const PAVING = '人行道地砖松动';
const RAILING = '河边护栏缺失';
const REPLY = '地砖已重新铺好，已请来电人到场看过。';

/** One ticket to be reviewed, one in the hands of the unit, one that the unit gives back. */
async function makeTickets(world: Bootstrap, unit: UnitClient) {
  const centre = new TestConsole(world.directUrl);
  centre.mode = 'demo';
  await centre.signIn(AGENT.account, AGENT.password);
  const make = async (fields: Partial<TicketFields>): Promise<TicketId> => {
    const body = createTicketBody(fields);
    await centre.pushOne(body);
    return body.uid;
  };
  const dispatch = async (uid: TicketId) => {
    const args = {
      eventId: newId<EventId>(systemClock.now()),
      from: 'to_dispatch' as const,
      act: dispatchTo(UNIT),
      words: '',
    };
    await centre.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000 });
  };
  const [school, paving, railing] = [
    await make({ title: SCHOOL, markers: ['mass'] }),
    await make({ title: PAVING }),
    await make({ title: RAILING }),
  ];
  await dispatch(paving);
  await dispatch(railing);
  expect((await unit.act(paving, 'sign')).status).toBe(200);
  expect((await unit.act(railing, 'return', { reason: '河道归水务部门管护' })).status).toBe(200);
  return { school, paving, railing };
}

/** What the server holds of a ticket: its state, and every decision of its history with who made it. */
async function truthOf(world: Bootstrap, uid: TicketId) {
  const [ticket] = await world.sql<{ status: string }>('SELECT status FROM tickets WHERE uid = $1', [uid]);
  const events = await world.sql<{ doc: string }>(
    `SELECT concat_ws(' ', act ->> 'action', actor_name) AS doc FROM ticket_events WHERE ticket_uid = $1 AND act IS NOT NULL
     ORDER BY version, position`,
    [uid],
  );
  return { status: ticket?.status, decided: events.map(({ doc }) => doc) };
}

/** A 班长 at a console of their own. */
async function startLead(world: Bootstrap, account: string, line: CutProxy, profile: string): Promise<Seat> {
  const profileDir = path.join(world.artifacts, profile);
  const { page } = await world.launch({ profileDir, serverUrl: line.url });
  const seat = new Seat(page);
  await seat.startShift(account, AGENT.password);
  await seat.waitForConnection('online');
  return seat;
}

const rowOf = (seat: Seat, title: string): Locator =>
  seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: title });

/** Opens a queue and puts the cursor on a ticket of it. */
async function goTo(seat: Seat, queue: string, title: string): Promise<void> {
  await seat.page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-${queue}`).check({ force: true });
  await rowOf(seat, title).click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(title);
}

/** Decides by one key of the list, with words where the decision needs them. */
async function decide(seat: Seat, key: string, words = ''): Promise<void> {
  await expect(seat.get(TEST_IDS.ticketTable)).toBeFocused();
  await seat.page.keyboard.press(key);
  if (words !== '') await seat.get(TEST_IDS.decideWords).fill(words);
  await seat.page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
}

/** The network is there again, and the person does not wait for the console to notice. */
async function comeBack(seat: Seat, line: CutProxy): Promise<void> {
  line.comeBack();
  await seat.page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxRetry).click();
  await seat.waitForConnection('online');
}

/** Opens what was refused about a ticket, with what is said about it. */
async function openRefused(seat: Seat, title: string): Promise<Locator> {
  await seat.page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxTable).getByRole('row').filter({ hasText: title }).click();
  const refused = seat.get(TEST_IDS.outboxRefused);
  await expect(refused).toContainText(title);
  return refused;
}

test('two 班长 decide without a network, a unit answers meanwhile, a time runs out: one truth at the server, each told what became of theirs', async ({
  cutWorld: world,
}) => {
  await world.sql(`UPDATE users SET role = 'lead' WHERE account IN ('demo1001', 'demo1002')`);
  const unit = await connectUnit(world, UNIT);
  const { school, paving, railing } = await makeTickets(world, unit);
  const otherLine = await openCutProxy(() => world.directUrl);
  try {
    const [first, second] = await Promise.all([
      startLead(world, AGENT.account, world.proxy, 'first-lead'),
      startLead(world, 'demo1002', otherLine, 'second-lead'),
    ]);
    for (const seat of [first, second]) await goTo(seat, 'returns', RAILING);
    await expect(rowOf(first, RAILING).getByTestId(TEST_IDS.clock)).toContainText('正常');
    world.proxy.goDown();
    otherLine.goDown();
    for (const seat of [first, second]) await seat.waitForConnection('offline');

    // The limit of the 退单 runs out before the eyes of both, without anybody telling them.
    for (const { page } of [first, second]) {
      await page.clock.install();
      await page.clock.fastForward('03:00:00');
    }
    for (const seat of [first, second])
      await expect(rowOf(seat, RAILING).getByTestId(TEST_IDS.clock)).toContainText('超期');
    await decide(first, 'a');
    await decide(second, 'l', '两家都说不归自己，开会定。');
    // Both decide about the school, each in another way.
    await goTo(first, 'review', SCHOOL);
    await decide(first, 'a');
    await goTo(second, 'review', SCHOOL);
    await decide(second, 'r', '供电公司已在抢修，已答复来电人。');
    // One puts on account what the unit answers meanwhile.
    await goTo(first, 'handling', PAVING);
    await decide(first, 'h', '等道路大修一并处理。');
    await expect.poll(() => first.outboxCount()).toBe(3);
    await expect.poll(() => second.outboxCount()).toBe(2);
    expect((await unit.act(paving, 'reply', { text: REPLY })).status).toBe(200);
    // At the centre the time of the 退单 is up as well: it has been waiting there for a month.
    await world.sql(
      `UPDATE tickets SET handling = jsonb_set(handling::jsonb, '{request,at}', to_jsonb($2::bigint))::json WHERE uid = $1`,
      [railing, systemClock.now() - 30 * DAY_MS],
    );
    await world.stopServer();
    await world.startServer();
    await expect.poll(async () => (await truthOf(world, railing)).status, { timeout: 30_000 }).toBe('handling');

    await comeBack(first, world.proxy);
    await expect(first.get(TEST_IDS.statusAttention)).toContainText('2', { timeout: 30_000 });
    await comeBack(second, otherLine);
    await expect(second.get(TEST_IDS.statusAttention)).toContainText('2', { timeout: 30_000 });
    expect(await truthOf(world, school)).toEqual({ status: 'to_dispatch', decided: [`send_to_dispatch ${FIRST}`] });
    expect(await truthOf(world, paving)).toMatchObject({ status: 'to_callback' });
    expect((await truthOf(world, paving)).decided.at(-1)).toBe(`reply ${UNIT}`);
    expect(await truthOf(world, railing)).toMatchObject({ status: 'handling' });

    // The one who came first learns that the unit has answered, and what; there is only one way out, and it is one key.
    const answered = await openRefused(first, PAVING);
    await expect(answered).toContainText(`${UNIT}已先做了“答复”，工单现在是“待回访”`);
    await expect(first.get(TEST_IDS.outboxCompared('action'))).toContainText('挂账');
    await expect(first.get(TEST_IDS.outboxCompared('words'))).toContainText('等道路大修一并处理。');
    await expect(first.get(TEST_IDS.outboxCompared('words'))).toContainText(REPLY);
    await expect(first.get(TEST_IDS.outboxCompared('words'))).toContainText(UNIT);
    await expect(first.get(TEST_IDS.outboxRedo)).toHaveCount(0);
    await first.page.keyboard.press('Alt+x');
    await expect.poll(() => first.outboxCount()).toBe(1);

    // Both learn that the rule has decided about the 退单, and why.
    for (const seat of [first, second]) {
      const ruled = await openRefused(seat, RAILING);
      await expect(ruled).toContainText('系统已先做了“不同意退单”，工单现在是“办理中”');
      await expect(seat.get(TEST_IDS.outboxComparison)).toContainText('退单申请在规定时间内未获答复');
      await expect(seat.get(TEST_IDS.outboxCompared('action'))).toContainText('系统');
      await seat.page.keyboard.press('Alt+x');
    }
    await expect.poll(() => first.outboxCount()).toBe(0);
    await expect.poll(() => second.outboxCount()).toBe(1);

    // The other one learns who was first about the school, and still holds that it is to be refused: one key.
    const refused = await openRefused(second, SCHOOL);
    await expect(refused).toContainText(`${FIRST}已先做了“送派单”，工单现在是“待派单”`);
    await expect(second.get(TEST_IDS.outboxCompared('action'))).toContainText('不予受理');
    await second.page.keyboard.press('Alt+r');
    await expect.poll(() => second.outboxCount(), { timeout: 30_000 }).toBe(0);
    expect(await truthOf(world, school)).toEqual({
      status: 'rejected',
      decided: [`send_to_dispatch ${FIRST}`, `refuse ${SECOND}`],
    });
    // Whoever was overruled sees by whom and why; nothing of either is gone.
    await goTo(first, 'all', SCHOOL);
    const events = first.get(TEST_IDS.ticketEvents);
    for (const part of ['送派单', FIRST, '不予受理', SECOND, '供电公司已在抢修'])
      await expect(events).toContainText(part);
    // What was given up can be read afterwards.
    for (const [seat, titles] of [
      [first, [PAVING, RAILING]],
      [second, [RAILING, SCHOOL]],
    ] as const) {
      await seat.page.keyboard.press('Alt+5');
      await seat.get(`${TEST_IDS.outboxView}-settled`).check({ force: true });
      for (const title of titles) await expect(seat.get(TEST_IDS.outboxSettled)).toContainText(title);
    }
  } finally {
    await otherLine.close();
  }
});
