import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { compose, pressInIme } from '../support/input-method.ts';
import { AGENT, expect, test } from './world.ts';

const WORDS = '我们小区门口的路灯不亮，已经好几天了，晚上看不见路，老人不敢出门。';

test('a suggested category is never filled in by itself, is taken over with one key and stays with the ticket', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Control+n');
  const content = seat.get(TEST_IDS.intakeContent);
  await expect(content).toBeFocused();
  await page.keyboard.type(WORDS);
  const first = seat.get(TEST_IDS.intakeSuggestion(1));
  await expect(first).toHaveAttribute('data-code', '020201');
  await expect(first).toContainText('路灯不亮');
  await expect(first).toContainText('%');
  // The unit that goes with it, as far as the place is known.
  await expect(seat.get(TEST_IDS.intakeSuggestions)).toContainText('市路灯管理处');
  // Too little history to speak of: it says so.
  await expect(seat.get(TEST_IDS.intakeSuggestions)).toContainText('本机历史工单还少');
  const category = seat.get(TEST_IDS.intakeCategory);
  await expect(category).toHaveValue('');

  // While an input method composes, the key is its own.
  const cdp = await page.context().newCDPSession(page);
  await compose(cdp, 'xie xie');
  await pressInIme(cdp, '1', 'Digit1', 2);
  await cdp.send('Input.insertText', { text: '谢谢' });
  await expect(content).toHaveValue(`${WORDS}谢谢`);
  await expect(category).toHaveValue('');

  await page.keyboard.press('Control+1');
  await expect(category).toHaveValue('市政设施 / 道路照明 / 路灯不亮');
  await expect(content).toBeFocused();
  await expect(seat.get(TEST_IDS.intakeSuggestions)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.intakeCategoryInfo)).toContainText('5 个工作日办结');

  // Places, tags and urgency belong to the same form.
  await seat.pick(TEST_IDS.intakeTags, 'lnr');
  await expect(seat.get(TEST_IDS.intakeTag('老年人'))).toBeVisible();
  await seat.write({ type: 'help', title: '路灯不亮', callerPhone: '13800005501', division: '鼓楼区' });
  await expect(seat.get(TEST_IDS.intakeCategoryInfo)).toContainText('南京市路灯管理处');
  await seat.submit();
  const accepted = async () => {
    const [row] = await world.sql<{ doc: { fields: Record<string, unknown> } }>(
      `SELECT doc FROM tickets WHERE doc->'fields'->'categoryChoice'->>'by' = 'suggested'`,
    );
    return row?.doc.fields ?? {};
  };
  await expect.poll(accepted).toMatchObject({
    categoryCode: '020201',
    tags: ['老年人'],
    categoryChoice: { by: 'suggested', confidence: expect.any(Number) },
  });

  // What nobody took over counts as well.
  await page.keyboard.press('Control+n');
  await page.keyboard.type('路口流动摊贩很多，占道经营，走路都困难。');
  await expect(first).toBeVisible();
  await seat.write({ type: 'complaint', title: '路口摊贩', callerPhone: '13800005502', category: '露天烧烤' });
  await seat.submit();
  await page.keyboard.press('Alt+6');
  await expect(seat.get(TEST_IDS.settingsAbout)).toContainText('有推荐时的采用率 50%（1/2）');
});

test('words of danger and some categories propose a higher urgency with the reason, and one key takes it', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await expect(seat.get(TEST_IDS.intakeContent)).toBeFocused();
  const proposal = seat.get(TEST_IDS.intakeUrgencyProposal);
  await seat.write({ category: '停电' });
  await expect(proposal).toContainText('这类事项一般按“紧急”办理');
  await seat.get(TEST_IDS.intakeContent).click();
  await page.keyboard.type('楼道里煤气味很重，');
  await expect(proposal).toHaveCount(1);
  await expect(proposal).toContainText('特急');
  await expect(proposal).toContainText('煤气味');
  await expect(seat.get(`${TEST_IDS.intakeUrgency}-normal`)).toBeChecked();
  await page.keyboard.press('Alt+u');
  await expect(seat.get(`${TEST_IDS.intakeUrgency}-critical`)).toBeChecked();
  await expect(proposal).toHaveCount(0);
});
