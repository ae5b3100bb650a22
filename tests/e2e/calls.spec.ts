import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { expect, startOnline, startSecondSeat, test } from './world.ts';

/** An agent who is ready for calls and connected. */
async function startSeat(world: Bootstrap): Promise<Seat> {
  const seat = await startOnline(world);
  await seat.getReady();
  return seat;
}

async function takeCall(seat: Seat, ani: string, name = ''): Promise<void> {
  await seat.ring(ani, name);
  await seat.answer();
}

/** Opens the newest call of the log. */
async function openNewestCall(seat: Seat): Promise<void> {
  await seat.page.keyboard.press('Alt+8');
  await seat.get(TEST_IDS.callTable).focus();
  await seat.page.keyboard.press('Home');
  await seat.page.keyboard.press('Enter');
  await seat.get(TEST_IDS.callDetail).waitFor();
}

/** Writes down the states the agent goes through from now on, holding aside: some last for a second, which is over while a busy machine asks. */
async function watchAgent(seat: Seat): Promise<() => Promise<readonly string[]>> {
  const states = await seat.get(TEST_IDS.agentState).evaluateHandle((shown) => {
    const seen: string[] = [];
    new MutationObserver(() => {
      const state = shown.getAttribute('data-state') ?? '';
      if (state !== 'held' && seen.at(-1) !== state) seen.push(state);
    }).observe(shown, { attributeFilter: ['data-state'] });
    return seen;
  });
  return () => states.jsonValue();
}

test('hold, mute, keys and wrap-up by keyboard alone; the log says how long each lasted', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  await takeCall(seat, '13800004801');
  await page.keyboard.press('F8');
  await seat.waitForAgent('held');
  await page.keyboard.press('F8');
  await seat.waitForAgent('talking');
  await page.keyboard.press('F9');
  await seat.waitForAgent('muted');
  await page.keyboard.press('F9');
  await seat.waitForAgent('talking');

  await page.keyboard.press('Shift+F9');
  await seat.get(TEST_IDS.keypad).waitFor();
  await page.keyboard.type('12#');
  await expect(seat.get(TEST_IDS.keypadSent)).toContainText('12#');
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.keypad)).toHaveCount(0);
  // The cursor is back in the form.
  await page.keyboard.type('市民来电');
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue('市民来电');

  // Another language changes the words, not where the agent is.
  await page.keyboard.press('Alt+8');
  await seat.get(TEST_IDS.callTable).waitFor();
  for (const language of ['en', 'zh-CN'] as const) {
    await page.evaluate(
      (to) => window.hotline.invoke('shell:preferences:set', { language: to, theme: 'light' }),
      language,
    );
    await expect(page.locator('html')).toHaveAttribute('lang', language);
  }
  await seat.waitForAgent('talking');
  await expect(seat.get(TEST_IDS.callTable)).toBeVisible();

  await seat.hangUp();
  const left = async () => Number(/(\d+):\d\d/.exec((await seat.get(TEST_IDS.wrapUpLeft).textContent()) ?? '')?.[1]);
  expect(await left()).toBeLessThan(2);
  await page.keyboard.press('Shift+F6');
  await waitFor('the wrap-up is a minute longer', async () => (await left()) >= 1);
  await seat.finishWrapUp();

  await openNewestCall(seat);
  const detail = seat.get(TEST_IDS.callDetail);
  for (const state of ['请求应答', '通话', '保持', '静音', '整理']) await expect(detail).toContainText(state);
});

