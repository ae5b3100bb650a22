import type { Locator } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { answerDrawn, signInDemo } from '../support/checks.ts';
import {
  expectGuarded,
  expectMoment,
  expectNothingRan,
  expectPicker,
  expectSaid,
  REFUSED_TEXTS,
} from '../support/guarded-fields.ts';
import { ODD_TEXT, putText, SHORT_ODD_TEXT, tryTexts, UNSTORABLE_TEXTS } from '../support/odd-text.ts';
import { createTicketBody } from '../support/test-console.ts';
import { AGENT, expect, setAgentRole, startOnline, test } from './world.ts';

const EDITOR = { account: 'demo3001', password: 'Demo-12345' } as const;
const CHECKER = { account: 'demo7001', password: 'Demo-12345' } as const;
const LEAD = { account: 'demo2001', password: 'Demo-12345' } as const;

const lengthOf = (field: Locator) => field.evaluate((element) => (element as HTMLInputElement).value.length);

/** The field is marked as wrong, and what it is described by says why. */
async function expectRefused(field: Locator, why: RegExp | string, what: string): Promise<void> {
  await expect(field, what).toHaveAttribute('aria-invalid', 'true');
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
  const said = await Promise.all(
    ids.map((id) =>
      field
        .page()
        .locator(`[id="${id}"]`)
        .textContent({ timeout: 2_000 })
        .catch(() => ''),
    ),
  );
  expect(said.join(' '), what).toMatch(why);
}

test('sign-in, passwords, searches and numbers to dial say at the field what they do not take', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  const account = seat.get(TEST_IDS.signInAccount);
  await account.waitFor();
  await expectGuarded(account, 40);
  await expectGuarded(seat.get(TEST_IDS.signInPassword), 200);
  // What is refused at its field is not tried at the server.
  await putText(account, 'a\u0000b');
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.signInSubmit)).toBeDisabled();
  await expect(seat.get(TEST_IDS.signInError)).toHaveCount(0);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');

  await page.keyboard.press('Alt+6');
  for (const id of [TEST_IDS.settingsOldPassword, TEST_IDS.settingsNewPassword]) await expectGuarded(seat.get(id), 200);
  for (const tried of await tryTexts(seat.get(TEST_IDS.settingsRepeatPassword), REFUSED_TEXTS))
    expectSaid(tried, /两次输入/, 'settingsRepeatPassword');

  await page.keyboard.press('Alt+4');
  await expectGuarded(seat.get(TEST_IDS.searchInput), 200);
  await expect(page.getByText('没有找到').first()).toBeVisible();
  for (const name of ['status', 'category', 'division', 'period', 'unit', 'agent'])
    await expectPicker(seat.get(TEST_IDS.searchFilter(name)));
  await page.keyboard.press('Alt+7');
  await expectGuarded(seat.get(TEST_IDS.knowledgeSearch), 200);
  await expectPicker(seat.get(TEST_IDS.knowledgeCategory));
  await page.keyboard.press('Control+k');
  await expectGuarded(seat.get(TEST_IDS.paletteInput), 200);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+1');
  await seat.get(TEST_IDS.sideTab('knowledge')).click();
  await expectGuarded(seat.get(TEST_IDS.knowledgePanelSearch), 200);

  await seat.getReady();
  await seat.get(TEST_IDS.simulateOpen).click();
  await expectGuarded(seat.get(TEST_IDS.simulateNumber), LIMITS.phone);
  await expectGuarded(seat.get(TEST_IDS.simulateName), LIMITS.name);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+o');
  const number = seat.get(TEST_IDS.dialNumber);
  await putText(number, '1'.repeat(10_000));
  await expectRefused(number, /最多/, 'too long a number');
  await putText(number, ODD_TEXT);
  await seat.get(TEST_IDS.dialGo).click();
  await expect(seat.get(TEST_IDS.dialError)).toBeVisible();
  await expect(seat.get(TEST_IDS.callCard)).toHaveCount(0);
  await expectNothingRan(page);
});

