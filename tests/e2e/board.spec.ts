import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { dayOf } from '#shared/domain/clock/beijing-day.ts';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { dispatchTo } from '../support/sample-acts.ts';
import { createTicketBody, noteBody } from '../support/test-console.ts';
import { AGENT, expect, startSecondSeat, test } from './world.ts';

const LEAD = { account: 'demo2001', password: 'Demo-12345' } as const;
const AGENT_SEAT = '1002';

async function startLead(world: Bootstrap): Promise<Seat> {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(LEAD.account, LEAD.password);
  return seat;
}

const openBoard = async (lead: Seat) => {
  await lead.page.keyboard.press('Alt+0');
  await lead.get(TEST_IDS.boardFreshness).waitFor();
};
const freshness = (lead: Seat, isLive: boolean) =>
  lead.page.locator(`[data-testid="${TEST_IDS.boardFreshness}"][data-live="${isLive}"]`);

test('a 班长 sees seats as they are, without the server what was told last with its age, and the truth again when it is back', async ({
  world,
}) => {
  test.setTimeout(360_000);
  const agent = await startSecondSeat(world);
  let lead = await startLead(world);
  await lead.waitForConnection('online');
  await openBoard(lead);
  await expect(freshness(lead, true)).toBeVisible();

  // The seat of a colleague: ready, then on a call, with its line and nothing of who calls.
  await agent.getReady();
  const row = () => lead.get(TEST_IDS.boardSeat(AGENT_SEAT));
  await expect(row()).toContainText('空闲', { timeout: 30_000 });
  await agent.ring('13900004321', '李女士');
  await agent.answer();
  await expect(row()).toContainText('通话', { timeout: 30_000 });
  await expect(row()).toContainText('12345 专线');
  await expect(lead.get(TEST_IDS.boardAlarm('nobody-ready'))).toBeVisible({ timeout: 30_000 });
  expect(await lead.get(TEST_IDS.page('board')).textContent()).not.toMatch(/李女士|1390000/);
  await agent.hangUp();
  await agent.finishWrapUp();
  await expect(lead.get(TEST_IDS.boardFigure('answered'))).toContainText('1 / 1', { timeout: 30_000 });
  const reported = await world.sql<{ all: string }>('SELECT row_to_json(seat_reports)::text AS all FROM seat_reports');
  expect(JSON.stringify(reported)).not.toMatch(/李|1390000/);

  await expect(lead.get(TEST_IDS.boardAccepted)).toHaveText(/诉求 \d+ 件事件 \d+ 个/);
  await expect(lead.get(TEST_IDS.boardLocal)).toContainText('断网时也准', { timeout: 60_000 });
  // The network goes: what was told last stays, and says how old it is; queues are counted here.
  await world.stopServer();
  await expect(freshness(lead, false)).toContainText(/截至 \d\d:\d\d，已 .+未更新/, { timeout: 60_000 });
  await expect(row()).toContainText('空闲');
  await expect(lead.get(TEST_IDS.boardLocal)).toContainText('待派单');

  // Also after the console was closed and opened again.
  await world.restartApp();
  lead = world.seat;
  await lead.startShift(LEAD.account, LEAD.password);
  await openBoard(lead);
  await expect(freshness(lead, false)).toContainText('未更新');
  await expect(row()).toBeVisible();
  await expect(lead.get(TEST_IDS.boardFigure('answered'))).toContainText('1 / 1');

  await agent.page.keyboard.press('F6');
  await agent.waitForAgent('busy');
  await world.startServer();
  await expect(freshness(lead, true)).toBeVisible({ timeout: 120_000 });
  await expect(row()).toContainText('示忙', { timeout: 120_000 });
});

test('an agent has no board, and its key opens nothing', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await expect(seat.get(TEST_IDS.nav('board'))).toHaveCount(0);
  await expect(seat.get(TEST_IDS.nav('reminders'))).toHaveCount(0);
  await seat.page.keyboard.press('Alt+0');
  await seat.page.keyboard.press('Alt+n');
  await expect(seat.get(TEST_IDS.page('board'))).toHaveCount(0);
  await expect(seat.get(TEST_IDS.page('reminders'))).toHaveCount(0);
});

const MINUTE_MS = 60_000;
const calendar = shippedCalendar();