test('a transferred call takes its form to the colleague: blind, and after a consultation', async ({ world }) => {
  test.setTimeout(240_000);
  const seat = await startSeat(world);
  const second = await startSecondSeat(world);
  await second.getReady();

  await takeCall(seat, '13800004802', '张女士');
  await seat.write({ type: 'complaint', title: '楼上漏水', content: '漏了三天，天花板已经发霉。' });
  await seat.transferTo('zqm', '1002', 'Shift+Enter');
  await seat.waitForAgent('wrap-up');
  await expect(seat.get(TEST_IDS.intakeEmpty)).toBeVisible();
  await expect(seat.get(TEST_IDS.notice)).toContainText('周启明');

  await second.waitForCall('ringing');
  await expect(second.get(TEST_IDS.callFrom)).toContainText('林晓雯');
  await expect(second.get(TEST_IDS.callNumber)).toHaveText('138 0000 4802');
  await second.answer();
  await expect(second.get(TEST_IDS.intakeHandedFrom)).toContainText('1001 林晓雯');
  await expect(second.get(TEST_IDS.intakeTitle)).toHaveValue('楼上漏水');
  await second.write({ category: '漏水' });
  await second.submit();
  await second.hangUp();
  await second.finishWrapUp();
  await second.waitForOutbox(0);
  const tickets = await world.sql<{ title: string; by: string; call: string }>(
    `SELECT doc->'fields'->>'title' AS title, doc->>'createdByName' AS by, doc->'fields'->'call'->>'callId' AS call
     FROM tickets WHERE number > ${SMALL_CENTRE.tickets}`,
  );
  expect(tickets).toMatchObject([{ title: '楼上漏水', by: '周启明' }]);

  // What went can be brought back, and is still there after a restart of the page.
  await seat.get(TEST_IDS.noticeUndo).click();
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('楼上漏水');
  await seat.page.keyboard.press('F6');
  await seat.waitForAgent('ready');

  // Attended: first taken back, then completed.
  await takeCall(seat, '13800004803');
  await seat.write({ content: '咨询落户政策，需要专席解答。' });
  await seat.transferTo('1002', '1002', 'Enter');
  await seat.waitForLeg('consult', 'talking');
  await seat.page.keyboard.press('Shift+F8');
  await seat.waitForAgent('talking');
  await seat.transferTo('周', '1002', 'Enter');
  await seat.waitForLeg('consult', 'talking');
  await seat.page.keyboard.press('Shift+F2');
  await seat.waitForAgent('wrap-up');
  await second.waitForCall('ringing');
  await second.answer();
  await expect(second.get(TEST_IDS.intakeContent)).toHaveValue('咨询落户政策，需要专席解答。');
  await openNewestCall(seat);
  await expect(seat.get(TEST_IDS.callDetail)).toContainText('1002 周启明');
  await expect(seat.get(TEST_IDS.callDetail)).toContainText('已转接');
  // Long after the notice is gone, the form is brought back from the log.
  await seat.get(TEST_IDS.callRestoreDraft).click();
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue('咨询落户政策，需要专席解答。');
  await expect(seat.get(TEST_IDS.intakeHandedTo)).toContainText('1002 周启明');
});

test('a transfer while the server is away: the call goes, the form waits and arrives', async ({ world }) => {
  test.setTimeout(240_000);
  const seat = await startSeat(world);
  await world.stopServer();
  // A try of its own tells at once what the next poll would.
  await seat.page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxRetry).click();
  await seat.waitForConnection('offline');
  await takeCall(seat, '13800004804');
  await seat.write({ title: '断网时转接', content: '表单稍后送达。' });
  await seat.transferTo('1002', '1002', 'Shift+Enter');
  await seat.waitForAgent('wrap-up');
  await expect(seat.get(TEST_IDS.notice)).toContainText('联网后送达');
  await seat.waitForOutbox(1);

  await world.startServer();
  await seat.waitForOutbox(0, 60_000);
  const second = await startSecondSeat(world);
  await second.getReady();
  await expect(second.get(TEST_IDS.intakeHandedFrom)).toContainText('林晓雯');
  await expect(second.get(TEST_IDS.intakeTitle)).toHaveValue('断网时转接');
});

test('a reload on hold, in a consultation and in a three-way call loses neither call nor text', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  const TEXT = '重新加载也不能丢的内容';
  await takeCall(seat, '13800004805');
  await seat.write({ content: TEXT });
  await seat.waitUntilSaved();
  const reloadAnd = async (check: () => Promise<void>) => {
    await page.reload();
    await check();
    await expect(seat.get(TEST_IDS.callName)).toBeVisible();
    await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(TEXT);
  };
  await page.keyboard.press('F8');
  await seat.waitForAgent('held');
  await reloadAnd(() => seat.waitForAgent('held'));
  await page.keyboard.press('F8');
  await seat.waitForAgent('talking');

  await seat.transferTo('1002', '1002', 'Enter');
  await seat.waitForLeg('consult', 'talking');
  await reloadAnd(() => seat.waitForLeg('consult', 'talking'));
  await page.keyboard.press('Alt+c');
  await seat.waitForAgent('conference');
  await reloadAnd(() => seat.waitForLeg('consult', 'joined'));
  await page.keyboard.press('Shift+F8');
  await seat.waitForAgent('talking');
  await seat.hangUp();
});

