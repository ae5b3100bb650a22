import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { SEEN_ALL } from '../support/decide-as.ts';
import { noisePng } from '../support/sample-files.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const TITLES = ['路边松树倾斜', '楼道消防栓没有水'] as const;

/** Ends the orders of the demo centre: which of its newest tickets still have one depends on the hour. */
async function finishOrders(world: Bootstrap, lead: TestConsole): Promise<void> {
  const open = await world.sql<{ uid: TicketId; ref: EventId }>(
    `SELECT ticket_uid AS uid, id AS ref FROM ticket_events AS o WHERE overlay->>'step' = 'order' AND NOT EXISTS (
       SELECT 1 FROM ticket_events AS f WHERE f.ticket_uid = o.ticket_uid AND f.overlay->>'step' = 'finish' AND f.overlay->>'ref' = o.id::text)`,
  );
  for (const { uid, ref } of open) {
    const args = { eventId: newId<EventId>(Date.now()), step: { step: 'finish' as const, ref }, words: '已办结' };
    const { code } = await lead.pushOne({ kind: 'ticket.overlay', uid, args }, { baseVersion: SEEN_ALL });
    expect(code).toBe('merged');
  }
}

async function makeTickets(world: Bootstrap): Promise<readonly TicketId[]> {
  const lead = new TestConsole(world.serverUrl ?? '');
  lead.mode = 'demo';
  await lead.signIn('demo2001', 'Demo-12345');
  await finishOrders(world, lead);
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
  await seat.get(TEST_IDS.overlayField('milestone')).fill('今天');
  await seat.get(TEST_IDS.overlayWords).focus();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.ticketOrders)).toContainText('里程碑');
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

/** Fills the open dialog, the words last, and confirms it by keys. */
async function lay(seat: Seat, kind: string, fields: Readonly<Record<string, string>>, words: string): Promise<void> {
  const { page } = seat;
  await seat.get(TEST_IDS.overlayOpen(kind)).click();
  await seat.get(TEST_IDS.overlayWords).waitFor();
  for (const [name, value] of Object.entries(fields)) {
    const field = seat.get(TEST_IDS.overlayField(name));
    await field.fill(value);
    // A unit is named with Enter, a time is read once the field is left.
    await field.press(name === 'unit' || name === 'owner' ? 'Enter' : 'Tab');
  }
  await seat.get(TEST_IDS.overlayWords).fill(words);
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeEnabled();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
}

const member = (name: string) => TEST_IDS.overlayField(`member-${name}`);

test('权属不清, without a network: a unit acts first, 消险, a 联席研判 is called and held, the owner is settled and a measure follows', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'dispatcher');
  const [pine] = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  const list = seat.get(TEST_IDS.ticketTable);
  const joint = seat.get(`${TEST_IDS.queueFilter}-joint`).locator('xpath=..');
  await page.keyboard.press('Alt+3');
  await showQueue(seat, 'dispatch');
  const line = list.getByRole('row').filter({ hasText: TITLES[0] });
  await line.click({ timeout: 30_000 });
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(TITLES[0]);
  await world.stopServer();

  // The street acts, and is not the owner by that.
  await list.focus();
  await page.keyboard.press('d');
  await seat.get(TEST_IDS.decideUnit).fill('玄武区孝陵卫街道办事处');
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.decideActing).check();
  await seat.get(TEST_IDS.decideWords).fill('园林、街道、物业都说不是自己的');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect(joint).toContainText('联席研判 1');

  // In its queue although it waits for the signature of the unit.
  await showQueue(seat, 'joint');
  await line.click();
  await expect(seat.get(TEST_IDS.ticketStatus)).toContainText('待签收');
  await lay(seat, 'made_safe', {}, '已锯除倾斜主干');
  await expect(seat.get(TEST_IDS.ticketOwnership).getByTestId(TEST_IDS.ticketStage('make_safe'))).toContainText(
    '已消险',
  );

  await seat.get(TEST_IDS.overlayOpen('review_open')).click();
  await seat.get(member('编办')).check();
  await seat.get(TEST_IDS.overlayField('planned')).fill('明天 14:00');
  await seat.get(TEST_IDS.overlayField('others')).fill('玄武区园林所');
  await seat.get(TEST_IDS.overlayWords).fill('请各单位带建设档案');
  await page.screenshot({ path: path.join(world.artifacts, 'review-open.png') });
  await page.keyboard.press('Control+Enter');
  const opened = seat.get(TEST_IDS.ticketOpenReview);
  await expect(opened).toContainText('待研判');
  await expect(opened).toContainText('编办、玄武区园林所');
  await expect(seat.get(TEST_IDS.overlayOpen('review_open'))).toContainText('改期');
  await page.screenshot({ path: path.join(world.artifacts, 'review-opened.png') });

  // From where the ticket stays on the screen when it leaves the queue.
  await showQueue(seat, 'sign');
  await line.click();
  await seat.get(TEST_IDS.overlayOpen('review')).click();
  // Who was asked to sit is there already.
  await expect(seat.get(member('编办'))).toBeChecked();
  await expect(seat.get(TEST_IDS.overlayField('others'))).toHaveValue('玄武区园林所');
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await lay(seat, 'review', { decision: '由园林所承担', owner: '玄武区园林所' }, '档案载明由园林所栽种');
  await expect(opened).toHaveCount(0);
  await expect(seat.get(TEST_IDS.ticketReviews)).toContainText('由园林所承担');
  await expect(seat.get(TEST_IDS.ticketOwnership).getByTestId(TEST_IDS.ticketStage('own'))).toContainText('已确权');
  await expect(joint).toContainText('联席研判 0');
  await lay(seat, 'measure', { unit: '玄武区园林所', due: '下周五' }, '排查同一路段行道树');
  await expect(seat.get(TEST_IDS.ticketMeasures)).toContainText('排查同一路段行道树');

  await world.startServer();
  await expect.poll(() => seat.outboxCount(), { timeout: 60_000 }).toBe(0);
  await expect(seat.get(TEST_IDS.statusAttention)).toHaveCount(0);
  expect((await stepsOf(world, pine)).map(({ step }) => step)).toEqual([
    'made_safe',
    'review_open',
    'review',
    'measure',
  ]);
  const [stored] = await world.sql<{ owner: string; review: string | null }>(
    `SELECT handling #>> '{ownership,owner,unit}' AS owner, handling ->> 'review' AS review FROM tickets WHERE uid = $1`,
    [pine],
  );
  expect(stored).toEqual({ owner: '玄武区园林所', review: null });
});

