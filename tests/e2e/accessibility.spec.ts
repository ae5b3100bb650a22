import { lockFolder } from '#main/data/db/instance-lock.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type UserId } from '#shared/kernel/ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerDrawn, appealBody, markBody, scoreBody, signInDemo, startBody } from '../support/checks.ts';
import { createTicketBody } from '../support/test-console.ts';
import { checkerOf, findKnownCaller } from './looks.ts';
import { AGENT, changePerson, expect, setAgentRole, startOnline, test } from './world.ts';

test('sign-in and the screens of a console that cannot start', async ({ lonelyWorld: world }) => {
  const lock = lockFolder(world.profileDir, null);
  const { page } = await world.startApp();
  const check = checkerOf(page);
  await world.seat.get(TEST_IDS.fatalScreen).waitFor();
  await check('fatal screen');
  lock.release();
  await world.seat.get(TEST_IDS.fatalRetry).click();
  await page.locator(`[data-testid="${TEST_IDS.signInServerState}"][data-state="not-configured"]`).waitFor();
  await check('sign-in');
});

test('every screen of the work, with a known caller on the line', async ({ world }) => {
  test.setTimeout(400_000);
  const { page, electron } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  await seat.get(TEST_IDS.signInDemo(AGENT.account)).waitFor();
  await check('sign-in with people to choose from');
  await seat.startShift(AGENT.account, AGENT.password);
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await seat.getReady();
  await seat.ring(await findKnownCaller(world));
  await seat.answer();
  await expect(seat.get(TEST_IDS.citizenTickets)).toBeVisible();
  await seat.write({
    title: '路灯不亮',
    content: '小区门口的路灯不亮，已经好几天了。',
    address: '鼓楼区中央路260号3栋',
  });
  await seat.get(TEST_IDS.intakeAddressParts).waitFor();
  await seat.get(TEST_IDS.intakeSuggestions).waitFor();
  await check('intake and filled citizen panel');
  await seat.get(`${TEST_IDS.citizenView}-timeline`).check({ force: true });
  await seat.get(TEST_IDS.citizenTimeline).getByRole('listitem').first().waitFor();
  await check('what a person called about, in one line of time');
  for (const [picker, typed] of [
    [TEST_IDS.intakeCategory, '路灯'],
    [TEST_IDS.intakeDivision, '鼓楼'],
    [TEST_IDS.intakeTags, '老'],
  ] as const) {
    await seat.get(picker).fill(typed);
    await page.getByRole('option').first().waitFor();
    await check(`list of ${picker}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);
  }

  for (const name of ['mine', 'queue', 'search', 'outbox', 'settings']) {
    await seat.get(TEST_IDS.nav(name)).click();
    await seat.get(TEST_IDS.page(name)).waitFor();
    await check(name);
  }

  await page.keyboard.press('Alt+1');
  await seat.get(TEST_IDS.sideTab('knowledge')).click();
  await seat.get(TEST_IDS.knowledgePanel).getByTestId(TEST_IDS.articleAnswer).waitFor();
  await check('knowledge beside the form');
  await seat.write({ content: '小区门口的路灯不亮。/' });
  await seat.get(TEST_IDS.cannedTexts).waitFor();
  await check('canned texts');
  await page.keyboard.press('Escape');
  await seat.write({ content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.nav('knowledge')).click();
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.articleTitle).waitFor();
  await check('knowledge page with an article');
  await seat.get(TEST_IDS.knowledgeCategory).fill('路灯');
  await page
    .locator(`[data-testid^="${TEST_IDS.knowledgeCategoryOption('')}"]`)
    .first()
    .waitFor();
  await check('categories of articles');
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.articleFeedbackOpen).click();
  await seat.get(TEST_IDS.articleFeedbackText).waitFor();
  await check('what is wrong with an article');

  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await seat.get(TEST_IDS.page('queue')).getByRole('row').nth(1).click();
  await seat.get(TEST_IDS.ticketEvents).waitFor();
  await check('ticket detail');

  await page.keyboard.press('Control+k');
  await seat.get(TEST_IDS.paletteInput).waitFor();
  await check('command palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+1');
  await seat.get(TEST_IDS.paletteButton).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await check('shortcut sheet');
  await page.keyboard.press('Escape');

  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes('index.html'))
      ?.close();
  });
  await seat.get(TEST_IDS.closeStay).waitFor();
  await check('closing during a call');
  await page.keyboard.press('Escape');

  await world.app.killDataProcess();
  await seat.get(TEST_IDS.relockBanner).locator('input').waitFor();
  await check('relock banner');
});

test('possible duplicates, a note that is being written, and what a search by a name finds', async ({ world }) => {
  test.setTimeout(200_000);
  const { page } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  const matter = { content: '中央路260号3栋楼下每晚有烧烤摊占道经营，油烟很大。', address: '鼓楼区中央路260号3栋' };
  await page.keyboard.press('Control+n');
  const first = { type: 'help', category: '占道经营', title: '烧烤摊占道扰民', callerName: '王小芳' } as const;
  await seat.write({ ...first, ...matter, callerPhone: '13800004821' });
  await seat.submit();
  await seat.get(TEST_IDS.intakeSubmitted).waitFor();
  await check('an empty desk with the number of what was submitted');
  const candidates = seat.get(TEST_IDS.duplicates).getByRole('listitem').filter({ hasText: first.title });
  await page.keyboard.press('Control+n');
  await seat.write({ ...matter, callerPhone: '13800004822' });
  await page.keyboard.press('Alt+d');
  await expect(candidates).toHaveCount(1);
  await check('possible duplicates');
  const plan = candidates.locator('button[aria-pressed]');
  await plan.click();
  await expect(plan).toHaveAttribute('aria-pressed', 'true');
  await check('a planned merge');

  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.page('mine')).getByRole('row').filter({ hasText: first.title }).first().click();
  await seat.get(TEST_IDS.ticketNoteText).fill('摊主已劝离。');
  await seat.get(TEST_IDS.ticketAddNote).waitFor();
  await check('a note that is being written');

  const found = await seat.search('wxf');
  await expect(found.locator('mark').first()).toHaveText('王小芳');
  await check('what a search by a name finds');
  await seat.get(TEST_IDS.searchFilter('status')).focus();
  await page.getByRole('option').first().waitFor();
  await check('conditions of a search');
});

test('special forms: filled in, refused, previewed', async ({ world }) => {
  test.setTimeout(400_000);
  const { page } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ title: '涵洞积水', content: '涵洞积水，车辆被困。' });
  await seat.pick(TEST_IDS.intakeCategory, '下穿通道');
  await seat.get(TEST_IDS.formField('depth')).fill('很深');
  // What is missing is marked at every field.
  await page.keyboard.press('Control+Enter');
  await seat.get(TEST_IDS.intakeProblems).waitFor();
  await seat.get(TEST_IDS.formFieldError('trapped')).waitFor();
  await check('intake with a form that is not complete');
  await page.keyboard.press('Alt+b');
  await page.getByRole('option').first().waitFor();
  await check('choice of a form');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+6');
  await seat.get(TEST_IDS.formPreviewOpen).click();
  await seat.get(TEST_IDS.formPreviewForm('safety-report-12350', 1)).click();
  await seat.get(TEST_IDS.formPreviewData).waitFor();
  await check('form preview');
  const faulty = { name: 'faulty.json', mimeType: 'application/json', buffer: Buffer.from('{ "id": "x" }') };
  await seat.get(TEST_IDS.formPreviewFile).setInputFiles(faulty);
  await seat.get(TEST_IDS.formPreviewFaults).waitFor();
  await check('faults of a form file');
});

test('every state of a call, what opens above the form for it, and the call log', async ({ world }) => {
  test.setTimeout(400_000);
  const { page } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  await page.keyboard.press('Alt+1');
  await seat.get(TEST_IDS.agentState).click();
  await seat.get(TEST_IDS.agentSignOut).waitFor();
  await check('menu of agent states');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+o');
  await seat.get(TEST_IDS.dialNumber).waitFor();
  await check('dialling');
  await page.keyboard.press('Escape');
  await seat.prepareCaller('13800004814', '来电人');
  await check('the other end of a line that nobody is on');
  await seat.letRing();
  await seat.get(TEST_IDS.intakeContent).waitFor();
  await check('ringing');
  await seat.answer();
  await seat.ringBehind('13800004815', '排队人');
  await check('talking, with a caller who waits');
  await seat.get(TEST_IDS.callQueue).click();
  await page.getByText('排队人').waitFor();
  await check('callers who wait');
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.simulateOpen).click();
  await seat.get(TEST_IDS.simulateGiveUp).waitFor();
  await check('the other ends of a line with callers');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+F9');
  await seat.get(TEST_IDS.keypad).waitFor();
  await check('keypad');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F8');
  await seat.waitForAgent('held');
  await check('on hold');
  await page.keyboard.press('Alt+t');
  await seat.get(TEST_IDS.transferTarget).fill('1002');
  await page.locator(`[data-testid="${TEST_IDS.transferOption('1002')}"][aria-selected="true"]`).waitFor();
  await check('choice of a colleague');
  await page.keyboard.press('Enter');
  await seat.waitForLeg('consult', 'talking');
  await check('consultation');
  await page.keyboard.press('Alt+c');
  await seat.waitForLeg('consult', 'joined');
  await check('three-way call');
  await page.keyboard.press('Shift+F8');
  await seat.waitForAgent('talking');
  await page.keyboard.press('Alt+e');
  await seat.get(TEST_IDS.emergencyMenu).waitFor();
  await check('choice of an emergency service');
  await page.keyboard.press('1');
  await seat.waitForLeg('emergency', 'joined');
  await check('connected with 110');
  await seat.hangUp();
  await check('wrap-up of a hand-over');
  await seat.submit();
  await page.keyboard.press('F6');
  await seat.waitForCall('ringing');
  await seat.answer();
  await seat.hangUp();
  await seat.finishWrapUp();
  await page.keyboard.press('Alt+8');
  await seat.get(TEST_IDS.callTable).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.callDetail).waitFor();
  await check('call log');
  await seat.ring('13800004816', '来电人');
  await page.keyboard.press('Control+Shift+L');
  await seat.get(TEST_IDS.signInCall).waitFor();
  await check('a locked console that is rung');
});

/** One ticket that waits to be checked, one that was appealed against and calibrated with. */
async function makeChecks(world: Bootstrap): Promise<void> {
  const url = forceUnwrap('a server', world.serverUrl);
  const [user] = await world.sql<{ id: UserId }>(`SELECT id FROM users WHERE account = 'demo1001'`);
  const agentId = forceUnwrap('an account', user).id;
  const [agent, checker] = [await signInDemo(url, 'demo1001'), await signInDemo(url, 'demo7001')];
  const event = () => newId<never>(systemClock.now());
  const facts = await answerDrawn(agent, agentId, '咨询居住证办理');
  await answerDrawn(agent, agentId, '公交线路调整');
  await checker.pushOne(scoreBody(facts, event()));
  await agent.pushOne(appealBody(facts, event()));
  await checker.pushOne(startBody(facts));
  await checker.pushOne(markBody(facts, event()));
}

test('checks: the lists, the sheet, an appeal, a calibration', async ({ world }) => {
  test.setTimeout(240_000);
  await makeChecks(world);
  const { page } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  const openLast = async (list: string) => {
    await seat.get(`${TEST_IDS.qualityList}-${list}`).check({ force: true });
    await seat.get(TEST_IDS.qualityTable).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await seat.get(TEST_IDS.qualityPanel).getByRole('button').last().waitFor();
    await seat.get(TEST_IDS.qualityState).waitFor();
  };
  await seat.startShift('demo2001', AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+9');
  await seat.get(TEST_IDS.qualityTable).waitFor();
  await seat.get(TEST_IDS.queueNarrow).click();
  await check('conditions of checks');
  await seat.get(TEST_IDS.queueNarrow).click();
  for (const list of ['to_check', 'appealed', 'calibration']) {
    await openLast(list);
    await check(`list and sheet, ${list}`);
    await page.keyboard.press('Escape');
    await seat.get(TEST_IDS.qualityPanel).waitFor({ state: 'detached' });
  }
  // Who has given their marks sees those of the others.
  await changePerson(world, { account: 'demo7001', password: AGENT.password });
  await page.keyboard.press('Alt+9');
  await openLast('calibration');
  await seat.get(TEST_IDS.qualitySpread).waitFor();
  await check('what a calibration came to');
});

test('the board, its alarms and tickets, and reminders of limits', async ({ world }) => {
  test.setTimeout(240_000);
  const agent = await signInDemo(world.serverUrl ?? '', 'demo1001');
  const body = createTicketBody({ title: '路灯不亮', urgency: 'critical' });
  await agent.pushOne(body);
  const ago = systemClock.now() - 600_000;
  await world.sql(
    `UPDATE tickets SET accepted_at = $2, clocks = jsonb_set(jsonb_set(clocks::jsonb, '{close,dueAt}', to_jsonb($2::bigint)), '{close,startedAt}', '1')::json
     WHERE uid = $1`,
    [body.uid, ago],
  );
  const seat = { position: 'break', reason: 'meal', forMs: 2_000_000, call: null, waiting: [] };
  await agent.send('/board/seat', { sentAt: systemClock.now(), state: seat, days: [] });
  await setAgentRole(world, 'lead');
  const lead = await startOnline(world);
  const { page } = lead;
  const check = checkerOf(page);
  await page.keyboard.press('Alt+0');
  await lead.get(TEST_IDS.boardSeats).waitFor();
  await check('board');
  await lead.get(TEST_IDS.boardAlarm('critical-waiting')).click();
  await lead.get(TEST_IDS.boardTicket(body.uid)).waitFor();
  await check('tickets of an alarm');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+n');
  await lead.get(TEST_IDS.reminderRow(body.uid)).waitFor();
  await check('reminders');
});
