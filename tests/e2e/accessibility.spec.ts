import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { lockFolder } from '#main/data/db/instance-lock.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerDrawn, appealBody, markBody, scoreBody, signInDemo, startBody } from '../support/checks.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { HELPER, SAMPLE_OVERLAYS } from '../support/sample-overlays.ts';
import { createTicketBody, TestConsole, ticketFields } from '../support/test-console.ts';
import { AGENT, expect, restoreOlderServer, setAgentRole, startOnline, test } from './world.ts';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly targets: readonly string[];
}

/** The name of a control holds the words it shows, so that it can be called by them (WCAG 2.5.3); axe has it as an experiment. */
const NAMED_AS_SHOWN = 'label-content-name-mismatch';

/** Violations of WCAG 2.2 A and AA on the page as it is. */
async function findViolations(page: Page, furtherRules: readonly string[]): Promise<readonly Violation[]> {
  await page.evaluate(AXE_SOURCE);
  return page.evaluate(async (further) => {
    const axe = (window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResult> } }).axe;
    interface AxeResult {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: Object.fromEntries(further.map((rule) => [rule, { enabled: true }])),
    });
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.html.slice(0, 160)) }));
  }, furtherRules);
}

/** Every way the console can look: read by weak eyes and by screen readers alike in each. */
const LOOKS: readonly Preferences[] = [
  { language: 'zh-CN', theme: 'light' },
  { language: 'zh-CN', theme: 'dark' },
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
];

async function setLook(page: Page, look: Preferences): Promise<void> {
  await page.evaluate((wanted) => window.hotline.invoke('shell:preferences:set', wanted).then(() => undefined), look);
  await page.locator(`[data-mantine-color-scheme="${look.theme}"]`).first().waitFor();
  await page.locator(`html[lang="${look.language}"]`).waitFor();
}

const checker =
  (page: Page, look: Preferences, furtherRules: readonly string[] = []) =>
  async (screen: string) => {
    expect(await findViolations(page, furtherRules), `${screen}, ${look.language}, ${look.theme}`).toEqual([]);
  };

test('sign-in and the screens of a console that cannot start', async ({ lonelyWorld: world }) => {
  const lock = lockFolder(world.profileDir, null);
  const { page } = await world.startApp();
  for (const look of LOOKS) {
    await world.seat.get(TEST_IDS.fatalScreen).waitFor();
    await setLook(page, look);
    await checker(page, look)('fatal screen');
  }
  lock.release();
  await world.seat.get(TEST_IDS.fatalRetry).click();
  for (const look of LOOKS) {
    await page.locator(`[data-testid="${TEST_IDS.signInServerState}"][data-state="not-configured"]`).waitFor();
    await setLook(page, look);
    await checker(page, look)('sign-in');
  }
});

/** A number under which the centre already knows somebody with tickets of the agent's line. */
async function findKnownCaller(world: Bootstrap): Promise<string> {
  const [row] = await world.sql<{ phone: string }>(
    "SELECT caller_phone AS phone FROM tickets WHERE line = '12345' AND caller_phone <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
  );
  return row?.phone ?? '';
}

test('every screen of the work, with a known caller on the line', async ({ world }) => {
  test.setTimeout(400_000);
  const { page, electron } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await seat.getReady();
  await seat.ring(await findKnownCaller(world));
  await seat.answer();
  await expect(seat.get(TEST_IDS.citizenTickets)).toBeVisible();
  await seat.write({ title: '路灯不亮', content: '小区门口的路灯不亮。' });

  for (const look of LOOKS) {
    const check = checker(page, look);
    await setLook(page, look);
    await page.keyboard.press('Alt+1');
    await seat.get(TEST_IDS.intake).waitFor();
    await check('intake and filled citizen panel');

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
    await seat.get(TEST_IDS.sideTab('citizen')).click();
    await seat.get(TEST_IDS.nav('knowledge')).click();
    await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await seat.get(TEST_IDS.articleTitle).waitFor();
    await check('knowledge page with an article');

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
    const password = seat.get(TEST_IDS.relockBanner).locator('input');
    await password.waitFor();
    await check('relock banner');
    await password.fill(AGENT.password);
    await password.press('Enter');
    await seat.get(TEST_IDS.relockBanner).waitFor({ state: 'detached' });
  }
});

