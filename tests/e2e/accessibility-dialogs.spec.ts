import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { signInDemo } from '../support/checks.ts';
import { decideAs } from '../support/decide-as.ts';
import { answerCallback } from '../support/queue-hands.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { noisePng } from '../support/sample-files.ts';
import { HELPER, SAMPLE_OVERLAYS } from '../support/sample-overlays.ts';
import { createTicketBody, type TestConsole, ticketFields } from '../support/test-console.ts';
import { checkerOf, dialogCheckerOf, findKnownCaller } from './looks.ts';
import { AGENT, changePerson, expect, restoreOlderServer, setAgentRole, startOnline, test } from './world.ts';

const UNIT = '玄武区城管局';
const eventId = () => newId<EventId>(systemClock.now());

/** A ticket of the centre, taken in. */
async function makeTicket(who: TestConsole, title: string): Promise<TicketId> {
  const body = createTicketBody({ title, categoryCode: '010101' });
  await who.pushOne(body);
  return body.uid;
}

/** Shows one ticket beside the list of all of them. */
async function choose(seat: Seat, title: string): Promise<void> {
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: title }).first().click({ timeout: 60_000 });
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText(title);
}

test('督办, 批示 and the two stages of a ticket whose owner is not clear', async ({ world }) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'lead');
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const make = async (title: string, isActing: boolean, steps: readonly OverlayKind[]) => {
    const uid = await makeTicket(lead, title);
    const act = { ...SAMPLE_ACTS.dispatch, basis: isActing ? ('acting' as const) : ('manual' as const) };
    await decideAs(lead, uid, 'to_dispatch', act, '两家都说不是自己的');
    for (const kind of steps) {
      const args = { eventId: eventId(), step: SAMPLE_OVERLAYS[kind], words: '请抓紧' };
      await lead.pushOne({ kind: 'ticket.overlay', uid, args });
    }
  };
  await make('人行道砖松动', false, ['order']);
  await make('两街交界积水', true, ['order', 'measure']);
  await make('路边松树倾斜', true, ['order', 'made_safe', 'review', 'review_open', 'measure', 'announced']);
  const seat = await startOnline(world);
  const { page } = seat;
  const check = checkerOf(page);
  const open = dialogCheckerOf(seat, check);
  const begun = (step: string) => page.locator(`[data-testid^="${step}"]`).first();
  const openBegun = async (step: string, screen: string) => {
    await begun(step).click();
    await seat.get(TEST_IDS.overlayWords).waitFor();
    await check(screen);
    await page.keyboard.press('Escape');
    await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  };
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-supervised`).check({ force: true });
  await choose(seat, '路边松树倾斜');
  await check('the queue 督办 and a ticket with orders and stages');
  await page.keyboard.press('Alt+s');
  await seat.get(TEST_IDS.overlayWords).waitFor();
  await check('an order');
  await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
  await check('an instruction');
  await page.keyboard.press('Escape');
  await open(TEST_IDS.overlayOpen('review'), 'the record of a 联席研判');
  await open(TEST_IDS.overlayOpen('review_open'), 'a 联席研判 that is moved');
  await open(TEST_IDS.overlayOpen('announced'), 'what the public is told');
  await openBegun(TEST_IDS.orderStep('progress', ''), 'what was done about an order');
  await openBegun(TEST_IDS.orderStep('finish', ''), 'the end of an order');
  await openBegun(TEST_IDS.measureDone(''), 'a measure that is done');
  await choose(seat, '两街交界积水');
  await open(TEST_IDS.overlayOpen('made_safe'), '排险 done');
  await open(TEST_IDS.overlayOpen('owned'), '确权');
  await open(TEST_IDS.overlayOpen('measure'), 'a measure');
  await choose(seat, '人行道砖松动');
  await open(TEST_IDS.overlayOpen('unclear'), '权属不清');
});

test('articles: written, not complete, proposed, compared and approved, with what there was before', async ({
  world,
}) => {
  test.setTimeout(300_000);
  const { page } = await world.startApp();
  const { seat } = world;
  const check = checkerOf(page);
  const articles = seat.get(TEST_IDS.knowledgeList).getByRole('option');
  await seat.startShift('demo3001', AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeNew).click();
  await seat.get(TEST_IDS.articleField('title')).fill('占道停车怎么投诉');
  await page.locator(`[data-testid="${TEST_IDS.articleSaveState}"][data-kind="saved"]`).waitFor();
  await page.keyboard.press('Control+Enter');
  await seat.get(TEST_IDS.articleFieldError('answer')).waitFor();
  await check('an article that is not complete');
  await seat.get(TEST_IDS.articleField('categoryCodes')).fill('停车');
  await page.getByRole('option').first().waitFor();
  await check('categories of an article');
  await page.keyboard.press('Enter');

  await seat.get(TEST_IDS.knowledgeSearch).fill('拖欠农民工工资怎么讨');
  await articles.filter({ hasText: '拖欠农民工工资怎么讨' }).click();
  await seat.get(TEST_IDS.articleEdit).click();
  const answer = seat.get(TEST_IDS.articleField('answer'));
  await answer.fill(`${await answer.inputValue()}也可以在网上反映欠薪线索。`);
  await seat.get(TEST_IDS.articleField('changeNote')).fill('补上网上反映的渠道');
  await check('an article that is changed, and what is under way');
  await page.keyboard.press('Control+Enter');
  await seat.get(TEST_IDS.articleProposal).waitFor();
  await check('an own change that waits');
  await seat.waitForOutbox(0);

  await changePerson(world, { account: 'demo2001', password: AGENT.password });
  await page.keyboard.press('Alt+7');
  await seat.get(`${TEST_IDS.knowledgeState}-waiting`).check({ force: true });
  await articles.filter({ hasText: '拖欠农民工工资怎么讨' }).click();
  await seat.get(TEST_IDS.articleRefuse).click();
  await seat.get(TEST_IDS.articleReviewReason).waitFor();
  await check('a change that is compared, and refused without a reason');
  await seat.get(TEST_IDS.articleApprove).click();
  await seat.get(TEST_IDS.articleProposal).waitFor({ state: 'detached' });
  await seat.get(TEST_IDS.articleHistory).getByRole('button').first().click();
  await seat.get(TEST_IDS.articleFeedbackOpen).click();
  await seat.get(TEST_IDS.articleFeedbackText).fill('电话已经换了');
  await seat.get(TEST_IDS.articleFeedbackSend).click();
  await seat.get(TEST_IDS.articleFeedbackList).waitFor();
  await check('what an article said before, and what is said against it');
});

/**
 * A ticket that waits for its unit and for its citizen, with a 协办, one under it and one more that is proposed; one handed over to 110 that waits to
 * be dispatched, one in hand, one that two units sent back, and one that was answered.
 */
async function makeDecidable(world: Bootstrap): Promise<void> {
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = 'demo1002'`, [UNIT]);
  const unit = await signInDemo(world.serverUrl ?? '', 'demo1002');
  const handle = async (title: string) => {
    const uid = await makeTicket(lead, title);
    await decideAs(lead, uid, 'to_dispatch', dispatchTo(UNIT));
    await decideAs(unit, uid, 'to_sign', SAMPLE_ACTS.sign);
    return uid;
  };
  const answered = await handle('南门路灯不亮');
  await decideAs(unit, answered, 'handling', SAMPLE_ACTS.reply, '线路已更换，当晚全部亮灯。');
  await handle('老旧管网待改造');
  const disputed = await handle('两街交界路灯不亮');
  await decideAs(unit, disputed, 'handling', SAMPLE_ACTS.return, '路灯在区界以外');
  await decideAs(lead, disputed, 'return_review', SAMPLE_ACTS.joint_review, '两区各执一词');
  const sent = await makeTicket(lead, '门前窨井盖破损');
  await decideAs(lead, sent, 'to_dispatch', dispatchTo(UNIT, { coUnits: [HELPER] }));
  const under = await makeTicket(lead, '门前井盖夜里响');
  await decideAs(lead, under, 'to_dispatch', { ...SAMPLE_ACTS.merge, parentUid: sent }, '同一处井盖');
  const wait = { step: 'wait', until: systemClock.now() + 3 * 86_400_000 } as const;
  await lead.pushOne({ kind: 'ticket.overlay', uid: sent, args: { eventId: eventId(), step: wait, words: '等照片' } });
  const proposed = await makeTicket(lead, '门前窨井盖又响');
  await lead.pushOne({ kind: 'ticket.link', uid: proposed, args: { eventId: eventId(), parentUid: sent, reason: '' } });
  const waiting = await makeTicket(lead, '路边松树倾斜');
  const args = { eventId: eventId(), kind: 'handed_off', text: '110' } as const;
  await lead.pushOne({ kind: 'ticket.note', uid: waiting, args });
}