test('a colleague who does not come: the citizen is still there, and the agent is told', async ({ world }) => {
  const seat = await startSeat(world);
  await seat.get(TEST_IDS.simulateOpen).click();
  await seat.get(`${TEST_IDS.simulatePeers}-decline`).check({ force: true });
  await seat.page.keyboard.press('Escape');
  await takeCall(seat, '13800004806');
  const wasIn = await watchAgent(seat);
  await seat.transferTo('1002', '1002', 'Enter');
  await expect(seat.get(TEST_IDS.notice)).toContainText('市民仍在线上');
  await expect.poll(wasIn).toEqual(['transfer', 'talking']);
  await seat.page.keyboard.press('Alt+h');
  await expect.poll(wasIn).toEqual(['transfer', 'talking', 'help', 'talking']);
  await seat.hangUp();
  await openNewestCall(seat);
  await expect(seat.get(TEST_IDS.callDetail)).toContainText('班长');
});

test('110: one action connects all three and is on the ticket, also with an empty form', async ({ world }) => {
  const seat = await startSeat(world);
  await takeCall(seat, '13800004807');
  await seat.handOver('1');
  await expect(seat.get(TEST_IDS.intakeHandedOff)).toContainText('110');
  // Nobody throws such a form away.
  await expect(seat.get(TEST_IDS.intake).getByRole('button', { name: /放弃草稿/ })).toBeDisabled();
  await seat.page.keyboard.press('F4');
  await seat.waitForAgent('wrap-up');
  await expect(seat.get(TEST_IDS.intakeHandOff)).toContainText('110');
  await seat.submit();
  await seat.finishWrapUp();

  await takeCall(seat, '13800004808');
  await seat.write({ content: '有人落水。' });
  await seat.page.keyboard.press('F8');
  await seat.waitForAgent('held');
  await seat.handOver('3');
  await seat.submit();
  await seat.page.keyboard.press('F4');
  await seat.waitForAgent('wrap-up');
  await seat.finishWrapUp();

  // The ticket was made before it turned out to be an emergency.
  await takeCall(seat, '13800004816');
  await seat.write({ type: 'report', category: '路灯', title: '路灯冒烟', content: '路灯杆冒烟。' });
  await seat.submit();
  await seat.handOver('2');
  await seat.page.keyboard.press('F4');
  await seat.waitForAgent('wrap-up');
  // What was spoken is on the ticket as well, once the call is over.
  const read = () =>
    world.sql<{ status: string; service: string; content: string; events: string[] }>(`
      SELECT status, doc->'fields'->'handOff'->>'service' AS service, doc->'fields'->>'content' AS content,
        ARRAY(SELECT concat_ws(' ', kind, nullif(body, ''), overlay ->> 'step') FROM ticket_events e
          WHERE e.ticket_uid = t.uid AND kind <> 'status' ORDER BY version, position) AS events
      FROM tickets t WHERE number > ${SMALL_CENTRE.tickets} ORDER BY number`);
  await expect.poll(read).toMatchObject([
    { status: 'handed_off', service: '110', content: '', events: ['created', 'handed_off 110', 'overlay hand_over'] },
    {
      status: 'handed_off',
      service: '120',
      content: '有人落水。',
      events: ['created', 'handed_off 120', 'overlay hand_over'],
    },
    { service: null, content: '路灯杆冒烟。', events: ['created', 'accepted', 'handed_off 119', 'overlay hand_over'] },
  ]);
});

