import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { signInDemo } from '../support/checks.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, startSecondSeat, test } from './world.ts';

test('a 班长 narrows a queue and the board to a 班组: the queue without a network too', async ({ world }) => {
  test.setTimeout(240_000);
  const [first, second] = [
    await signInDemo(world.serverUrl ?? '', 'demo1001'),
    await signInDemo(world.serverUrl ?? '', 'demo1002'),
  ];
  await first.pushOne(createTicketBody({ title: '一班受理的路灯' }));
  await second.pushOne(createTicketBody({ title: '二班受理的井盖' }));
  const colleague = await startSecondSeat(world);
  await world.startApp();
  const { seat: lead } = world;
  await lead.startShift('demo2001', 'Demo-12345');
  await lead.waitForConnection('online');
  const { keyboard } = lead.page;

  // The board: the colleague at the second seat is of the second 班组.
  await colleague.getReady();
  await keyboard.press('Alt+0');
  const row = lead.get(TEST_IDS.boardSeat('1002'));
  await expect(row).toContainText('二班', { timeout: 30_000 });
  await lead.get(`${TEST_IDS.boardTeam}-二班`).click({ force: true });
  await expect(row).toBeVisible();

  await world.stopServer();
  await keyboard.press('Alt+3');
  await lead.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  const titles = lead.get(TEST_IDS.ticketTable).locator('[role="row"][data-testid]');
  await expect(titles.filter({ hasText: '班受理的' })).toHaveText([/二班受理的井盖/, /一班受理的路灯/]);
  await lead.get(TEST_IDS.ticketTable).focus();
  await keyboard.press('f');
  await expect(lead.get(TEST_IDS.searchFilter('category'))).toBeFocused();
  await lead.get(TEST_IDS.searchFilter('team')).focus();
  // The own one stands first.
  await keyboard.press('ArrowDown');
  await expect(lead.page.getByRole('option').first()).toContainText('一班');
  await keyboard.type('yb');
  await expect(lead.page.getByRole('option')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(titles.filter({ hasText: '班受理的' })).toHaveText([/一班受理的路灯/]);

  // Chosen in the settings, the queues begin with it; the others' tickets are a key away.
  await lead.get(TEST_IDS.nav('settings')).click();
  await lead.get(`${TEST_IDS.settingsTeam}-二班`).click({ force: true });
  await expect(lead.get(`${TEST_IDS.settingsTeam}-二班`)).toBeChecked();
  await expect(lead.get(TEST_IDS.settingsCoverageFacts)).toContainText('全部班组（一班 / 二班）');
  await world.restartApp();
  const again = world.seat;
  await again.startShift('demo2001', 'Demo-12345');
  await again.page.keyboard.press('Alt+3');
  await again.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  const rows = again.get(TEST_IDS.ticketTable).locator('[role="row"][data-testid]').filter({ hasText: '班受理的' });
  await expect(rows).toHaveText([/二班受理的井盖/]);
  await again.get(TEST_IDS.searchFilterClear).click();
  await expect(rows).toHaveCount(2);

  // With the server there again this computer is told to keep the second 班组 only: by keys, and it says everywhere what is not here any more.
  await world.startServer();
  await again.waitForConnection('online');
  await again.get(TEST_IDS.nav('settings')).click();
  const kept = again.get(`${TEST_IDS.settingsKeptTeam}-二班`);
  await kept.focus();
  await again.page.keyboard.press('Space');
  await expect(kept).toBeChecked();
  await expect(again.get(TEST_IDS.statusScope)).not.toContainText('只存');
  await again.get(TEST_IDS.settingsKeptTeamsSave).focus();
  await again.page.keyboard.press('Enter');
  const facts = again.get(TEST_IDS.settingsCoverageFacts);
  await expect(facts).toContainText('只存二班登记的工单，以及不属于任何班组的工单');
  await expect(facts).toContainText(/其他班组登记的 [\d,]+ 件/, { timeout: 60_000 });
  await expect(again.get(TEST_IDS.statusScope)).toContainText('工单只存二班');
  await expect(again.get(TEST_IDS.statusScope)).toHaveAttribute('data-parity', 'equal');
  await world.stopServer();
  await again.page.keyboard.press('Alt+3');
  await again.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  await expect(rows).toHaveText([/二班受理的井盖/]);
  await expect(again.get(TEST_IDS.queueLeftOut)).toContainText('其他班组登记的');
});
