import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerDrawn, signInDemo } from '../support/checks.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { AGENT, expect, setAgentRole, startOnline, test } from './world.ts';

/** Title and category of what waits to be dispatched, the last one the newest. */
const WAITING = [
  ['东门路灯不亮', '020201'],
  ['夜间施工噪声', '080101'],
  ['西门路灯不亮', '020201'],
] as const;

async function makeTickets(world: Bootstrap): Promise<void> {
  const agent = new TestConsole(world.serverUrl ?? '');
  agent.mode = 'demo';
  await agent.signIn('demo2001', 'Demo-12345');
  for (const [title, categoryCode] of WAITING) await agent.pushOne(createTicketBody({ title, categoryCode }));
}

const titles = (seat: Seat) => seat.get(TEST_IDS.ticketTable).locator('[role="row"][data-testid]');

test('without a network a queue is narrowed and put in order by keys, kept as a view, and opened again after the next start', async ({
  world,
}) => {
  await setAgentRole(world, 'dispatcher');
  await makeTickets(world);
  const seat = await startOnline(world);
  const { keyboard } = seat.page;
  await keyboard.press('Alt+3');
  await expect(titles(seat)).toHaveText([/西门路灯/, /施工噪声/, /东门路灯/]);
  await world.stopServer();

  await keyboard.press('s');
  await expect(titles(seat)).toHaveText([/东门路灯/, /施工噪声/, /西门路灯/]);
  await keyboard.press('f');
  await expect(seat.get(TEST_IDS.searchFilter('category'))).toBeFocused();
  await keyboard.type('路灯');
  await seat.page.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await expect(titles(seat)).toHaveText([/东门路灯/, /西门路灯/]);
  await keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.ticketTable)).toBeFocused();
  // All that is marked is what is seen.
  await keyboard.press('Control+a');
  await expect(seat.get(TEST_IDS.ticketTable).locator('[data-marked="true"]')).toHaveCount(2);
  await keyboard.press('Control+a');

  await keyboard.press('Alt+l');
  await expect(seat.get(TEST_IDS.viewsFind)).toBeFocused();
  await seat.get(TEST_IDS.viewsName).fill('路灯最早');
  await keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.viewsDialog)).toHaveCount(0);

  await world.restartApp();
  const again = world.seat;
  await again.startShift(AGENT.account, AGENT.password);
  await again.page.keyboard.press('Alt+3');
  await expect(titles(again)).toHaveCount(3);
  await again.page.keyboard.press('Alt+l');
  // Found by its initials, as everything is.
  await again.page.keyboard.type('ldzz');
  await expect(again.get(TEST_IDS.viewsDialog).getByRole('option')).toContainText(['待派单 · 路灯']);
  await again.page.keyboard.press('Enter');
  await expect(titles(again)).toHaveText([/东门路灯/, /西门路灯/]);

  // Removed by mistake, and brought back.
  await again.page.keyboard.press('Alt+l');
  const lines = again.get(TEST_IDS.viewsDialog).getByRole('option');
  await expect(lines).toHaveCount(1);
  await again.page.keyboard.press('Delete');
  await expect(lines).toHaveCount(0);
  await again.get(TEST_IDS.viewsBack).click();
  await expect(lines).toHaveCount(1);
  await again.page.keyboard.press('Escape');
  await again.get(TEST_IDS.searchFilterClear).click();
  await expect(titles(again)).toHaveCount(3);
});

