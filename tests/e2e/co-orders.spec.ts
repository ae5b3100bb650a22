import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const TITLE = '门前窨井盖破损';
const CITY_MANAGEMENT = '玄武区城管局';
const STREET = '玄武区梅园新村街道办事处';
const WATER = '玄武区水务局';
const PARKS = '玄武区园林所';

async function makeTicket(world: Bootstrap): Promise<TicketId> {
  const agent = new TestConsole(world.serverUrl ?? '');
  agent.mode = 'demo';
  await agent.signIn('demo2001', 'Demo-12345');
  const place = { divisionCode: '320102002', address: '某路 1 号', landmark: '', coordinates: null };
  const body = createTicketBody({ title: TITLE, categoryCode: '010101', place });
  await agent.pushOne(body);
  return body.uid;
}

/** Writes the name of a 协办 in the dialog that is open, and takes it. */
async function writeUnit(seat: Seat, unit: string): Promise<void> {
  const field = seat.get(TEST_IDS.overlayField('unit'));
  await field.focus();
  await seat.page.keyboard.insertText(unit);
  await seat.page.keyboard.press('Enter');
  await expect(field).toHaveValue(unit);
}

test('without a network a 派单员 takes a unit of the rule, names 协办, adds one and takes one off; the server takes all of it in', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'dispatcher');
  const uid = await makeTicket(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  const list = seat.get(TEST_IDS.ticketTable);
  await list.getByRole('row').filter({ hasText: TITLE }).waitFor();
  // Single letters are keys while the list has the focus.
  await expect(list).toBeFocused();
  await world.stopServer();

  await page.keyboard.press('j');
  await page.keyboard.press('d');
  // Both can do it; the default of the category comes first and says why.
  const first = seat.get(TEST_IDS.decideRanked(CITY_MANAGEMENT));
  await expect(first).toContainText('类别默认承办单位');
  await expect(first).toContainText('在办');
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(CITY_MANAGEMENT);
  await seat.get(TEST_IDS.decideRanked(STREET)).press('Enter');
  await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(STREET);
  await seat.get(TEST_IDS.decideCoUnits).fill(`${WATER}、${CITY_MANAGEMENT}`);
  await page.screenshot({ path: path.join(world.artifacts, 'ranked-units.png') });
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);

  await seat.get(`${TEST_IDS.queueFilter}-sign`).check({ force: true });
  const line = list.getByRole('row').filter({ hasText: TITLE });
  await expect(line.getByTestId(TEST_IDS.coMark)).toHaveAttribute('aria-label', '协办 2 家，2 家未答复');
  await line.click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLE);
  await expect(seat.get(TEST_IDS.coOrder(WATER))).toContainText('待签收');
  await expect(seat.get(TEST_IDS.coOrder(WATER))).toContainText('待确认');

  await seat.get(TEST_IDS.coAdd).click();
  await writeUnit(seat, PARKS);
  await seat.get(TEST_IDS.overlayWords).fill('请查树根是否顶坏井圈');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.coOrder(PARKS))).toContainText('请查树根是否顶坏井圈');

  // Somebody who helps already is not asked twice, and the 主办 does not help itself.
  await seat.get(TEST_IDS.coAdd).click();
  await writeUnit(seat, STREET);
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeDisabled();
  await expect(seat.get(TEST_IDS.overlayDialog)).toContainText('主办不能同时是协办');
  await page.keyboard.press('Escape');

  await seat.get(TEST_IDS.coWithdraw(WATER)).click();
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeDisabled();
  await seat.get(TEST_IDS.overlayWords).fill('现场没有水管');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.coOrder(WATER))).toHaveAttribute('data-state', 'withdrawn');
  await page.screenshot({ path: path.join(world.artifacts, 'co-orders.png') });
  await expect.poll(() => seat.outboxCount()).toBe(3);

  await world.startServer();
  const read = () =>
    world.sql<{ unit: string; basis: string; orders: string; act: string }>(
      `SELECT unit, handling->>'basis' AS basis,
         (SELECT string_agg((o->>'unit') || ' ' || (o->>'state'), ', ') FROM json_array_elements(handling->'coOrders') o) AS orders,
         (SELECT concat(act->'reasons', ' / ', act->'rule'->>'unit', ' / ', act->'rule'->'reasons') FROM ticket_events
           WHERE ticket_uid = $1 AND act IS NOT NULL) AS act
       FROM tickets WHERE uid = $1`,
      [uid],
    );
  await expect
    .poll(read, { timeout: 60_000 })
    .toMatchObject([
      { unit: STREET, basis: 'shared', orders: `${WATER} withdrawn, ${CITY_MANAGEMENT} to_sign, ${PARKS} to_sign` },
    ]);
  const [stored] = await read();
  expect(stored?.act).toMatch(new RegExp(`^\\["shared".*\\] / ${CITY_MANAGEMENT} / \\["category"`));
  await expect.poll(() => seat.outboxCount(), { timeout: 30_000 }).toBe(0);
  await expect(seat.get(TEST_IDS.coOrder(PARKS))).not.toContainText('待确认');
});
