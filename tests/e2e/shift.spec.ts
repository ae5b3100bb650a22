import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { AGENT, expect, restoreOlderServer, setAgentRole, startOnline, test } from './world.ts';

/** Tickets of this test as the server holds them, oldest first. */
function readTickets(world: Bootstrap) {
  return world.sql<{
    number: string;
    status: string;
    phone: string;
    title: string;
    content: string;
    answer: string | null;
    offline: boolean;
    provisional: string;
    answered: boolean;
    events: string[];
  }>(`
    SELECT number, status, caller_phone AS phone, provisional_no AS provisional,
      doc->'fields'->>'title' AS title, doc->'fields'->>'content' AS content, doc->'fields'->>'answer' AS answer,
      (doc->>'madeOffline')::boolean AS offline, doc->'fields'->'call'->>'answeredAt' IS NOT NULL AS answered,
      ARRAY(SELECT kind FROM ticket_events e WHERE e.ticket_uid = t.uid ORDER BY version, position) AS events
    FROM tickets t WHERE number > ${SMALL_CENTRE.tickets} ORDER BY number`);
}

/** Waits until the server holds so many tickets of this test and the console knows that it does. */
async function waitForTickets(world: Bootstrap, count: number) {
  await waitFor(`the server has ${count} tickets`, async () => (await readTickets(world)).length >= count, 60_000);
  await world.seat.waitForOutbox(0);
  return readTickets(world);
}

test('the demo shift: a call becomes a ticket with a number, and the second call knows the first', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();

  await seat.ring('138 0000 4711', '测试来电人');
  await expect(seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4711');
  await seat.answer();
  await seat.write({
    type: 'complaint',
    category: '噪声',
    title: '夜间施工噪声扰民',
    content: '小区东侧工地夜里十一点后仍在施工。',
    originalWords: '吵得睡不着',
    callerName: '赵先生',
    address: '东门外工地',
  });
  await seat.submit();
  await seat.hangUp();
  await seat.finishWrapUp();
  await seat.waitForConnection('online');

  const [ticket, ...others] = await waitForTickets(world, 1);
  expect(others).toEqual([]);
  expect(ticket).toMatchObject({
    status: 'to_dispatch',
    phone: '13800004711',
    title: '夜间施工噪声扰民',
    content: '小区东侧工地夜里十一点后仍在施工。',
    offline: false,
    answered: true,
  });
  expect(ticket?.events).toContain('created');

  await seat.ring('+86 138-0000-4711');
  await expect(seat.get(TEST_IDS.citizenPanel)).toContainText('夜间施工噪声扰民');
  await expect(seat.get(TEST_IDS.callName)).toHaveText('赵先生');
  await seat.answer();
  await seat.write({ type: 'consult', content: '询问上次反映的噪声何时处理。' });
  await seat.answerDirectly('已转办，承办单位将在时限内回复。');
  expect((await waitForTickets(world, 2))[1]).toMatchObject({
    status: 'closed_direct',
    answer: '已转办，承办单位将在时限内回复。',
    answered: true,
  });
});

test('the server is stopped in the middle of a shift: work goes on and arrives exactly once', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.waitForConnection('online');
  await world.stopServer();

  await seat.ring('13800004712');
  await seat.answer();
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '整条路的路灯三天没亮。' });
  await seat.submit();
  const madeLast = seat.get(TEST_IDS.intakeSubmitted);
  await expect(madeLast).toHaveAttribute('title', /路灯不亮/);
  await seat.hangUp();
  await seat.finishWrapUp();
  await seat.waitForConnection('offline');
  await seat.ring('13800004713');
  // The next caller's form is about somebody else.
  await expect(madeLast).toBeHidden();
  await seat.answer();
  await seat.write({ type: 'consult', content: '医保异地备案怎么办' });
  await seat.answerDirectly('可在手机端办理，也可到窗口。');
  await waitFor('both tickets wait', async () => (await seat.outboxCount()) >= 2);
  await expect(madeLast).toContainText('暂编号');

  await world.startServer();
  await seat.waitForConnection('online', 60_000);
  const tickets = await waitForTickets(world, 2);
  expect(tickets.map(({ phone, status, answered }) => ({ phone, status, answered }))).toEqual([
    { phone: '13800004712', status: 'to_dispatch', answered: true },
    { phone: '13800004713', status: 'closed_direct', answered: true },
  ]);
  expect(tickets[1]?.offline).toBe(true);
  // The citizen who is still there can be told the number that counts.
  await expect(madeLast).not.toContainText('暂编号');
  await expect(madeLast).toContainText(String(tickets[1]?.number).padStart(8, '0'));

  // The console learned the numbers; the 暂编号 stays searchable.
  await seat.search(tickets[0]?.provisional ?? '');
  await expect(seat.get(TEST_IDS.searchResults)).toContainText('路灯不亮');
});