test('the name of a unit that no unit can have is not offered, and of several names the one that is wrong is named', async ({
  world,
}) => {
  await setAgentRole(world, 'dispatcher');
  const agent = await signInDemo(world.serverUrl ?? '', 'demo2001');
  await agent.pushOne(createTicketBody({ title: '路灯不亮' }));
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '路灯不亮' }).first().click();
  await page.keyboard.press('d');
  const unit = seat.get(TEST_IDS.decideUnit);
  await unit.focus();
  const said: readonly (readonly [string, RegExp])[] = [
    ['很'.repeat(10_000), /最多 60 字/],
    ...Object.values(UNSTORABLE_TEXTS).map((text) => [text, /无法保存/] as const),
  ];
  for (const [text, why] of said) {
    await putText(unit, text);
    await expect(page.getByRole('listbox')).toContainText(why);
    await expect(page.getByRole('option')).toHaveCount(0);
  }
  await putText(unit, SHORT_ODD_TEXT);
  await page.getByRole('option').click();
  await expect(unit).toHaveValue(SHORT_ODD_TEXT);

  const others = seat.get(TEST_IDS.decideCoUnits);
  await putText(others, `区城管局、${'很'.repeat(61)}`);
  await expectRefused(others, /“很{12}…”太长/, 'one name of two');
  // Nothing else is given as the reason.
  await expect(seat.get(TEST_IDS.decideDialog)).not.toContainText('不能重复');
  await expect(seat.get(TEST_IDS.decideDialog)).toContainText('单位名称有误');
  await putText(others, Array.from({ length: 9 }, (_, n) => `第${n}局`).join('、'));
  await expectRefused(others, /9 个名称，最多 8 个/, 'nine of eight');
  await putText(others, '区城管局、区水务局');
  await expect(others).not.toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  const kept = () => world.sql<{ unit: string }>("SELECT unit FROM tickets WHERE status = 'to_sign'");
  await expect.poll(kept).toContainEqual({ unit: SHORT_ODD_TEXT });
  await expectNothingRan(page);
});

test('notes, a person’s record and reports on articles keep odd characters and refuse the rest at the field', async ({
  world,
}) => {
  test.setTimeout(180_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  // A call whose name came from outside, and its ticket.
  await seat.ring('13800005011', '<b>王</b>𠮷');
  await expect(seat.get(TEST_IDS.callName)).toContainText('<b>王</b>𠮷');
  await seat.answer();
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '门口路灯不亮', callerName: '王芳' });
  await seat.submit();
  await seat.hangUp();
  await seat.finishWrapUp();

  await page.keyboard.press('Alt+2');
  await page.getByRole('row').filter({ hasText: '路灯不亮' }).first().click();
  const note = seat.get(TEST_IDS.ticketNoteText);
  const written = [TEST_IDS.ticketAddNote, TEST_IDS.ticketRemind, TEST_IDS.ticketPromise];
  await expectGuarded(note, 20_000);
  await putText(note, UNSTORABLE_TEXTS.NUL);
  await expect(seat.get(TEST_IDS.ticketAddNote)).toBeDisabled();
  for (const button of written) {
    await putText(note, `${ODD_TEXT}\n${button}`);
    await seat.get(button).click();
    await expect(seat.get(TEST_IDS.ticketEvents)).toContainText(button);
  }
  await expect(seat.get(TEST_IDS.ticketEvents)).toContainText('<img src=x onerror="window.stolen=1">');
  await seat.waitForOutbox(0);
  const kept = async () => {
    const rows = await world.sql<{ body: string }>(
      "SELECT body FROM ticket_events WHERE kind IN ('note', 'remind', 'promise') AND body LIKE '%ticket-%'",
    );
    return rows.map(({ body }) => body).toSorted();
  };
  await expect.poll(kept).toEqual(written.map((id) => `${ODD_TEXT}\n${id}`).toSorted());

  // The person.
  await page.keyboard.press('Alt+1');
  await seat.ring('13800005011');
  await seat.answer();
  await seat.get(TEST_IDS.citizenEdit).click();
  await expectGuarded(seat.get(TEST_IDS.personName), 60);
  await expectGuarded(seat.get(TEST_IDS.personLanguage), 40);
  await expectGuarded(seat.get(TEST_IDS.personRemark), 500);
  await seat.get(`${TEST_IDS.personFlag}-care`).check({ force: true });
  await expectGuarded(seat.get(TEST_IDS.personFlagText), 200);
  await seat.get(TEST_IDS.personFlagAdd).click();
  const phone = seat.get(TEST_IDS.personAddPhone);
  await putText(phone, '1'.repeat(10_000));
  await expectRefused(phone, /最多/, 'too long a number');
  await putText(phone, ODD_TEXT.slice(0, 10));
  await phone.press('Enter');
  await expectRefused(phone, /不是可以拨打的号码/, 'no number');
  await expect(seat.get(TEST_IDS.personSave)).toBeDisabled();
  await putText(phone, '');
  await seat.get(TEST_IDS.personSave).click();
  await expect(seat.get(TEST_IDS.personEditor)).toBeHidden();
  await expect(seat.get(TEST_IDS.citizenName)).toHaveText(SHORT_ODD_TEXT);
  await expect(seat.get(TEST_IDS.citizenFlags)).toContainText('<img src=x onerror="window.stolen=1">');

  // A report on an article.
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().click();
  await seat.get(TEST_IDS.articleFeedbackOpen).click();
  await expectGuarded(seat.get(TEST_IDS.articleFeedbackText), 500);
  await seat.get(TEST_IDS.articleFeedbackSend).click();
  await expect(seat.get(TEST_IDS.articleFeedbackText)).toBeHidden();
  await expect(seat.get(TEST_IDS.articleFeedbackList)).toContainText('<img src=x onerror="window.stolen=1">');
  await expectNothingRan(page);
});