test('possible duplicates, a note that is being written, and what a search by a name finds', async ({ world }) => {
  test.setTimeout(200_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  const matter = { content: '中央路260号3栋楼下每晚有烧烤摊占道经营，油烟很大。', address: '鼓楼区中央路260号3栋' };
  await page.keyboard.press('Control+n');
  const first = { type: 'help', category: '占道经营', title: '烧烤摊占道扰民', callerName: '王小芳' } as const;
  await seat.write({ ...first, ...matter, callerPhone: '13800004821' });
  await seat.submit();
  const candidates = seat.get(TEST_IDS.duplicates).getByRole('listitem').filter({ hasText: first.title });
  await page.keyboard.press('Control+n');
  await seat.write({ ...matter, callerPhone: '13800004822' });
  await page.keyboard.press('Alt+d');
  await expect(candidates).toHaveCount(1);
  // One look of each language and each theme: nothing here hangs on both.
  for (const look of LOOKS.filter(({ language, theme }) => (language === 'en') === (theme === 'dark'))) {
    const check = checker(page, look, [NAMED_AS_SHOWN]);
    await setLook(page, look);
    await page.keyboard.press('Alt+1');
    await check('possible duplicates');
    const plan = candidates.locator('button[aria-pressed]');
    await plan.click();
    await expect(plan).toHaveAttribute('aria-pressed', 'true');
    await check('a planned merge');
    await plan.click();
    await expect(plan).toHaveAttribute('aria-pressed', 'false');

    await page.keyboard.press('Alt+2');
    await seat.get(TEST_IDS.page('mine')).getByRole('row').filter({ hasText: first.title }).first().click();
    await seat.get(TEST_IDS.ticketNoteText).fill('摊主已劝离。');
    await seat.get(TEST_IDS.ticketAddNote).waitFor();
    await check('a note that is being written');

    const found = await seat.search('wxf');
    await expect(found.locator('mark').first()).toHaveText('王小芳');
    await check('what a search by a name finds');
  }
});

test('special forms: filled in, refused, previewed', async ({ world }) => {
  test.setTimeout(400_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ title: '涵洞积水', content: '涵洞积水，车辆被困。' });
  await seat.pick(TEST_IDS.intakeCategory, '下穿通道');
  await seat.get(TEST_IDS.formField('depth')).fill('很深');
  // What is missing is marked at every field.
  await page.keyboard.press('Control+Enter');
  await seat.get(TEST_IDS.intakeProblems).waitFor();
  const faulty = { name: 'faulty.json', mimeType: 'application/json', buffer: Buffer.from('{ "id": "x" }') };
  for (const look of LOOKS) {
    const check = checker(page, look);
    await setLook(page, look);
    await page.keyboard.press('Alt+1');
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
    await seat.get(TEST_IDS.formPreviewFile).setInputFiles(faulty);
    await seat.get(TEST_IDS.formPreviewFaults).waitFor();
    await check('faults of a form file');
  }
});