test('the dialogs about people, tickets, decisions, views, paper and carried work', async ({ world }) => {
  test.setTimeout(300_000);
  await setAgentRole(world, 'lead');
  await makeDecidable(world);
  const caller = await findKnownCaller(world);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  const check = checkerOf(page);
  const open = dialogCheckerOf(seat, check);
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  await seat.get(TEST_IDS.queueNarrow).click();
  await seat.get(TEST_IDS.searchFilter('category')).fill('市政');
  await page.getByRole('option').first().waitFor();
  await check('conditions of a queue');
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.viewsOpen).click();
  await seat.get(TEST_IDS.viewsName).fill('全部待派单');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.viewsDialog)).toHaveCount(0);
  await open(TEST_IDS.viewsOpen, 'kept views');
  await seat.get(TEST_IDS.ticketTable).focus();
  await page.keyboard.press('Control+a');
  await open(TEST_IDS.triage('dispatch'), 'a decision about many');
  await page.keyboard.press('Control+a');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await choose(seat, '路边松树倾斜');
  await seat.get(TEST_IDS.triage('dispatch')).click();
  await seat.get(TEST_IDS.decideUnit).fill('城管');
  await page.getByRole('option').first().waitFor();
  await check('a decision, and units to choose from');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open(TEST_IDS.triage('merge'), '并单');
  await open(TEST_IDS.ticketAmend, 'a correction');
  await open(TEST_IDS.ticketPrint, 'paper');
  await open(TEST_IDS.overlayOpen('wait'), 'waiting for the citizen');
  await open(TEST_IDS.flowStep('hand_over', '110'), 'what 110 was told');
  await open(TEST_IDS.flowStep('flow_receipt', '110'), 'a receipt of 110');
  await open(TEST_IDS.flowStep('flow_result', '110'), 'what came of it at 110');
  await choose(seat, '老旧管网待改造');
  await open(TEST_IDS.triage('put_on_account'), '挂账');
  await choose(seat, '两街交界路灯不亮');
  await open(TEST_IDS.triage('assign'), 'who it goes to after a 联席研判');
  await choose(seat, '门前窨井盖破损');
  await check('a ticket with others under it');
  await open(TEST_IDS.coAdd, 'one more 协办');
  await open(TEST_IDS.coWithdraw(HELPER), 'a 协办 that is taken off');
  await open(TEST_IDS.overlayOpen('wait_end'), 'the end of waiting');
  await open(TEST_IDS.clusterAcceptAll, 'proposals that are agreed to');
  await choose(seat, '门前窨井盖又响');
  await open(TEST_IDS.clusterRefuse, 'a proposal that is refused');
  await choose(seat, '南门路灯不亮');
  await seat.get(TEST_IDS.triage('callback')).click();
  const answer = (field: string, value: 'yes' | 'no') => answerCallback(seat, field, value);
  await answer('reached', 'no');
  await check('a 回访 that reached nobody');
  await answer('reached', 'yes');
  await answer('solved', 'no');
  await answer('satisfied', 'no');
  await seat.get(TEST_IDS.decideAnswer('way')).waitFor();
  await check('a 回访 of somebody who is not content');
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.decideAnswer('way'))).toHaveCount(0);

  const found = await seat.search(caller);
  await found.locator('[data-testid^="search-person-"]').first().click();
  await seat.get(TEST_IDS.citizenPane).waitFor();
  await open(TEST_IDS.citizenEdit, 'a person');
  await open(TEST_IDS.citizenMerge, 'two people as one');
  await page.keyboard.press('Alt+5');
  await open(TEST_IDS.carryTakeOpen, 'work carried on a medium');
  await open(TEST_IDS.printBlank, 'an empty sheet');
});