for (const cut of ['after-server', 'before-server'] as const) {
  test(`a connection cut ${cut === 'after-server' ? 'after' : 'before'} the server committed: exactly one ticket`, async ({
    cutWorld: world,
  }) => {
    await world.startApp();
    const { seat } = world;
    await seat.startShift(AGENT.account, AGENT.password);
    await seat.getReady();
    await seat.waitForConnection('online');
    const wasCut = world.proxy.cutNext('/sync/push', cut);

    await seat.ring('13800004714');
    await seat.answer();
    await seat.write({ type: 'help', category: '路灯', title: '只应有一张', content: '连接在提交时断开。' });
    await seat.submit();
    await wasCut;
    expect(await readTickets(world)).toHaveLength(cut === 'after-server' ? 1 : 0);
    const countPushes = () => world.proxy.passed.filter((path) => path.endsWith('/sync/push')).length;
    await waitFor('the console sends it again', () => countPushes() >= (cut === 'after-server' ? 2 : 1), 60_000);
    const tickets = await waitForTickets(world, 1);
    expect(tickets.map(({ title }) => title)).toEqual(['只应有一张']);
    expect(tickets[0]?.events.filter((kind) => kind === 'created')).toHaveLength(1);
  });
}

test('tickets the server refuses: told why in words; one is sent again, one is given up and its words are a draft again', async ({
  world,
}) => {
  const seat = await startOnline(world);
  await setAgentRole(world, 'quality');
  for (const title of ['权限停用时写的', '写错了不要的']) {
    await seat.page.keyboard.press('Control+n');
    await seat.write({ type: 'help', category: '路灯', title, content: '路灯三天没亮。' });
    await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004721');
    await seat.submit();
  }
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('2');
  await setAgentRole(world, 'agent');

  await seat.page.keyboard.press('Alt+5');
  const panel = seat.get(TEST_IDS.outboxRefused);
  await expect(panel).toContainText('权限停用时写的');
  await expect(panel).toContainText('没有权限做这项操作');
  await expect(seat.get(TEST_IDS.outboxTable)).not.toContainText('FORBIDDEN');
  await seat.page.keyboard.press('Alt+r');
  await expect
    .poll(async () => (await readTickets(world)).map(({ title }) => title), { timeout: 30_000 })
    .toEqual(['权限停用时写的']);
  // The other one is not confirmed either.
  await seat.waitForOutbox(1);

  await expect(panel).toContainText('写错了不要的');
  await seat.page.keyboard.press('Alt+x');
  await expect(seat.get(TEST_IDS.outboxDiscardDialog)).toContainText('退回为草稿');
  await seat.get(TEST_IDS.outboxDiscardConfirm).click();
  await expect(seat.get(TEST_IDS.outboxEmpty)).toBeVisible();
  await seat.page.keyboard.press('Alt+1');
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('写错了不要的');
  expect(await readTickets(world)).toHaveLength(1);
});

test('a server that came back without some tickets: the seat keeps them until a team lead decides at it', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await restoreOlderServer(world, seat);

  await seat.get(TEST_IDS.statusHeld).click();
  await expect(seat.get(TEST_IDS.outboxHeld)).toContainText('1 件工单');
  await seat.get(TEST_IDS.outboxDecide).click();
  await seat.get(`${TEST_IDS.outboxDecideChoices}-delete`).check({ force: true });
  await expectGuarded(seat.get(TEST_IDS.outboxApproverAccount), 40);
  await expectGuarded(seat.get(TEST_IDS.outboxApproverPassword), 200);
  await seat.get(TEST_IDS.outboxApproverAccount).fill(AGENT.account);
  await seat.get(TEST_IDS.outboxApproverPassword).fill(AGENT.password);
  await seat.get(TEST_IDS.outboxDecideConfirm).click();
  await expect(seat.get(TEST_IDS.outboxDecideDialog)).toContainText('没有权限');
  await seat.get(TEST_IDS.outboxApproverAccount).fill('demo2001');
  await seat.get(TEST_IDS.outboxApproverPassword).fill('Demo-12345');
  await seat.get(TEST_IDS.outboxDecideConfirm).click();
  await expect(seat.get(TEST_IDS.outboxHeld)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.statusHeld)).toHaveCount(0);
});
