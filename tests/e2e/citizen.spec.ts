import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { IntakeTexts, Seat } from '../../scripts/driver/seat.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { AGENT, expect, startOnline, startSecondSeat, test } from './world.ts';

const PHONE = '13800004711';
const NOISE: IntakeTexts = {
  type: 'complaint',
  category: '噪声',
  title: '夜间施工噪声',
  content: '小区东侧工地夜里十一点后仍在施工。',
  callerName: '王小芳',
  address: '中央路260号3栋',
};

/** One call from ring to ready again, with a ticket out of it. */
async function takeCall(seat: Seat, phone: string, texts: IntakeTexts, tick?: string): Promise<void> {
  await seat.ring(phone);
  await seat.answer();
  await seat.write(texts);
  if (tick !== undefined) await seat.get(tick).check({ force: true });
  await seat.submit();
  await seat.hangUp();
  await seat.finishWrapUp();
}

test('a search by reading, number and conditions leads to tickets and people without the mouse', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  const { keyboard } = seat.page;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await takeCall(seat, PHONE, NOISE);
  await takeCall(seat, '13800004712', { ...NOISE, title: '路灯不亮', category: '路灯', callerName: '李雷' });
  await seat.waitForOutbox(0);

  const results = await seat.search('wxf');
  await expect(results.getByRole('option')).toHaveCount(2);
  await expect(results.getByRole('option').first().locator('mark')).toHaveText('王小芳');
  for (const query of ['zyl260', '中央路260', '4711', '+86 138-0000-4711', '“夜间施工”']) {
    await seat.get(TEST_IDS.searchInput).fill(query);
    await expect(results).toContainText('夜间施工噪声');
  }

  // A condition by its initials, then none again.
  await seat.get(TEST_IDS.searchInput).fill('zyl');
  await expect(results).toContainText('路灯不亮');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(seat.get(TEST_IDS.searchFilter('category'))).toBeFocused();
  await keyboard.type('路灯');
  await seat.page.getByRole('option').first().waitFor();
  await keyboard.press('Enter');
  await expect(results).not.toContainText('夜间施工噪声');
  await expect(results).toContainText('路灯不亮');
  await seat.get(TEST_IDS.searchInput).fill('');
  await expect(results).toContainText('路灯不亮');
  // A span of days by its number, readable as a whole once chosen.
  await seat.get(TEST_IDS.searchFilter('period')).focus();
  await keyboard.type('30');
  await seat.page.getByRole('option', { name: '近 30 天' }).waitFor();
  await keyboard.press('Enter');
  const period = seat.get(TEST_IDS.searchFilter('period'));
  await expect(period).toHaveValue('近 30 天');
  expect(await period.evaluate((input) => input.scrollWidth <= input.clientWidth)).toBe(true);
  await seat.get(TEST_IDS.searchFilterClear).click();

  // The person with the arrow keys, their ticket from there, and back step by step.
  await seat.get(TEST_IDS.searchInput).fill('王小芳');
  await expect(results.getByRole('option')).toHaveCount(2);
  await seat.get(TEST_IDS.searchInput).press('ArrowDown');
  await keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.citizenPane)).toContainText('138 0000 4711');
  await seat.get(TEST_IDS.citizenPane).getByRole('button', { name: '夜间施工噪声' }).click();
  await expect(seat.get(TEST_IDS.ticketDetail)).toContainText('夜间施工噪声');
  await keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.citizenPane)).toBeVisible();
  await keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.citizenPane)).toBeHidden();
  await expect(seat.get(TEST_IDS.searchInput)).toBeFocused();
});