test('further callers wait and ring next; one who gave up is a missed call that is called back', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  await takeCall(seat, '13800004809');
  await seat.ringBehind('13800004810', '先等的人');
  await seat.ringBehind('13800004811', '后等的人');
  await expect(seat.get(TEST_IDS.callQueue)).toContainText('2');
  await expect(seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4809');
  await seat.hangUp();
  await page.keyboard.press('F6');
  await seat.waitForCall('ringing');
  await expect(seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4810');
  await expect(seat.get(TEST_IDS.callQueue)).toContainText('1');
  await seat.answer();

  await seat.get(TEST_IDS.simulateOpen).click();
  await seat.get(TEST_IDS.simulateGiveUp).click();
  await expect(seat.get(TEST_IDS.callQueue)).toHaveCount(0);
  await seat.hangUp();
  await seat.finishWrapUp();
  await expect(seat.get(TEST_IDS.nav('calls'))).toContainText('1');

  await page.keyboard.press('Alt+8');
  await seat.get(`${TEST_IDS.callFilter}-missed`).check({ force: true });
  await seat.get(TEST_IDS.callTable).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.callBackNumber).click();
  await seat.waitForAgent('talking');
  await expect(seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4811');
  // The form of the call that is made lies ready.
  await expect(seat.get(TEST_IDS.intakeCallerPhone)).toHaveValue(/138\s?0000\s?4811/);
  await seat.hangUp();
  await seat.finishWrapUp();
  await waitFor('nobody waits for a call any more', async () => {
    const text = await seat.get(TEST_IDS.nav('calls')).textContent();
    return !/\d/.test(text ?? '');
  });
});

/**
 * What of the caller in the bar cannot be read: text that is wider than its place, or lies outside of what is shown. Fractions count:
 * a tenth of a pixel too few already puts an ellipsis into a name.
 */
function unreadableInBar(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    (ids) =>
      ids.flatMap((id) => {
        const part = document.querySelector(`[data-testid="${id}"]`);
        if (!part?.parentElement) return [`${id} is not there`];
        const range = document.createRange();
        range.selectNodeContents(part);
        const place = part.getBoundingClientRect();
        const shown = part.parentElement.getBoundingClientRect();
        const isCut = range.getBoundingClientRect().width > place.width + 0.01 || place.right > shown.right + 0.01;
        return isCut ? [`${id} ${part.textContent}`] : [];
      }),
    [TEST_IDS.callName, TEST_IDS.callNumber],
  );
}

test('who is on the line can be read at every stage, while others wait', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  const look = async (stage: string) => {
    for (const [width, language] of [
      [1366, 'zh-CN'],
      [1366, 'en'],
      [1440, 'en'],
    ] as const) {
      await world.app.electron.evaluate(({ BrowserWindow }, wanted) => {
        for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.setContentSize(wanted, 768);
      }, width);
      await page.evaluate(
        (to) => window.hotline.invoke('shell:preferences:set', { language: to, theme: 'light' }).then(() => undefined),
        language,
      );
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
      await expect.poll(() => unreadableInBar(page), `${stage} ${language} ${width}`).toEqual([]);
    }
  };
  await seat.ring('13800004820', '欧阳修远');
  await look('ringing');
  await seat.answer();
  await seat.ringBehind('13800004821', '先等的人');
  await seat.ringBehind('13800004822', '后等的人');
  await look('talking');
  await page.keyboard.press('F9');
  await seat.waitForAgent('muted');
  await page.keyboard.press('F8');
  await seat.waitForAgent('held');
  await look('held and muted');
  // What gave up its words is still called by them, and says them on hover.
  const transfer = seat.get(TEST_IDS.callTransfer);
  await expect(transfer).toHaveAccessibleName(/Transfer/);
  await expect(transfer).toHaveAttribute('title', /Transfer/);
  await page.keyboard.press('F8');
  await page.keyboard.press('F9');
  await seat.waitForAgent('talking');
  await seat.transferTo('1002', '1002', 'Enter');
  await seat.waitForLeg('consult', 'talking');
  await look('consultation');
  await page.keyboard.press('Alt+c');
  await seat.waitForAgent('conference');
  await look('three-way call');
  await page.keyboard.press('Shift+F8');
  await seat.waitForAgent('talking');
  await seat.handOver('3');
  await look('120 joined');
  await page.keyboard.press('F4');
  await seat.waitForAgent('wrap-up');
  await look('wrap-up');
});

test('a declined call leaves no form behind, unless something was written into it', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  await seat.ring('13800004812');
  await page.keyboard.press('Shift+F4');
  await seat.waitForAgent('ready');
  await expect(seat.get(TEST_IDS.intakeEmpty)).toBeVisible();

  await seat.ring('13800004813');
  await seat.get(TEST_IDS.intakeTitle).fill('已经写了一点');
  await page.keyboard.press('Shift+F4');
  await seat.waitForAgent('ready');
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('已经写了一点');
});

