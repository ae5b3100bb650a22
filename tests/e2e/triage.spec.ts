import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const STREET_LAMPS = ['东门路灯不亮', '西门路灯不亮', '南门路灯不亮'] as const;

/** Three tickets that wait to be dispatched, the last one the newest. */
async function makeTickets(world: Bootstrap): Promise<readonly TicketId[]> {
  const agent = new TestConsole(world.serverUrl ?? '');
  agent.mode = 'demo';
  await agent.signIn('demo2001', 'Demo-12345');
  const bodies = STREET_LAMPS.map((title) => createTicketBody({ title, categoryCode: '010101' }));
  for (const body of bodies) await agent.pushOne(body);
  return bodies.map(({ uid }) => uid);
}

const readTickets = (world: Bootstrap, uids: readonly TicketId[]) =>
  world.sql<{ status: string; unit: string | null; basis: string | null }>(
    `SELECT status, unit, handling->>'basis' AS basis FROM tickets WHERE uid = ANY($1::uuid[]) ORDER BY number`,
    [uids],
  );

/** Opens the queue and puts the cursor on its newest ticket. */
async function openQueue(seat: Seat): Promise<void> {
  await seat.page.keyboard.press('Alt+3');
  const list = seat.get(TEST_IDS.ticketTable);
  await list.getByRole('row').filter({ hasText: '南门路灯不亮' }).waitFor();
  await expect(list).toBeFocused();
  await seat.page.keyboard.press('j');
}

test('a key pressed right after the one that moves the cursor decides about the ticket the cursor came to', async ({
  world,
}) => {
  await setAgentRole(world, 'dispatcher');
  await makeTickets(world);
  const seat = await startOnline(world);
  await openQueue(seat);
  await expect(seat.get(TEST_IDS.ticketTable).getByRole('row', { selected: true })).toContainText('南门路灯不亮');
  // Both keys in one go of the machine, as when it was busy: no moment between them in which anything else is done.
  await seat.page.evaluate(async () => {
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    press('Home');
    await Promise.resolve();
    press('j');
    await Promise.resolve();
    await Promise.resolve();
    press('d');
  });
  await expect(seat.get(TEST_IDS.decideDialog)).toContainText('西门路灯不亮');
});

test('without a network a 派单员 sends three tickets on by keys alone; a second one who came later is told who was first', async ({
  world,
}) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'dispatcher');
  await world.sql(`UPDATE users SET role = 'dispatcher' WHERE account = 'demo1002'`);
  const uids = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  const secondProfile = { profileDir: path.join(world.artifacts, 'second-seat') };
  const secondApp = await world.launch(secondProfile);
  const second = new Seat(secondApp.page);
  await second.startShift('demo1002', 'Demo-12345');
  await second.waitForConnection('online');
  await openQueue(seat);
  await openQueue(second);
  await expect(seat.get(`${TEST_IDS.queueFilter}-dispatch`).locator('xpath=..')).toContainText('待派单 3', {
    timeout: 15_000,
  });
  await world.stopServer();

  // The rule names the unit; the cursor goes on to the next ticket by itself.
  for (const left of [2, 1]) {
    await page.keyboard.press('d');
    await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue('玄武区城管局');
    await page.keyboard.press('Control+Enter');
    await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
    const lines = seat.get(TEST_IDS.ticketTable);
    await expect(lines).toBeFocused();
    await expect(lines.getByRole('row')).toHaveCount(left + 1);
    await expect(lines.getByRole('row', { selected: true })).toHaveCount(1);
  }
  // The third goes to another unit, written by hand.
  await page.keyboard.press('d');
  await expect(seat.get(TEST_IDS.decideWords)).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(seat.get(TEST_IDS.decideUnit)).toBeFocused();
  await page.keyboard.insertText('玄武区园林所');
  // What is typed and not taken goes to nobody, least of all to the unit of the rule.
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideUnit)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeEnabled();
  await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue('玄武区园林所');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect.poll(() => seat.outboxCount()).toBe(3);

  // Meanwhile the other one refuses the newest.
  await second.page.keyboard.press('r');
  await expect(second.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await second.get(TEST_IDS.decideWords).fill('重复反映，已告知');
  await second.page.keyboard.press('Control+Enter');
  await expect.poll(() => second.outboxCount()).toBe(1);
  await secondApp.close();

  await world.startServer();
  await expect
    .poll(() => readTickets(world, uids), { timeout: 60_000 })
    .toEqual([
      { status: 'to_sign', unit: '玄武区园林所', basis: 'manual' },
      { status: 'to_sign', unit: '玄武区城管局', basis: 'category' },
      { status: 'to_sign', unit: '玄武区城管局', basis: 'category' },
    ]);
  await expect.poll(() => seat.outboxCount(), { timeout: 30_000 }).toBe(0);

  const late = new Seat((await world.launch(secondProfile)).page);
  await late.startShift('demo1002', 'Demo-12345');
  await expect(late.get(TEST_IDS.statusAttention)).toContainText('1', { timeout: 60_000 });
  await late.page.keyboard.press('Alt+5');
  await expect(late.get(TEST_IDS.outboxRefused)).toContainText('林晓雯已先做了“派单”，工单现在是“待签收”');
  await expect(late.get(TEST_IDS.outboxCompared('action'))).toContainText('不予受理');
  // A ticket on its way to a unit is not refused any more: there is only one way out.
  await expect(late.get(TEST_IDS.outboxRedo)).toHaveCount(0);
  await late.page.keyboard.press('Alt+x');
  await expect.poll(() => late.outboxCount()).toBe(0);
  expect((await readTickets(world, uids))[2]).toMatchObject({ status: 'to_sign' });
});
