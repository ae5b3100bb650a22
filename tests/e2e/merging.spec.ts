import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { decideAs } from '../support/decide-as.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

/** Clears the sewer, though it is not theirs. */
const UNIT = '玄武区水务局';
const CALLS = ['门前污水漫溢', '院内污水外溢', '一楼返水', '隔壁院子的井冒水'] as const;

const stateOf = (world: Bootstrap, uids: readonly TicketId[]) =>
  world.sql<{ status: string; parent: boolean; reply: string | null }>(
    `SELECT status, parent_uid IS NOT NULL AS parent, doc #>> '{replies,0,text}' AS reply FROM tickets
     WHERE uid = ANY($1::uuid[]) ORDER BY number`,
    [uids],
  );

test('中央路260号: without a network a 派单员 merges three calls under the first and splits one again; one answer reaches the others', async ({
  world,
}) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'dispatcher');
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = 'demo1002'`, [UNIT]);
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const unit = await signInDemo(world.serverUrl ?? '', 'demo1002');
  const bodies = CALLS.map((what) => createTicketBody({ title: `中央路260号${what}`, categoryCode: '020401' }));
  for (const body of bodies) await lead.pushOne(body);
  const [mother, first, second, third] = bodies.map(({ uid }) => uid) as [TicketId, TicketId, TicketId, TicketId];
  await decideAs(lead, mother, 'to_dispatch', dispatchTo(UNIT));
  await decideAs(unit, mother, 'to_sign', SAMPLE_ACTS.sign);

  // What the newest tickets of the demo centre are in depends on the hour.
  const [others] = await world.sql<{ count: number }>(
    "SELECT count(*)::int AS count FROM tickets WHERE line = '12345' AND status IN ('handling', 'redo') AND uid <> $1",
    [mother],
  );
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  const list = seat.get(TEST_IDS.ticketTable);
  await expect(list.getByRole('row').filter({ hasText: '中央路260号' })).toHaveCount(3);
  await expect(list).toBeFocused();
  await expect(seat.get(TEST_IDS.queueFigures)).toHaveText('事件 3 个，诉求 3 件');
  await world.stopServer();

  // All of the queue, under a ticket that lies in another one.
  await page.keyboard.press('Control+a');
  await expect(page.getByText('已勾选 3 件')).toBeVisible();
  await page.keyboard.press('m');
  await seat.get(TEST_IDS.clusterFind).fill('门前污水漫溢');
  // The unit has five working days; a ticket to choose says how much of them is left.
  const choice = page.locator('label').filter({ has: seat.get(TEST_IDS.clusterParent(mother)) });
  await expect(choice.getByTestId(TEST_IDS.clock)).toHaveText(/^正常 \d 工作日/);
  await seat.get(TEST_IDS.clusterParent(mother)).check();
  await expect(seat.get(TEST_IDS.decideSummary)).toHaveText('将处理 3 件');
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await seat.get(TEST_IDS.decideWords).fill('同一处污水井');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect(list.getByRole('row').filter({ hasText: '中央路260号' })).toHaveCount(0);

  // One of them was about another sewer.
  await seat.get(`${TEST_IDS.queueFilter}-handling`).check({ force: true });
  await expect(seat.get(TEST_IDS.queueFigures)).toHaveText(
    `事件 ${1 + (others?.count ?? 0)} 个，诉求 ${4 + (others?.count ?? 0)} 件`,
  );
  await seat.get(TEST_IDS.ticketRow(mother)).click();
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.clusterFigures)).toContainText('4 件诉求');
  await expect(seat.get(TEST_IDS.clusterChildren).getByRole('listitem')).toHaveCount(3);
  await seat.get(TEST_IDS.clusterSplit(third)).click();
  await seat.get(TEST_IDS.decideWords).fill('是隔壁院子的井');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.clusterChildren).getByRole('listitem')).toHaveCount(2);
  await expect.poll(() => seat.outboxCount()).toBe(4);

  await world.startServer();
  await expect
    .poll(() => stateOf(world, [mother, first, second, third]), { timeout: 60_000 })
    .toEqual([
      { status: 'handling', parent: false, reply: null },
      { status: 'merged', parent: true, reply: null },
      { status: 'merged', parent: true, reply: null },
      { status: 'to_dispatch', parent: false, reply: null },
    ]);
  await expect.poll(() => seat.outboxCount(), { timeout: 30_000 }).toBe(0);

  // The unit is not the owner, and clears it all the same; nobody who called is left without an answer.
  const text = '非我局管养，已先行疏通，管养单位提请研判。';
  const again = await signInDemo(world.serverUrl ?? '', 'demo1002');
  await decideAs(again, mother, 'handling', SAMPLE_ACTS.reply, text);
  const answered = { status: 'to_callback', reply: text };
  expect(await stateOf(world, [mother, first, second, third])).toEqual([
    { ...answered, parent: false },
    { ...answered, parent: true },
    { ...answered, parent: true },
    { status: 'to_dispatch', parent: false, reply: null },
  ]);
  await seat.get(`${TEST_IDS.queueFilter}-callback`).check({ force: true });
  await expect(list.getByRole('row').filter({ hasText: '中央路260号' })).toHaveCount(3, { timeout: 30_000 });
});

test('a 派单员 agrees with one proposal of 并单 and refuses another, with a reason that whoever proposed it reads', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'dispatcher');
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const bodies = CALLS.slice(0, 3).map((what) => createTicketBody({ title: `中央路260号${what}` }));
  for (const body of bodies) await lead.pushOne(body);
  const [mother, first, second] = bodies.map(({ uid }) => uid) as [TicketId, TicketId, TicketId];
  for (const uid of [first, second]) {
    const args = { eventId: newId<EventId>(Date.now()), parentUid: mother, reason: '' };
    await lead.pushOne({ kind: 'ticket.link', uid, args });
  }
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-merges`).check({ force: true });
  const list = seat.get(TEST_IDS.ticketTable);
  await expect(list.getByRole('row').filter({ hasText: '中央路260号' })).toHaveCount(2);
  await seat.get(TEST_IDS.ticketRow(first)).click();
  await seat.get(TEST_IDS.triage('merge')).click();
  await expect(seat.get(TEST_IDS.clusterParent('proposed'))).toBeChecked();
  await seat.get(TEST_IDS.decideWords).fill('同一处');
  await page.keyboard.press('Control+Enter');
  await expect(list.getByRole('row').filter({ hasText: '中央路260号' })).toHaveCount(1);

  await seat.get(TEST_IDS.ticketRow(second)).click();
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.clusterRefuse).click();
  await seat.get(TEST_IDS.decideWords).fill('不是同一处井');
  await page.keyboard.press('Control+Enter');
  await expect(list).toHaveCount(0);
  await expect
    .poll(() => stateOf(world, [first, second]), { timeout: 30_000 })
    .toEqual([
      { status: 'merged', parent: true, reply: null },
      { status: 'to_dispatch', parent: false, reply: null },
    ]);
  await expect
    .poll(() => world.sql(`SELECT body FROM ticket_events WHERE ticket_uid = $1 AND kind = 'unlinked'`, [second]))
    .toEqual([{ body: '不是同一处井' }]);
});
