import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { decideAs, SEEN_ALL } from '../support/decide-as.ts';
import { confirm, figureOf, pointAt, showQueue } from '../support/queue-hands.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const UNIT = '玄武区城管局';
const STREET = '玄武区梅园新村街道办事处';
const PLACE = { divisionCode: '320102002', address: '某路 1 号', landmark: '', coordinates: null };
const DAY_MS = 86_400_000;
const TITLES = {
  granted: '围墙开裂需勘察',
  refused: '楼道堆物未清',
  returned: '门前窨井盖破损',
  waiting: '老旧管网待改造',
  disputed: '两街交界路灯不亮',
  late: '小区门口积水未退',
} as const;
type Matter = keyof typeof TITLES;

/** One ticket for every queue: two that ask for 延期, two 退单, one in hand, one that nobody dispatched in time. */
async function makeTickets(world: Bootstrap): Promise<Readonly<Record<Matter, TicketId>>> {
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = 'demo1002'`, [UNIT]);
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const unit = await signInDemo(world.serverUrl ?? '', 'demo1002');
  const uids = {} as Record<Matter, TicketId>;
  for (const [matter, title] of Object.entries(TITLES) as [Matter, string][]) {
    const body = createTicketBody({ title, categoryCode: '010101', place: PLACE });
    await lead.pushOne(body);
    uids[matter] = body.uid;
    if (matter === 'late') continue;
    await decideAs(lead, body.uid, 'to_dispatch', dispatchTo(UNIT));
    await decideAs(unit, body.uid, 'to_sign', SAMPLE_ACTS.sign);
  }
  await decideAs(unit, uids.granted, 'handling', SAMPLE_ACTS.ask_extension, '需第三方检测');
  await decideAs(unit, uids.refused, 'handling', SAMPLE_ACTS.ask_extension, '人手不足');
  await decideAs(unit, uids.returned, 'handling', SAMPLE_ACTS.return, '该井盖由街道管养');
  await decideAs(unit, uids.disputed, 'handling', SAMPLE_ACTS.return, '路灯在区界以外');
  await letRunOut(world, uids.late);
  return uids;
}

/** As if the ticket had lain there for a week. */
async function letRunOut(world: Bootstrap, uid: TicketId): Promise<void> {
  const acceptedAt = Date.now() - 7 * DAY_MS;
  const matter = { categoryCode: '010101', type: 'help', urgency: 'normal' } as const;
  const clocks = clocksAfter({ clocks: null, acceptedAt, matter }, { kind: 'accept' }, acceptedAt, shippedClockRules());
  const values = [uid, JSON.stringify(clocks), closeDueAt(clocks), acceptedAt];
  await world.sql('UPDATE tickets SET clocks = $2, due_at = $3, accepted_at = $4 WHERE uid = $1', values);
}

const stateOf = async (world: Bootstrap, uid: TicketId) =>
  (
    await world.sql<{ status: string; unit: string | null; handling: string }>(
      'SELECT status, unit, handling::text AS handling FROM tickets WHERE uid = $1',
      [uid],
    )
  )[0];

test('延期审核, 退单审核, 挂账, 联席研判 and 超期: each queue is worked off by keys without a network, and the server takes all of it in', async ({
  world,
}) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'dispatcher');
  const uids = await makeTickets(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  // What was decided last is here, and with it everything else.
  await showQueue(seat, 'returns');
  await pointAt(seat, TITLES.disputed);
  await world.stopServer();

  // 延期审核: one yes, one no.
  await showQueue(seat, 'extensions');
  await pointAt(seat, TITLES.granted);
  const asked = await figureOf(seat, 'extensions');
  await page.keyboard.press('a');
  await expect(seat.get(TEST_IDS.decideDialog)).toContainText('需第三方检测');
  await confirm(seat);
  await pointAt(seat, TITLES.refused);
  await page.keyboard.press('r');
  await confirm(seat, '请按原期限办结');
  await expect.poll(() => figureOf(seat, 'extensions')).toBe(asked - 2);

  // 退单审核: one is approved, of the other nobody knows whose it is.
  await showQueue(seat, 'returns');
  await pointAt(seat, TITLES.returned);
  const given = await figureOf(seat, 'returns');
  await page.screenshot({ path: path.join(world.artifacts, 'returns.png') });
  await page.keyboard.press('a');
  await expect(seat.get(TEST_IDS.decideDialog)).toContainText('该井盖由街道管养');
  await confirm(seat);
  await pointAt(seat, TITLES.disputed);
  await page.keyboard.press('l');
  await confirm(seat, '两家都不管养');
  await expect.poll(() => figureOf(seat, 'returns')).toBe(given - 2);

  // Sent out again, and not to the unit that returned it.
  await showQueue(seat, 'dispatch');
  await pointAt(seat, TITLES.returned);
  await page.keyboard.press('d');
  await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(STREET);
  // At whatever hour: it may be closed, too.
  await expect(seat.get(TEST_IDS.decideDialog)).toContainText(/类别默认承办单位、(现在是非工作时间、)?退过单/);
  await confirm(seat);

  // 联席研判 assigns the unit, with its record.
  await showQueue(seat, 'joint');
  await pointAt(seat, TITLES.disputed);
  const disputed = await figureOf(seat, 'joint');
  await page.keyboard.press('d');
  const dialog = seat.get(TEST_IDS.decideDialog);
  await dialog.getByRole('checkbox').first().press('Space');
  // A record that is begun is written to its end.
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await seat.get(TEST_IDS.overlayField('decision')).focus();
  await page.keyboard.insertText('由街道先行修复，费用另行商定');
  await page.screenshot({ path: path.join(world.artifacts, 'joint-review.png') });
  await confirm(seat);
  await expect.poll(() => figureOf(seat, 'joint')).toBe(disputed - 1);

  // 挂账, and back again.
  const onAccount = await figureOf(seat, 'account');
  await showQueue(seat, 'handling');
  await pointAt(seat, TITLES.waiting);
  await page.keyboard.press('h');
  await seat.get(`${TEST_IDS.decideAccountCause}-capability`).check({ force: true });
  await seat.get(TEST_IDS.decideWords).focus();
  await page.screenshot({ path: path.join(world.artifacts, 'put-on-account.png') });
  await confirm(seat, '本地没有非开挖修复队伍，列入明年改造计划');
  await showQueue(seat, 'account');
  await expect.poll(() => figureOf(seat, 'account')).toBe(onAccount + 1);
  await pointAt(seat, TITLES.waiting);
  await expect(seat.get(TEST_IDS.ticketAccount(uids.waiting))).toContainText('能力缺口');
  await page.screenshot({ path: path.join(world.artifacts, 'on-account.png') });
  // What can be done by now is told the public.
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.overlayOpen('announced')).click();
  await expect(seat.get(TEST_IDS.overlayField('where'))).toBeFocused();
  await page.keyboard.insertText('区政府网站');
  await expect(seat.get(TEST_IDS.overlayConfirm)).toBeDisabled();
  await seat.get(TEST_IDS.overlayWords).fill('修复队伍已到位，月底前分段改造');
  await page.screenshot({ path: path.join(world.artifacts, 'announce.png') });
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.ticketAnnouncements)).toContainText('修复队伍已到位');
  await page.screenshot({ path: path.join(world.artifacts, 'announced.png') });
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await confirm(seat);
  await expect.poll(() => figureOf(seat, 'account')).toBe(onAccount);

  // 超期: what is late is dispatched from there.
  await showQueue(seat, 'overdue');
  await pointAt(seat, TITLES.late);
  const late = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: TITLES.late });
  await expect(late.getByTestId(TEST_IDS.clock)).toContainText('超期');
  await page.keyboard.press('d');
  await expect(seat.get(TEST_IDS.decideUnit)).not.toHaveValue('');
  await confirm(seat);

  const decisions = 9;
  const announcements = 1;
  await expect.poll(() => seat.outboxCount()).toBe(decisions + announcements);
  await world.startServer();
  await expect.poll(() => seat.outboxCount(), { timeout: 60_000 }).toBe(0);
  await expect(seat.get(TEST_IDS.statusAttention)).toHaveCount(0);
  expect(await stateOf(world, uids.granted)).toMatchObject({ status: 'handling', unit: UNIT });
  const daysOf = async (uid: TicketId) => JSON.parse((await stateOf(world, uid))?.handling ?? '{}').extendedBy;
  expect([await daysOf(uids.granted), await daysOf(uids.refused)]).toEqual([5, null]);
  expect(await stateOf(world, uids.refused)).toMatchObject({ status: 'handling', unit: UNIT });
  expect(await stateOf(world, uids.returned)).toMatchObject({ status: 'to_sign', unit: STREET });
  expect(await stateOf(world, uids.disputed)).toMatchObject({ status: 'to_sign' });
  expect(await stateOf(world, uids.waiting)).toMatchObject({ status: 'handling', unit: UNIT });
  expect(await stateOf(world, uids.late)).toMatchObject({ status: 'to_sign' });
  const [record] = await world.sql<{ decision: string }>(
    `SELECT act #>> '{review,decision}' AS decision FROM ticket_events WHERE ticket_uid = $1 AND act ->> 'action' = 'assign'`,
    [uids.disputed],
  );
  expect(record?.decision).toBe('由街道先行修复，费用另行商定');
});