test('two 批示, each with its own scan: one attached in the dialog without a network, one chosen among the files of the ticket', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'supervisor');
  const [pine] = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await showQueue(seat, 'dispatch');
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: TITLES[0] }).click({ timeout: 30_000 });
  const begin = async (author: string) => {
    await page.keyboard.press('Alt+s');
    await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
    await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
    await seat.get(TEST_IDS.overlayField('author')).fill(author);
    await seat.get(TEST_IDS.overlayField('unit')).fill('玄武区园林所');
    await seat.get(TEST_IDS.overlayField('unit')).press('Enter');
    await seat.get(TEST_IDS.overlayWords).fill(`${author}：请抓紧`);
  };
  const send = async () => {
    await expect(seat.get(TEST_IDS.overlayConfirm)).toBeEnabled();
    await page.keyboard.press('Control+Enter');
    await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  };
  const attached = { name: '市长批示.png', mimeType: 'image/png', buffer: noisePng(60) };
  const other = { name: '副市长批示.png', mimeType: 'image/png', buffer: noisePng(60) };
  await seat.get(`${TEST_IDS.ticketAttach}-input`).setInputFiles(other);
  await seat.get(TEST_IDS.ticketFiles).getByTestId(TEST_IDS.attachment(other.name)).waitFor();
  await world.stopServer();

  await begin('市长 方某某');
  await seat.get(`${TEST_IDS.overlayScan}-input`).setInputFiles(attached);
  await expect(
    seat.get(TEST_IDS.overlayField('scan')).getByRole('radio', { name: attached.name, exact: true }),
  ).toBeChecked();
  await page.screenshot({ path: path.join(world.artifacts, 'scan-choice.png') });
  await send();
  await begin('副市长 许某');
  await seat
    .get(TEST_IDS.overlayField('scan'))
    .getByRole('radio', { name: other.name, exact: true })
    .check({ force: true });
  await send();
  const orders = seat.get(TEST_IDS.ticketOrders).getByRole('listitem').filter({ hasText: '请抓紧' });
  await expect(orders).toHaveCount(2);
  const scanOf = (author: string) => orders.filter({ hasText: `${author}：请抓紧` });
  await expect(scanOf('市长 方某某').getByTestId(TEST_IDS.attachment(attached.name))).toBeVisible();
  await expect(scanOf('副市长 许某').getByTestId(TEST_IDS.attachment(other.name))).toBeVisible();
  await page.screenshot({ path: path.join(world.artifacts, 'scans.png') });
  await scanOf('市长 方某某').getByTestId(TEST_IDS.attachmentOpen(attached.name)).click();
  await expect(seat.get(TEST_IDS.attachmentView).locator('canvas[data-drawn]')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await world.startServer();
  await expect.poll(() => seat.outboxCount(), { timeout: 60_000 }).toBe(0);
  const kept = await world.sql<{ name: string; body: string }>(
    `SELECT substr(a.body, strpos(a.body, '/png ') + 5) AS name, o.body FROM ticket_events o
     JOIN ticket_events a ON a.ticket_uid = o.ticket_uid AND a.kind = 'attached' AND starts_with(a.body, o.overlay ->> 'scan')
     WHERE o.ticket_uid = $1 AND o.overlay ->> 'step' = 'order' ORDER BY o.version`,
    [pine],
  );
  expect(kept).toEqual([
    { name: attached.name, body: '市长 方某某：请抓紧' },
    { name: other.name, body: '副市长 许某：请抓紧' },
  ]);
});