test('the next ring shows needs, flag, promise and why the caller counts as repeated', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await takeCall(seat, PHONE, NOISE);
  await takeCall(seat, PHONE, { ...NOISE, address: '中央路260号5栋' });

  await seat.ring(PHONE);
  await expect(seat.get(TEST_IDS.citizenRepeat)).toContainText('30 天内 2 次，其中 2 次同一地点同一类别');
  await seat.answer();
  await seat.get(TEST_IDS.citizenOpen).getByRole('button').first().click();
  await seat.get(TEST_IDS.ticketNoteText).fill('承诺 明天下午3点前回电');
  await expect(seat.get(TEST_IDS.ticketPromise)).toContainText('15:00');
  await seat.get(TEST_IDS.ticketPromise).click();
  await expect(seat.get(TEST_IDS.ticketEvents)).toContainText('明天下午3点前回电');
  await seat.page.keyboard.press('Escape');

  await seat.get(TEST_IDS.citizenEdit).click();
  await seat.get(TEST_IDS.personAddPhone).fill('(025) 8400-0001');
  await seat.get(TEST_IDS.personAddPhone).press('Enter');
  await seat.get(TEST_IDS.personHearing).check({ force: true });
  await seat.get(TEST_IDS.personLanguage).fill('苏州话');
  await seat.get(`${TEST_IDS.personFlag}-care`).check({ force: true });
  await seat.get(TEST_IDS.personFlagText).fill('独居老人');
  await seat.get(TEST_IDS.personFlagAdd).click();
  await seat.get(TEST_IDS.personSave).click();
  await expect(seat.get(TEST_IDS.personEditor)).toBeHidden();
  await seat.page.keyboard.press('Control+s');
  await seat.hangUp();
  await seat.finishWrapUp();
  await seat.waitForOutbox(0);

  // From the other number: the same person, and everything that has to be known before the first word.
  await seat.ring('025-84000001');
  await expect(seat.get(TEST_IDS.citizenName)).toHaveText('王小芳');
  await expect(seat.get(TEST_IDS.citizenNeeds)).toContainText('苏州话');
  await expect(seat.get(TEST_IDS.citizenFlags)).toContainText('独居老人');
  await expect(seat.get(TEST_IDS.citizenPromise)).toContainText('承诺 明天下午3点前回电');
  await expect(seat.get(TEST_IDS.citizenPromise)).toContainText('林晓雯');
  await seat.answer();
  await seat.get(`${TEST_IDS.citizenView}-timeline`).check({ force: true });
  await expect(seat.get(TEST_IDS.citizenTimeline).getByRole('listitem')).toHaveCount(7);
  await expect(seat.get(TEST_IDS.citizenTimeline).getByTestId(TEST_IDS.clock)).toHaveText([/^正常 剩/, /^正常 剩/]);
  await seat.get(TEST_IDS.citizenTimelineKind('ticket')).uncheck({ force: true });
  await seat.get(TEST_IDS.citizenTimelineKind('call')).uncheck({ force: true });
  await expect(seat.get(TEST_IDS.citizenTimeline).getByRole('listitem')).toHaveCount(1);
  const [stored] = await world.sql<{ fields: { phones: string[] } }>(
    `SELECT fields FROM citizens WHERE fields->>'name' = '王小芳'`,
  );
  expect(stored?.fields.phones).toEqual([PHONE, '02584000001']);
});

test('somebody who has called before and has no ticket is told apart from an empty panel', async ({ world }) => {
  const seat = await startOnline(world);
  await seat.getReady();
  for (let call = 0; call < 2; call++) {
    await seat.ring('13800004719', '来电人');
    await seat.answer();
    if (call === 1) await expect(seat.get(TEST_IDS.citizenTickets)).toContainText('还没有工单');
    await seat.hangUp();
    await seat.finishWrapUp();
  }
});

test('a call a colleague took is told at the next ring, in the count and in the timeline', async ({ world }) => {
  const seat = await startOnline(world);
  const colleague = await startSecondSeat(world);
  await colleague.getReady();
  await takeCall(colleague, PHONE, NOISE);
  await colleague.waitForOutbox(0);
  await seat.getReady();
  await expect
    .poll(async () => (await world.sql('SELECT 1 FROM tickets WHERE caller_phone = $1', [PHONE])).length)
    .toBe(1);
  await seat.ring(PHONE);
  const calls = seat.get(TEST_IDS.citizenCalls).getByRole('listitem');
  await expect(calls).toHaveText([/今天.*周启明 · (已接通|通话)/], { timeout: 30_000 });
  await expect(seat.get(TEST_IDS.citizenTotals)).toContainText(/来电\s*1/);
  await seat.answer();
  await seat.get(`${TEST_IDS.citizenView}-timeline`).check({ force: true });
  await seat.get(TEST_IDS.citizenTimelineKind('ticket')).uncheck({ force: true });
  const timeline = seat.get(TEST_IDS.citizenTimeline).getByRole('listitem');
  await expect(timeline).toHaveText([/本座席 · 通话中/, /周启明/]);
});