test('待回访: while 消险 and 确权 are open the answers are kept, which is said before; with both done one key closes the ticket', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'revisit');
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = 'demo1002'`, [UNIT]);
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const unit = await signInDemo(world.serverUrl ?? '', 'demo1002');
  const body = createTicketBody({ title: '松树倾斜压线', categoryCode: '010101', place: PLACE });
  await lead.pushOne(body);
  await decideAs(lead, body.uid, 'to_dispatch', dispatchTo(UNIT, { basis: 'acting' }));
  await decideAs(unit, body.uid, 'to_sign', SAMPLE_ACTS.sign);
  await decideAs(unit, body.uid, 'handling', SAMPLE_ACTS.reply, '已锯除倾斜主干');
  const lay = async (step: OverlayStep, words: string) => {
    const args = { eventId: newId<EventId>(Date.now()), step, words };
    const { code } = await lead.pushOne({ kind: 'ticket.overlay', uid: body.uid, args }, { baseVersion: SEEN_ALL });
    expect(code).toBe('merged');
  };

  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await expect(seat.get(`${TEST_IDS.queueFilter}-callback`)).toBeChecked();
  await pointAt(seat, '松树倾斜压线');
  await page.keyboard.press('a');
  await expect(seat.get(TEST_IDS.callbackKept)).toContainText('消险并确权后再办结');
  for (const question of ['reached', 'solved', 'satisfied']) {
    await seat.get(`${TEST_IDS.decideAnswer(question)}-yes`).press('1');
    await expect(seat.get(`${TEST_IDS.decideAnswer(question)}-yes`)).toBeChecked();
  }
  await seat.get(TEST_IDS.decideWords).fill('来得很快，树不再压线');
  await expect(seat.get(TEST_IDS.decideConfirm)).toContainText('留存回访结果');
  await page.screenshot({ path: path.join(world.artifacts, 'answers-kept.png') });
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  const mark = seat.get(TEST_IDS.ticketAttempts(body.uid));
  await expect(mark).toHaveText('已回访，待消险或确权');
  await expect.poll(() => seat.outboxCount()).toBe(0);

  await lay({ step: 'made_safe', at: Date.now() }, '主干已锯除');
  await lay({ step: 'owned', owner: '玄武区园林所' }, '档案载明由园林所栽种');
  await expect(mark).toHaveText('已回访，可以办结', { timeout: 30_000 });
  await pointAt(seat, '松树倾斜压线');
  await page.keyboard.press('a');
  await expect(seat.get(TEST_IDS.callbackKept)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.decideWords)).toHaveValue('来得很快，树不再压线');
  await expect(seat.get(TEST_IDS.decideConfirm)).toContainText('办结');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect.poll(async () => (await stateOf(world, body.uid))?.status, { timeout: 30_000 }).toBe('closed');
});