test('work that waits for a network, with its files, and what carries it to another seat', async ({ world }) => {
  test.setTimeout(240_000);
  const seat = await startOnline(world);
  const { page } = seat;
  const check = checkerOf(page);
  await expect.poll(async () => (await world.sql('SELECT 1 FROM console_keys')).length, { timeout: 30_000 }).toBe(1);
  await world.stopServer();
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', title: '路灯附图', content: '路灯坏了。', callerPhone: '13800006009' });
  await seat.pick(TEST_IDS.intakeCategory, '路灯');
  const picture = { name: '现场.png', mimeType: 'image/png', buffer: noisePng(400) };
  await seat.get(`${TEST_IDS.intakeFiles}-input`).setInputFiles(picture);
  await expect(seat.get(TEST_IDS.attachment(picture.name))).toHaveAttribute('data-state', 'held');
  await seat.get(TEST_IDS.intakeFiles).scrollIntoViewIfNeeded();
  await check('files of a form');
  await seat.submit();
  await seat.waitForConnection('offline');
  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '路灯附图' }).click();
  await seat.get(TEST_IDS.ticketFiles).scrollIntoViewIfNeeded();
  await check('files of a ticket');
  await seat.get(TEST_IDS.attachmentOpen(picture.name)).click();
  await seat.get(TEST_IDS.attachmentView).locator('canvas[data-drawn]').waitFor();
  await check('a picture');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxFiles).waitFor();
  await check('what waits to be sent');
  await seat.get(TEST_IDS.carrySaveOpen).click();
  await seat.get(TEST_IDS.carryPassphrase).fill('太短');
  await seat.get(TEST_IDS.carryRepeat).fill('不一样');
  await check('work that is saved for another seat');
});