test('two records become one person offline, and two again', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await takeCall(seat, PHONE, NOISE);
  await takeCall(seat, '13800004712', { ...NOISE, callerName: '王晓芳', title: '另一件事' });
  await seat.waitForOutbox(0);
  await world.stopServer();

  await seat.ring(PHONE);
  await seat.answer();
  await seat.get(TEST_IDS.citizenMerge).click();
  await expectGuarded(seat.get(TEST_IDS.mergeFind), 200);
  await seat.get(TEST_IDS.mergeFind).fill('wxf');
  await expect(seat.get(TEST_IDS.mergeDialog).getByRole('option')).toHaveText(/王晓芳/);
  await seat.page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.mergeDialog)).toBeHidden();
  await expect(seat.get(TEST_IDS.citizenTickets)).toContainText('另一件事');
  await seat.get(TEST_IDS.noticeUndo).click();
  await expect(seat.get(TEST_IDS.citizenTickets)).not.toContainText('另一件事');

  await seat.get(TEST_IDS.citizenMerge).click();
  await seat.get(TEST_IDS.mergeFind).fill('4712');
  await expect(seat.get(TEST_IDS.mergeDialog).getByRole('option')).toHaveText(/王晓芳/);
  await seat.page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.citizenPanel)).toContainText('已并入：王晓芳');
  await world.startServer();
  await seat.waitForConnection('online', 60_000);
  await seat.waitForOutbox(0);
  const merged = () =>
    world.sql(`SELECT 1 FROM citizens c JOIN citizens k ON c.merged_into = k.uid
      WHERE c.fields->>'name' = '王晓芳' AND k.fields->>'name' = '王小芳'`);
  expect(await merged()).toHaveLength(1);
  await seat.get(TEST_IDS.citizenPanel).getByRole('button', { name: '拆分' }).click();
  await waitFor('the server has split them', async () => (await merged()).length === 0);
});

test('a secret caller is masked everywhere, and a look at the number is logged at the centre', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  const secret = { ...NOISE, title: '王小芳反映噪声', content: `王小芳，电话${PHONE}，住中央路260号3栋。` };
  await takeCall(seat, PHONE, secret, TEST_IDS.intakeConfidential);
  await seat.waitForOutbox(0);

  await seat.search('噪声');
  const results = seat.get(TEST_IDS.searchResults);
  await expect(results.getByText('王*反映噪声')).toBeVisible();
  await expect(results).not.toContainText('小芳');
  await seat.get(TEST_IDS.searchInput).fill('王小芳');
  await expect(results).toBeHidden();
  await seat.get(TEST_IDS.searchInput).fill(PHONE);
  await expect(results).toContainText('138****4711');
  await results.getByText('王*反映噪声').click();
  const detail = seat.get(TEST_IDS.ticketDetail);
  await expect(detail).toContainText('138****4711');
  await expect(detail).not.toContainText('260号');

  await detail.getByTestId(TEST_IDS.maskLook('phone')).click();
  await expect(seat.get(`${TEST_IDS.maskReason}-callBack`)).toBeFocused();
  await seat.page.keyboard.press('Enter');
  await expect(detail).toContainText('138 0000 4711');
  await expect(detail.getByTestId(TEST_IDS.maskShown)).toContainText('秒后隐藏');
  await expect(detail).not.toContainText('小芳');
  await expect
    .poll(() => world.sql('SELECT subject, field, reason FROM reveals'))
    .toEqual([{ subject: 'ticket', field: 'phone', reason: '回拨核实' }]);
  await detail.getByRole('button', { name: '隐藏' }).click();
  await expect(detail).not.toContainText('138 0000 4711');

  // The next call of theirs: the agent hears who it is, the form does not get a masked name.
  await seat.ring(PHONE);
  await expect(seat.get(TEST_IDS.citizenName)).toHaveText('王*');
  await seat.answer();
  await expect(seat.get(TEST_IDS.intakeConfidential)).toBeChecked();
  await expect(seat.get(TEST_IDS.intakeCallerName)).toHaveValue('');
});