test('every state of a call, what opens above the form for it, and the call log', async ({ world }) => {
  test.setTimeout(400_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  for (const look of LOOKS) {
    const check = checker(page, look);
    await setLook(page, look);
    await page.keyboard.press('Alt+1');
    await seat.get(TEST_IDS.agentState).click();
    await seat.get(TEST_IDS.agentSignOut).waitFor();
    await check('menu of agent states');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+o');
    await seat.get(TEST_IDS.dialNumber).waitFor();
    await check('dialling');
    await page.keyboard.press('Escape');
    await seat.ring('13800004814', '来电人');
    await seat.get(TEST_IDS.intakeContent).waitFor();
    await check('ringing');
    await seat.answer();
    await seat.ringBehind('13800004815', '排队人');
    await check('talking, with a caller who waits');
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
    // Every look sees the same screen: forms that pile up would reach below what opens above them.
    await page.locator(`[data-testid^="${TEST_IDS.intakeTabClose('')}"]`).click();
    await expect(seat.get(TEST_IDS.intakeTabs).getByRole('tab')).toHaveCount(0);
    await page.keyboard.press('Alt+8');
    await seat.get(TEST_IDS.callTable).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await seat.get(TEST_IDS.callDetail).waitFor();
    await check('call log');
  }
});

test('督办, 批示 and the two stages of a ticket whose owner is not clear', async ({ world }) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'lead');
  const lead = new TestConsole(world.serverUrl ?? '');
  lead.mode = 'demo';
  await lead.signIn('demo2001', 'Demo-12345');
  const body = createTicketBody({ title: '路边松树倾斜', categoryCode: '010101' });
  const { uid } = body;
  await lead.pushOne(body);
  const eventId = () => newId<EventId>(systemClock.now());
  const act = { ...SAMPLE_ACTS.dispatch, basis: 'acting' as const };
  const dispatched = { eventId: eventId(), from: 'to_dispatch' as const, act, words: '两家都说不是自己的' };
  await lead.pushOne({ kind: 'ticket.act', uid, args: dispatched });
  const { order, made_safe, review, review_open, measure } = SAMPLE_OVERLAYS;
  for (const step of [order, made_safe, review, review_open, measure]) {
    await lead.pushOne({ kind: 'ticket.overlay', uid, args: { eventId: eventId(), step, words: '请抓紧' } });
  }
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-supervised`).check({ force: true });
  const row = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '路边松树倾斜' });
  await row.click({ timeout: 60_000 });
  await seat.get(TEST_IDS.ticketOrders).waitFor();
  for (const look of LOOKS) {
    await setLook(page, look);
    const check = checker(page, look, [NAMED_AS_SHOWN]);
    await check('the queue 督办 and a ticket with orders and stages');
    await page.keyboard.press('Alt+s');
    await seat.get(TEST_IDS.overlayWords).waitFor();
    await check('an order');
    await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
    await check('an instruction');
    await page.keyboard.press('Escape');
    await seat.get(TEST_IDS.overlayOpen('review')).click();
    await seat.get(TEST_IDS.overlayWords).waitFor();
    await check('the record of a 联席研判');
    await page.keyboard.press('Escape');
    await seat.get(TEST_IDS.overlayOpen('review_open')).click();
    await seat.get(TEST_IDS.overlayWords).waitFor();
    await check('a 联席研判 that is moved');
    await page.keyboard.press('Escape');
    await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  }
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
  await seat.startShift('demo2001', AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+9');
  await seat.get(TEST_IDS.qualityTable).waitFor();
  for (const look of LOOKS.filter(({ language, theme }) => (language === 'en') === (theme === 'dark'))) {
    const check = checker(page, look);
    await setLook(page, look);
    for (const list of ['to_check', 'appealed', 'calibration'] as const) {
      await seat.get(`${TEST_IDS.qualityList}-${list}`).check({ force: true });
      const table = seat.get(TEST_IDS.qualityTable);
      await table.focus();
      await check(`list ${list}`);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await seat.get(TEST_IDS.qualityPanel).getByRole('button').last().waitFor();
      await seat.get(TEST_IDS.qualityState).waitFor();
      await check(`open, ${list}`);
      await page.keyboard.press('Escape');
      await seat.get(TEST_IDS.qualityPanel).waitFor({ state: 'detached' });
    }
  }
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
  for (const look of LOOKS) {
    const check = checker(page, look);
    await setLook(page, look);
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
  }
});

/**
 * A ticket that waits for its unit and for its citizen, with a 协办 and one more that is proposed to belong under it; one handed over to 110
 * that waits to be dispatched, and one its unit answered.
 */
async function makeDecidable(world: Bootstrap): Promise<void> {
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  await world.sql(`UPDATE users SET role = 'unit', name = '玄武区城管局' WHERE account = 'demo1002'`);
  const unit = await signInDemo(world.serverUrl ?? '', 'demo1002');
  const make = async (title: string) => {
    const body = createTicketBody({ title, categoryCode: '010101' });
    await lead.pushOne(body);
    return body.uid;
  };
  const eventId = () => newId<EventId>(systemClock.now());
  const decide = async (who: TestConsole, uid: TicketId, from: TicketStatus, act: TicketAct, words = '') => {
    const args = { eventId: eventId(), from, act, words };
    const { code } = await who.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000 });
    expect(code).toBe('merged');
  };
  const answered = await make('南门路灯不亮');
  await decide(lead, answered, 'to_dispatch', dispatchTo('玄武区城管局'));
  await decide(unit, answered, 'to_sign', SAMPLE_ACTS.sign);
  await decide(unit, answered, 'handling', SAMPLE_ACTS.reply, '线路已更换，当晚全部亮灯。');
  const sent = await make('门前窨井盖破损');
  await decide(lead, sent, 'to_dispatch', dispatchTo('玄武区城管局', { coUnits: [HELPER] }));
  const wait = { step: 'wait', until: systemClock.now() + 3 * 86_400_000 } as const;
  await lead.pushOne({ kind: 'ticket.overlay', uid: sent, args: { eventId: eventId(), step: wait, words: '等照片' } });
  const proposed = await make('门前窨井盖又响');
  await lead.pushOne({ kind: 'ticket.link', uid: proposed, args: { eventId: eventId(), parentUid: sent, reason: '' } });
  const waiting = await make('路边松树倾斜');
  await lead.pushOne({
    kind: 'ticket.note',
    uid: waiting,
    args: { eventId: eventId(), kind: 'handed_off', text: '110' },
  });
}

test('the dialogs about people, tickets, decisions, views, paper and carried work', async ({ world }) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'lead');
  await makeDecidable(world);
  const caller = await findKnownCaller(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  const dialog = page.getByRole('dialog');
  for (const look of LOOKS.filter(({ language, theme }) => (language === 'en') === (theme === 'dark'))) {
    const check = checker(page, look, [NAMED_AS_SHOWN]);
    await setLook(page, look);
    const open = async (testId: string, name: string) => {
      await seat.get(testId).first().click();
      await dialog.waitFor();
      await check(name);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    };
    const choose = async (title: string) => {
      await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: title }).first().click();
      await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(title);
    };
    await page.keyboard.press('Alt+3');
    await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
    await open(TEST_IDS.viewsOpen, 'kept views');
    await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
    await choose('路边松树倾斜');
    await open(TEST_IDS.triage('dispatch'), 'a decision');
    await open(TEST_IDS.triage('merge'), '并单');
    await open(TEST_IDS.ticketAmend, 'a correction');
    await open(TEST_IDS.ticketPrint, 'paper');
    await open(TEST_IDS.overlayOpen('wait'), 'waiting for the citizen');
    await open(TEST_IDS.flowStep('flow_receipt', '110'), 'a receipt of 110');
    await choose('门前窨井盖破损');
    await open(TEST_IDS.coAdd, 'one more 协办');
    await open(TEST_IDS.coWithdraw(HELPER), 'a 协办 that is taken off');
    await open(TEST_IDS.overlayOpen('wait_end'), 'the end of waiting');
    await choose('门前窨井盖又响');
    await open(TEST_IDS.clusterRefuse, 'a proposal that is refused');
    await choose('南门路灯不亮');
    await open(TEST_IDS.triage('callback'), '回访');

    const found = await seat.search(caller);
    await found.locator('[data-testid^="search-person-"]').first().click();
    await seat.get(TEST_IDS.citizenPane).waitFor();
    await open(TEST_IDS.citizenEdit, 'a person');
    await open(TEST_IDS.citizenMerge, 'two people as one');
    await page.keyboard.press('Alt+5');
    await open(TEST_IDS.carryTakeOpen, 'work carried on a medium');
  }
});

/**
 * Two pieces of the agent's work that the server refused: a ticket of a time when they had no right to it, and a correction that a 班长 was
 * faster with.
 */
async function makeRefused(world: Bootstrap, seat: Seat): Promise<void> {
  const { page } = seat;
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const body = createTicketBody({ title: '路灯不亮' });
  await (await signInDemo(world.serverUrl ?? '', AGENT.account)).pushOne(body);
  const found = await seat.search('路灯不亮');
  await found.getByText('路灯不亮').first().click();
  await seat.get(TEST_IDS.ticketAmend).click();
  const title = seat.get(TEST_IDS.ticketAmendField('title'));
  await title.fill('路灯坏了');
  const changes = { title: { from: '路灯不亮', to: '东门路灯不亮' } };
  const args = { eventId: newId<EventId>(systemClock.now()), changes, reason: '' };
  await lead.pushOne({ kind: 'ticket.amend', uid: body.uid, args }, { baseVersion: 1 });
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');

  await setAgentRole(world, 'quality');
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '写错了不要的', content: '路灯三天没亮。' });
  await seat.write({ callerPhone: '13800004721' });
  await seat.submit();
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('2');
  await setAgentRole(world, 'agent');
}

test('what an agent decides about refused work, given up forms, masked data and a restored server', async ({
  world,
}) => {
  test.setTimeout(300_000);
  const colleague = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const secret = ticketFields({ title: '举报无证经营' });
  await colleague.pushOne(createTicketBody({ ...secret, caller: { ...secret.caller, confidential: true } }));
  const seat = await startOnline(world);
  const { page } = seat;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await makeRefused(world, seat);
  await page.keyboard.press('Control+n');
  await seat.write({ title: '不再来电的', content: '来电人挂断了。' });
  await seat.waitUntilSaved();
  await page
    .locator(`[data-testid^="${TEST_IDS.intakeTabClose('')}"]`)
    .first()
    .click();

  const looks = LOOKS.filter(({ language, theme }) => (language === 'en') === (theme === 'dark'));
  const dialog = page.getByRole('dialog');
  const closeDialog = async () => {
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  for (const look of looks) {
    const check = checker(page, look, [NAMED_AS_SHOWN]);
    await setLook(page, look);
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('Control+Shift+T');
    await dialog.getByRole('option').first().waitFor();
    await check('a form that is brought back');
    await closeDialog();

    const found = await seat.search('举报无证经营');
    await found.getByText('举报无证经营').first().click();
    await seat.get(TEST_IDS.maskLook('phone')).click();
    await seat.get(`${TEST_IDS.maskReason}-other`).check({ force: true });
    await seat.get(TEST_IDS.maskWords).waitFor();
    // It fades in; half faded in its colours are others.
    await expect(dialog).toHaveCSS('opacity', '1');
    await check('a look behind the mask');
    await closeDialog();

    await page.keyboard.press('Alt+5');
    const rows = seat.get(TEST_IDS.outboxTable).getByRole('row');
    const refused = seat.get(TEST_IDS.outboxRefused);
    await rows.filter({ hasText: '写错了不要的' }).click();
    await expect(refused).toContainText('写错了不要的');
    await seat.get(TEST_IDS.outboxDiscard).click();
    await seat.get(TEST_IDS.outboxDiscardConfirm).waitFor();
    await check('a refused ticket that is given up');
    await closeDialog();
    await rows.filter({ hasText: '路灯不亮' }).click();
    await expect(refused).toContainText('东门路灯不亮');
    await seat.get(TEST_IDS.outboxCorrect).click();
    await seat.get(`${TEST_IDS.outboxMergeChoice('title')}-own`).check({ force: true });
    await seat.get(TEST_IDS.outboxMergeText('title')).waitFor();
    await check('two corrections as one');
    await closeDialog();
  }

  await restoreOlderServer(world, seat);
  await seat.get(TEST_IDS.statusHeld).click();
  for (const look of looks) {
    await setLook(page, look);
    await seat.get(TEST_IDS.outboxDecide).click();
    await seat.get(TEST_IDS.outboxApproverAccount).waitFor();
    await checker(page, look, [NAMED_AS_SHOWN])('what a restored server no longer has');
    await closeDialog();
  }
});
