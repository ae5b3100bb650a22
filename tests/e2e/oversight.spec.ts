import path from 'node:path';
import { TEST_IDS } from '#renderer/app/test-ids.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const TITLES = ['路边松树倾斜', '楼道消防栓没有水'] as const;

async function makeTickets(world: Bootstrap): Promise<readonly TicketId[]> {
  const lead = new TestConsole(world.serverUrl ?? '');
  lead.mode = 'demo';
  await lead.signIn('demo2001', 'Demo-12345');
  const bodies = TITLES.map((title) => createTicketBody({ title, categoryCode: '010101' }));
  for (const body of bodies) await lead.pushOne(body);
  return bodies.map(({ uid }) => uid);
}

const stepsOf = (world: Bootstrap, uid: TicketId | undefined) =>
  world.sql<{ step: string; body: string }>(
    `SELECT overlay->>'step' AS step, body FROM ticket_events WHERE ticket_uid = $1 AND overlay IS NOT NULL ORDER BY version`,
    [uid],
  );

async function showQueue(seat: Seat, name: string): Promise<void> {
  await seat.get(`${TEST_IDS.queueFilter}-${name}`).check({ force: true });
  await expect(seat.get(`${TEST_IDS.queueFilter}-${name}`)).toBeChecked();
}

/** Writes a 督办 on the open ticket: level and time by the digits of their choices, the rest by keys. */
async function giveOrder(
  seat: Seat,
  level: '1' | '2' | '3',
  limit: string,
  unit: string,
  words: string,
): Promise<void> {
  const { page } = seat;
  await page.keyboard.press('Alt+s');
  await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeDisabled();
  await page.keyboard.insertText(words);
  await seat.get(TEST_IDS.overlayField('level')).getByRole('radio', { checked: true }).focus();
  await page.keyboard.press(level);
  await seat.get(TEST_IDS.overlayField('limit')).getByRole('radio', { checked: true }).focus();
  await page.keyboard.press(limit);
  await seat.get(TEST_IDS.overlayField('unit')).focus();
  await page.keyboard.insertText(unit);
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.overlayField('unit'))).toHaveValue(unit);
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
}

test('without a network a 督办员 gives orders by keys; their queue counts them and puts the one that is due first at the top', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'supervisor');
  const [pine, hydrant] = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  // A 督办员 begins with what is supervised.
  await expect(seat.get(`${TEST_IDS.queueFilter}-supervised`)).toBeChecked();
  const count = seat.get(`${TEST_IDS.queueFilter}-supervised`).locator('xpath=..');
  await showQueue(seat, 'dispatch');
  const list = seat.get(TEST_IDS.ticketTable);
  await expect(list.getByRole('row').filter({ hasText: TITLES[0] })).toBeVisible({ timeout: 30_000 });
  await world.stopServer();

  await list.getByRole('row').filter({ hasText: TITLES[0] }).click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLES[0]);
  await giveOrder(seat, '2', '5', '玄武区园林所', '请五日内办结');
  await expect(seat.get(TEST_IDS.ticketOrders)).toContainText('市督办');
  await expect(seat.get(TEST_IDS.ticketOrders)).toContainText('待确认');
  await expect(count).toContainText('督办 1');
  await list.getByRole('row').filter({ hasText: TITLES[1] }).click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLES[1]);
  await giveOrder(seat, '1', '1', '玄武区消防大队', '请两小时内到场');
  await expect(count).toContainText('督办 2');
  // Nothing behind the orders has moved.
  await expect(seat.get(TEST_IDS.ticketStatus)).toContainText('待派单');

  await showQueue(seat, 'supervised');
  // One of them is the head of the table.
  await expect(list.getByRole('row')).toHaveCount(3);
  await expect(list.getByRole('row').nth(1)).toContainText(TITLES[1]);
  await expect(list.getByRole('row').nth(1).getByTestId(TEST_IDS.orderMark)).toContainText('省督办');
  await expect(list.getByRole('row').nth(2).getByTestId(TEST_IDS.orderMark)).toContainText('市督办');
  await page.screenshot({ path: path.join(world.artifacts, 'supervised.png') });

  // Progress and end of the one that is due first, by keys.
  await list.getByRole('row').nth(1).click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLES[1]);
  await page.keyboard.press('Alt+v');
  await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
  await page.keyboard.insertText('已到场，正在补水');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.ticketOrders)).toContainText('已到场，正在补水');
  await page.keyboard.press('Alt+Shift+v');
  await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
  await page.keyboard.insertText('水压已恢复');
  await page.keyboard.press('Control+Enter');
  // Its line goes, and what was open gives way to the next one.
  await expect(count).toContainText('督办 1');
  await expect(list.getByRole('row')).toHaveCount(2);
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLES[0]);

  await world.startServer();
  await expect
    .poll(async () => (await stepsOf(world, hydrant)).map(({ step }) => step), { timeout: 60_000 })
    .toEqual(['order', 'progress', 'finish']);
  expect(await stepsOf(world, pine)).toEqual([{ step: 'order', body: '请五日内办结' }]);
  await expect.poll(() => seat.outboxCount(), { timeout: 30_000 }).toBe(0);
  await expect(seat.get(TEST_IDS.ticketUnconfirmed)).toHaveCount(0);
});