/**
 * Two pieces of the agent's work that the server refused: a ticket of a time when they had no right to it, and a correction that a 班长 was
 * faster with.
 */
async function makeRefused(world: Bootstrap, seat: Seat): Promise<void> {
  const { page } = seat;
  const lead = await signInDemo(world.serverUrl ?? '', 'demo2001');
  const body = createTicketBody({ title: '后巷路灯不亮' });
  await (await signInDemo(world.serverUrl ?? '', AGENT.account)).pushOne(body);
  const found = await seat.search('后巷路灯不亮');
  await found.getByText('后巷路灯不亮').first().click();
  await seat.get(TEST_IDS.ticketAmend).click();
  const title = seat.get(TEST_IDS.ticketAmendField('title'));
  await title.fill('路灯坏了');
  const changes = { title: { from: '后巷路灯不亮', to: '东门路灯不亮' } };
  const args = { eventId: eventId(), changes, reason: '' };
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

  const dialog = page.getByRole('dialog');
  const closeDialog = async () => {
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  const check = checkerOf(page);
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
  await check('a look behind the mask');
  await closeDialog();

  await page.keyboard.press('Alt+5');
  const rows = seat.get(TEST_IDS.outboxTable).getByRole('row');
  const refused = seat.get(TEST_IDS.outboxRefused);
  await rows.filter({ hasText: '路灯不亮' }).click();
  await expect(refused).toContainText('东门路灯不亮');
  await check('a correction that was refused');
  await seat.get(TEST_IDS.outboxPrint).click();
  await seat.get(TEST_IDS.printSheet).waitFor();
  await check('refused work on paper');
  await closeDialog();
  await seat.get(TEST_IDS.outboxCorrect).click();
  await seat.get(`${TEST_IDS.outboxMergeChoice('title')}-own`).check({ force: true });
  await seat.get(TEST_IDS.outboxMergeText('title')).waitFor();
  await check('two corrections as one');
  await closeDialog();
  await rows.filter({ hasText: '写错了不要的' }).click();
  await expect(refused).toContainText('写错了不要的');
  await seat.get(TEST_IDS.outboxDiscard).click();
  await seat.get(TEST_IDS.outboxDiscardConfirm).waitFor();
  await check('a refused ticket that is given up');
  await seat.get(TEST_IDS.outboxDiscardConfirm).click();
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Alt+5');
  await seat.get(`${TEST_IDS.outboxView}-settled`).check({ force: true });
  await seat.get(TEST_IDS.outboxSettled).waitFor();
  await check('refused work that was decided');

  await restoreOlderServer(world, seat);
  await seat.get(TEST_IDS.statusHeld).click();
  await seat.get(TEST_IDS.outboxHeld).waitFor();
  await check('what a restored server lacks');
  await seat.get(TEST_IDS.outboxDecide).click();
  await seat.get(TEST_IDS.outboxApproverAccount).waitFor();
  await check('who decides about what a restored server lacks');
});