test('a direct answer, a promise and everything that is chosen in a form keep what is typed or say why not', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  await seat.ring('13800005012');
  await seat.answer();
  await page.keyboard.press('Alt+t');
  await expectGuarded(seat.get(TEST_IDS.transferTarget), 200);
  await page.keyboard.press('Escape');
  for (const id of [TEST_IDS.intakeCategory, TEST_IDS.intakeTags, TEST_IDS.intakeDivision, TEST_IDS.formPicker]) {
    await expectPicker(seat.get(id));
    await seat.get(id).focus();
    await page.keyboard.press('Escape');
  }
  await seat.write({ type: 'consult', title: '办理居住证', content: '来电人咨询居住证。' });
  await expectGuarded(seat.get(TEST_IDS.intakePromise), LIMITS.longText);
  await expectMoment(seat.get(TEST_IDS.intakePromiseDue));
  await putText(seat.get(TEST_IDS.intakePromiseDue), '');
  await page.keyboard.press('Control+d');
  await expectGuarded(seat.get(TEST_IDS.intakeAnswer), LIMITS.longText);
  await seat.get(TEST_IDS.intakeAnswer).focus();
  await seat.submit();
  const kept = () =>
    world.sql("SELECT doc->'fields'->>'answer' AS answer FROM tickets WHERE caller_phone = '13800005012'");
  await expect.poll(kept).toEqual([{ answer: ODD_TEXT }]);
  const promised = () => world.sql("SELECT body FROM ticket_events WHERE kind = 'promise' AND body LIKE '%img src%'");
  await expect.poll(promised).toEqual([{ body: ODD_TEXT }]);
  await page.keyboard.press('Control+Shift+T');
  await expectGuarded(seat.get(TEST_IDS.recoverFind), 200);
  await page.keyboard.press('Escape');
  await expectNothingRan(page);
});