test('an outbound call from a ticket is written on that ticket', async ({ world }) => {
  const seat = await startSeat(world);
  const { page } = seat;
  await page.keyboard.press('Control+n');
  await seat.write({
    type: 'help',
    category: '路灯',
    title: '路灯不亮',
    content: '三天了。',
    callerPhone: '13800004812',
  });
  await seat.submit();
  await page.keyboard.press('Alt+2');
  await page.getByRole('row').filter({ hasText: '路灯不亮' }).first().click();
  await seat.get(TEST_IDS.ticketCallBack).click();
  await seat.waitForAgent('talking');
  // The ticket stays in sight: there is no second form for the same matter.
  await expect(seat.get(TEST_IDS.ticketDetail)).toBeVisible();
  await seat.hangUp();
  await expect(seat.get(TEST_IDS.ticketEvents)).toContainText('外呼');
  await seat.waitForOutbox(0);
  const [event] = await world.sql<{ body: string }>(`SELECT body FROM ticket_events WHERE kind = 'called'`);
  expect(event?.body).toBe('answered');
});

test('a secret caller is masked in the log, and calling them back is a look that is written down', async ({
  world,
}) => {
  const seat = await startSeat(world);
  await takeCall(seat, '13800004813', '王小芳');
  await seat.get(TEST_IDS.intakeConfidential).check({ force: true });
  await seat.write({ content: '要求保密。' });
  await seat.waitUntilSaved();
  await seat.hangUp();
  await seat.finishWrapUp();
  await openNewestCall(seat);
  const detail = seat.get(TEST_IDS.callDetail);
  await expect(detail).toContainText('138****4813');
  await expect(detail).not.toContainText('王小芳');
  await seat.get(TEST_IDS.callBackNumber).click();
  await seat.waitForAgent('talking');
  await expect(seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4813');
  await seat.waitForOutbox(0);
  const looks = await world.sql<{ subject: string; field: string }>('SELECT subject, field FROM reveals');
  expect(looks).toEqual([{ subject: 'call', field: 'phone' }]);
  await seat.hangUp();
});

test('an open panel of the call bar holds the keys of the page, and gives way to those of the call', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await seat.getReady();
  await seat.ring('13800004881', '来电人');
  await seat.answer();
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '小区门口的路灯不亮。' });
  await page.keyboard.press('Alt+t');
  await expect(seat.get(TEST_IDS.transferTarget)).toBeFocused();
  for (const key of ['Control+Enter', 'Control+n', 'Alt+2', 'Control+k']) await page.keyboard.press(key);
  await expect(seat.get(TEST_IDS.transferPanel)).toBeVisible();
  await expect(seat.get(TEST_IDS.intakeTabs).getByRole('tab')).toHaveCount(1);
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('路灯不亮');
  await expect(seat.get(TEST_IDS.paletteInput)).toHaveCount(0);
  // Nobody closes a panel first when 110 is wanted.
  await page.keyboard.press('Alt+e');
  await expect(seat.get(TEST_IDS.emergencyMenu)).toBeVisible();
  await expect(seat.get(TEST_IDS.transferPanel)).toHaveCount(0);
  await page.keyboard.press('Alt+2');
  await expect(seat.get(TEST_IDS.intakeTitle)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.emergencyMenu)).toHaveCount(0);
  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.page('mine')).waitFor();
});

test('a call with several matters leads to the ticket of each', async ({ world }) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await seat.getReady();
  await seat.ring('13800004882', '来电人');
  await seat.answer();
  for (const title of ['路灯不亮', '井盖丢失']) {
    if (title === '井盖丢失') await page.keyboard.press('Control+n');
    await seat.write({ type: 'help', category: '路灯', title, content: '小区门口。' });
    await seat.submit();
  }
  await seat.hangUp();
  await seat.finishWrapUp();
  await page.keyboard.press('Alt+8');
  const row = seat.get(TEST_IDS.callTable).getByRole('row').nth(1);
  await expect(row).toContainText('路灯不亮');
  await expect(row).toContainText('2 件');
  await row.click();
  const tickets = seat.get(TEST_IDS.callTickets).getByRole('button');
  await expect(tickets).toHaveText([/路灯不亮/, /井盖丢失/]);
  await tickets.nth(1).click();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText('井盖丢失');
});