test('a search has the orders of the queues, and what is kept on either page opens on the other', async ({ world }) => {
  await setAgentRole(world, 'dispatcher');
  await makeTickets(world);
  const seat = await startOnline(world);
  const { keyboard } = seat.page;
  const results = await seat.search('路灯不亮');
  await expect(results.getByRole('option').filter({ hasText: '门路灯' })).toContainText([/西门路灯/, /东门路灯/]);
  await keyboard.press('Alt+Shift+S');
  await expect(seat.get(TEST_IDS.searchSort)).toContainText('最早在前');
  await expect(results.getByRole('option').filter({ hasText: '门路灯' })).toContainText([/东门路灯/, /西门路灯/]);
  await expect(seat.get(TEST_IDS.searchState)).toContainText('早的在前');
  await keyboard.press('Alt+l');
  await seat.get(TEST_IDS.viewsName).fill('门口路灯');
  await keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.viewsDialog)).toHaveCount(0);

  // From the queue to the search …
  await keyboard.press('Alt+3');
  await expect(titles(seat)).toHaveCount(3);
  await keyboard.press('Alt+l');
  await seat.get(TEST_IDS.viewsName).fill('今天待派');
  await keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.viewsDialog)).toHaveCount(0);
  const offered = seat.get(TEST_IDS.viewsDialog).getByRole('option');
  await keyboard.press('Alt+l');
  await expect(offered).toHaveCount(2);
  await seat.get(TEST_IDS.viewsFind).fill('门口');
  await expect(offered).toHaveCount(1);
  await expect(offered).toContainText('搜索 · 路灯不亮 · 最早在前');
  await keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.searchInput)).toHaveValue('路灯不亮');
  await expect(seat.get(TEST_IDS.searchSort)).toContainText('最早在前');
  // … and back.
  await keyboard.press('Alt+l');
  await expect(offered).toHaveCount(2);
  await seat.get(TEST_IDS.viewsFind).fill('今天');
  await expect(offered).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(titles(seat)).toHaveText([/西门路灯/, /施工噪声/, /东门路灯/]);
});

const CHECKED = [
  ['东门路灯何时修好', '020201'],
  ['施工许可怎么查', '080101'],
  ['西门路灯归谁管', '020201'],
] as const;

test('without a network 待质检 is turned round, narrowed and kept as a view by keys, and the view opens again after the next start', async ({
  world,
}) => {
  await setAgentRole(world, 'quality');
  const [{ id } = { id: '' as UserId }] = await world.sql<{ id: UserId }>(
    `SELECT id FROM users WHERE account = 'demo1002'`,
  );
  const colleague = await signInDemo(world.serverUrl ?? '', 'demo1002');
  for (const [title, categoryCode] of CHECKED) await answerDrawn(colleague, id, title, { categoryCode });
  const seat = await startOnline(world);
  const { keyboard } = seat.page;
  await keyboard.press('Alt+9');
  const rows = (at: Seat) =>
    at
      .get(TEST_IDS.qualityTable)
      .locator('[role="row"][data-testid]')
      .filter({ hasText: /东门路灯|施工许可|西门路灯/ });
  await expect(rows(seat)).toHaveText([/东门路灯/, /施工许可/, /西门路灯/]);
  await world.stopServer();
  await expect(seat.get(TEST_IDS.queueSort)).toContainText('最早在前');
  await keyboard.press('s');
  await expect(rows(seat)).toHaveText([/西门路灯/, /施工许可/, /东门路灯/]);
  await keyboard.press('f');
  await seat.get(TEST_IDS.searchFilter('category')).focus();
  await keyboard.type('路灯');
  await seat.page.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await expect(rows(seat)).toHaveText([/西门路灯/, /东门路灯/]);
  await keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.qualityTable)).toBeFocused();
  await keyboard.press('Alt+l');
  await seat.get(TEST_IDS.viewsName).fill('路灯待质检');
  await keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.viewsDialog)).toHaveCount(0);

  await world.restartApp();
  const again = world.seat;
  await again.startShift(AGENT.account, AGENT.password);
  // It is offered wherever views are.
  await again.page.keyboard.press('Alt+3');
  await again.get(TEST_IDS.viewsOpen).waitFor();
  await again.page.keyboard.press('Alt+l');
  await expect(again.get(TEST_IDS.viewsDialog).getByRole('option')).toContainText(['待质检 · 路灯']);
  await again.page.keyboard.press('Enter');
  await expect(rows(again)).toHaveText([/西门路灯/, /东门路灯/]);
});