test('an article with odd characters is proposed, reviewed and read as it was written', async ({ world }) => {
  test.setTimeout(180_000);
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(EDITOR.account, EDITOR.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeNew).click();
  const field = (id: string) => seat.get(TEST_IDS.articleField(id));
  const limits = { title: 200, answer: 20_000, questions: 200, ask: 1_000, steps: 1_000, note: 1_000, changeNote: 500 };
  for (const [id, max] of Object.entries(limits)) {
    for (const [what, text] of Object.entries({ ...UNSTORABLE_TEXTS, 'too long': '很'.repeat(max + 1) })) {
      await putText(field(id), text);
      await expectRefused(field(id), /\S/, `${id} ${what}`);
      expect(await lengthOf(field(id)), `${id} ${what}`).toBe(text.length);
    }
    await putText(field(id), ODD_TEXT);
    await expect(field(id)).not.toHaveAttribute('aria-invalid', 'true');
  }
  for (const id of ['validFrom', 'validTo']) {
    await putText(field(id), ODD_TEXT);
    await expectRefused(field(id), /\S/, id);
    await putText(field(id), '');
  }
  await putText(field('keywords'), '很'.repeat(10_000));
  await expectRefused(field('keywords'), /\S/, 'keywords');
  await putText(field('keywords'), SHORT_ODD_TEXT);
  await putText(field('source-title-0'), UNSTORABLE_TEXTS.NUL);
  await expect(seat.get(TEST_IDS.articleFieldError('sources'))).not.toHaveText('');
  await putText(field('source-title-0'), ODD_TEXT);
  await seat.pick(TEST_IDS.articleField('categoryCodes'), '路灯');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.articleProposal)).toBeVisible();
  await seat.waitForOutbox(0);

  await page.keyboard.press('Control+Shift+L');
  await seat.get(TEST_IDS.signInAccount).waitFor();
  await seat.startShift(LEAD.account, LEAD.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+7');
  await seat.get(`${TEST_IDS.knowledgeState}-waiting`).check({ force: true });
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').filter({ hasText: '𠮷野家' }).click();
  await expectGuarded(seat.get(TEST_IDS.articleReviewReason), 500);
  await seat.get(TEST_IDS.articleApprove).click();
  await expect(seat.get(TEST_IDS.articleVersion)).toHaveText('第 1 版');
  await expect(seat.get(TEST_IDS.articleTitle)).toHaveText(ODD_TEXT);
  await expect(seat.get(TEST_IDS.articleAnswer)).toContainText('<img src=x onerror="window.stolen=1">');
  await expectNothingRan(page);
});

test('orders, 研判, 协办 and scores say at the field what they do not take, and cut nothing off', async ({ world }) => {
  test.setTimeout(180_000);
  const agent = await signInDemo(world.serverUrl ?? '', 'demo1001');
  const [user] = await world.sql<{ id: UserId }>(`SELECT id FROM users WHERE account = 'demo1001'`);
  await answerDrawn(agent, forceUnwrap('an account', user).id, '咨询居住证办理');
  await agent.pushOne(createTicketBody({ title: '井盖松动' }));
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(LEAD.account, LEAD.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '井盖松动' }).click();
  await seat.get(TEST_IDS.overlayOpen('order')).waitFor();
  await page.keyboard.press('Alt+s');
  await seat.get(TEST_IDS.overlayWords).waitFor();
  await expectGuarded(seat.get(TEST_IDS.overlayWords), 20_000);
  await seat.get(`${TEST_IDS.overlayField('kind')}-instruction`).check({ force: true });
  await expectGuarded(seat.get(TEST_IDS.overlayField('author')), 60);
  await page.keyboard.press('Escape');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await seat.get(TEST_IDS.ticketTable).focus();
  await page.keyboard.press('d');
  await expectGuarded(seat.get(TEST_IDS.decideCoUnits), 60);
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+L');
  await seat.get(TEST_IDS.signInAccount).waitFor();
  await seat.startShift(CHECKER.account, CHECKER.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Alt+9');
  await seat.get(TEST_IDS.qualityTable).getByRole('row').filter({ hasText: '咨询居住证办理' }).click();
  await putText(seat.get(TEST_IDS.qualityPoints('greeting')), '2');
  await expectGuarded(seat.get(TEST_IDS.qualityReason('greeting')), 1_000);
  await expectGuarded(seat.get(TEST_IDS.qualityRemark), 1_000);
  // What cannot be kept is not given: the cursor goes to it.
  await putText(seat.get(TEST_IDS.qualityRemark), '很'.repeat(1_001));
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.qualityRemark)).toBeFocused();
  await expectNothingRan(page);
  // What can be kept beside it is: it stands there when the check is opened again.
  const reason = seat.get(TEST_IDS.qualityReason('greeting'));
  const said = await reason.inputValue();
  await putText(seat.get(TEST_IDS.qualityPoints('manner')), '3');
  await putText(seat.get(TEST_IDS.qualityReason('manner')), UNSTORABLE_TEXTS.NUL);
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.qualityPanel).waitFor({ state: 'detached' });
  await seat.get(TEST_IDS.qualityTable).getByRole('row').filter({ hasText: '咨询居住证办理' }).click();
  await expect(reason).toHaveValue(said);
  await expect(seat.get(TEST_IDS.qualityPoints('greeting'))).toHaveValue('2');
  await expect(seat.get(TEST_IDS.qualityPoints('manner'))).toHaveValue('3');
  await expect(seat.get(TEST_IDS.qualityReason('manner'))).toHaveValue('');
});