/** A ticket at a unit whose limit for 办结 ends at a moment, as if it had been accepted days ago. */
async function makeLimited(world: Bootstrap, dueAt: number): Promise<TicketId> {
  const agent = await signInDemo(world.serverUrl ?? '', 'demo1001');
  const dispatcher = await signInDemo(world.serverUrl ?? '', 'demo4001');
  const body = createTicketBody();
  await agent.pushOne(body);
  const args = {
    eventId: newId<EventId>(systemClock.now()),
    from: 'to_dispatch' as const,
    words: '',
    act: dispatchTo('鼓楼区城管局'),
  };
  await dispatcher.pushOne({ kind: 'ticket.act', uid: body.uid, args }, { baseVersion: 1_000 });
  await world.sql(
    `UPDATE tickets SET clocks = jsonb_set(jsonb_set(clocks::jsonb, '{close,dueAt}', to_jsonb($2::bigint)), '{close,startedAt}', '1')::json WHERE uid = $1`,
    [body.uid, dueAt],
  );
  // What is changed in the database is told to no console that has read it; with a word more it is read again.
  await agent.pushOne(noteBody(body.uid, '已电话核实'));
  return body.uid;
}

test('reminders of limits are listed and come at their moment, never over a call; one key takes note, without a network too', async ({
  world,
}) => {
  test.setTimeout(360_000);
  // Overdue by a working day a minute ago.
  const first = await makeLimited(world, addWorkdays(systemClock.now() - MINUTE_MS, -1, calendar));
  const lead = await startLead(world);
  await lead.waitForConnection('online');
  const { keyboard } = lead.page;
  await keyboard.press('Alt+n');
  // And one soon, counted from when everybody is there: what is waited for below is that moment. On days off none comes.
  const soon = systemClock.now() + 40_000;
  const isComing = [soon, soon + 5 * MINUTE_MS].every((at) => calendar.isWorkday(dayOf(at)));
  const second = await makeLimited(world, isComing ? addWorkdays(soon, -1, calendar) : soon);
  const row = (uid: TicketId) => lead.get(TEST_IDS.reminderRow(uid));
  const takeNote = async (uid: TicketId) => {
    await row(uid).click();
    await lead.get(TEST_IDS.reminderTable).focus();
    await keyboard.press('y');
  };
  await expect(row(first)).toBeVisible({ timeout: 30_000 });
  await expect(row(second)).toBeVisible({ timeout: 30_000 });
  await expect(lead.get(TEST_IDS.nav('reminders'))).toContainText(/\d/);
  await world.stopServer();
  await expect(row(first)).toContainText('逾期 1 个工作日');
  await expect(row(second)).toContainText('到期前 1 个工作日');
  await expect(row(second).getByTestId(TEST_IDS.clock)).toHaveText(/^(正常|临近|超期)/);
  // On a small screen, too, nothing of a line lies beside the list.
  const before = lead.page.viewportSize();
  await lead.page.setViewportSize({ width: 1366, height: 768 });
  const beside = () => lead.get(TEST_IDS.reminderTable).evaluate((table) => table.scrollWidth - table.clientWidth);
  await expect.poll(beside).toBe(0);
  if (before) await lead.page.setViewportSize(before);

  // While somebody is on the line nothing is said, and the focus stays where it is.
  await lead.getReady();
  await lead.ring('13900004321');
  await lead.answer();
  await keyboard.press('Alt+n');
  if (isComing) await expect(row(second)).toContainText('逾期 1 个工作日', { timeout: 180_000 });
  await expect(lead.get(TEST_IDS.reminderNotice)).toBeEmpty();
  await lead.hangUp();
  if (isComing) {
    await expect(lead.get(TEST_IDS.reminderNotice)).toContainText('逾期 1 个工作日');
    await keyboard.press('Alt+y');
  } else {
    await takeNote(second);
  }
  await expect(lead.get(TEST_IDS.reminderNotice)).toBeEmpty();
  await expect(row(second)).toHaveCount(0);

  // One key in the list; what was noted stays so after a restart.
  await takeNote(first);
  await expect(row(first)).toHaveCount(0);
  await world.restartApp();
  await world.seat.startShift(LEAD.account, LEAD.password);
  await world.seat.page.keyboard.press('Alt+n');
  await world.seat.get(TEST_IDS.page('reminders')).waitFor();
  await expect(world.seat.get(TEST_IDS.reminderRow(first))).toHaveCount(0);
  await expect(world.seat.get(TEST_IDS.reminderRow(second))).toHaveCount(0);
});
