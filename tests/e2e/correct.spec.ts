import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { AGENT, expect, setAgentRole, startOnline, test } from './world.ts';

/** Tickets of this test as the server holds them. */
function readTickets(world: Bootstrap) {
  return world.sql<{ title: string; provisional: string; form: { id: string; data: Record<string, unknown> } }>(`
    SELECT doc->'fields'->>'title' AS title, provisional_no AS provisional, doc->'fields'->'form' AS form
    FROM tickets WHERE number > ${SMALL_CENTRE.tickets} ORDER BY number`);
}

test('a refused ticket is opened again with its form, survives kill -9 half corrected, and takes the place of what was refused', async ({
  world,
}) => {
  const seat = await startOnline(world);
  await setAgentRole(world, 'quality');
  await seat.page.keyboard.press('Control+n');
  await seat.write({ type: 'complaint', category: '拖欠', title: '工资没有发', content: '工地拖欠工资。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004731');
  await seat.get(TEST_IDS.formField('employer')).fill('金陵第八建筑公司');
  await seat.get(TEST_IDS.formField('people')).fill('37');
  await seat.get(TEST_IDS.formField('total')).fill('186400');
  await seat.submit();
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');
  await setAgentRole(world, 'agent');

  await seat.page.keyboard.press('Alt+5');
  await expect(seat.get(TEST_IDS.outboxRefused)).toContainText('工资没有发');
  await seat.page.keyboard.press('Alt+m');
  await expect(seat.get(TEST_IDS.intakeCorrects)).toContainText('没有权限做这项操作');
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('工资没有发');
  await expect(seat.get(TEST_IDS.formField('employer'))).toHaveValue('金陵第八建筑公司');
  await seat.get(TEST_IDS.intakeTitle).fill('工资没有发，已改');
  await seat.waitUntilSaved();
  // The refused operation is still there, and is not sent as it was while it is being corrected.
  await seat.page.keyboard.press('Alt+5');
  await expect(seat.get(TEST_IDS.outboxCorrect)).toContainText('继续更正');
  await expect(seat.get(TEST_IDS.outboxRedo)).toHaveCount(0);
  await world.killApp();

  await world.startApp();
  const again = world.seat;
  await again.startShift(AGENT.account, AGENT.password);
  await expect(again.get(TEST_IDS.intakeTitle)).toHaveValue('工资没有发，已改');
  await expect(again.get(TEST_IDS.intakeCorrects)).toBeVisible();
  await expect(again.get(TEST_IDS.statusAttention)).toContainText('1');
  await again.submit();
  await expect.poll(async () => (await readTickets(world)).map(({ title }) => title)).toEqual(['工资没有发，已改']);
  await again.waitForOutbox(0);
  await expect(again.get(TEST_IDS.statusAttention)).toHaveCount(0);
  const [ticket] = await readTickets(world);
  expect(ticket?.form).toMatchObject({ id: 'wage-arrears', data: { employer: '金陵第八建筑公司', people: 37 } });
  expect(ticket?.provisional).toContain('-001');
});

test('a refused ticket says so in every list, with the reason and the way to correct it beside it, and all counts agree', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await setAgentRole(world, 'quality');
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '路灯坏了三天', content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004741');
  await seat.submit();
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');
  await setAgentRole(world, 'agent');

  const count = async (testId: string) => Number(/\d+/.exec((await seat.get(testId).textContent()) ?? '')?.[0]);
  await page.keyboard.press('Alt+5');
  await expect(seat.get(TEST_IDS.outboxTable)).toHaveAttribute('aria-rowcount', '2');
  expect(await count(TEST_IDS.statusOutbox)).toBe(1);
  expect(await count(TEST_IDS.nav('outbox'))).toBe(1);
  const onComputer = await count(TEST_IDS.statusScope);

  await page.keyboard.press('Alt+2');
  const row = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '路灯坏了三天' });
  await expect(row).toContainText('被退回');
  await expect(row).not.toContainText('待受理');
  await expect(row.getByTitle('没有权限做这项操作', { exact: false }).first()).toBeVisible();
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await expect(row).toContainText('被退回');
  await expect(seat.get(TEST_IDS.ticketTable)).toHaveAttribute('aria-rowcount', String(onComputer + 1));
  const results = await seat.search('路灯坏了三天');
  await expect(results.getByRole('option')).toContainText('被退回');

  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.ticketStatus)).toContainText('被退回');
  await expect(seat.get(TEST_IDS.ticketPending)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.outboxRefused)).toContainText('没有权限做这项操作');
  await page.keyboard.press('Alt+m');
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('路灯坏了三天');
  await seat.submit();
  await expect.poll(async () => (await readTickets(world)).length).toBe(1);
  await seat.waitForOutbox(0);
  await page.keyboard.press('Alt+2');
  await expect(row).not.toContainText('被退回');
});
