import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { compose, pressEnterInIme } from '../support/input-method.ts';
import { AGENT, changePerson, expect, test } from './world.ts';

const EDITOR = { account: 'demo3001', password: 'Demo-12345' } as const;
const LEAD = { account: 'demo2001', password: 'Demo-12345' } as const;
const TITLE = '拖欠农民工工资怎么讨';

/** The article as the server holds it. */
async function readArticle(world: Bootstrap) {
  const [row] = await world.sql<{ uid: string; version: number; answer: string; proposed: string | null }>(
    `SELECT uid, (doc->>'version')::int AS version, doc->'published'->>'answer' AS answer,
      doc->'proposal'->'content'->>'answer' AS proposed
      FROM records WHERE kind = 'article' AND doc->'published'->>'title' = $1`,
    [TITLE],
  );
  if (!row) throw new Error('the demo centre has the article');
  return row;
}

test('an article found in a call is read out, cited by one key and changed by others; the ticket says so', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.waitForConnection('online');
  const { uid, answer } = await readArticle(world);

  // The call: what fits the words is offered beside the form; one key takes it over, without leaving the text.
  await seat.ring('13800004722', '测试来电人');
  await seat.answer();
  await seat.write({ content: '来电人称工地包工头跑了，农民工工资拖欠半年。' });
  await expect(seat.get(TEST_IDS.sideTab('knowledge'))).toContainText(/\d/);
  await page.keyboard.press('Alt+j');
  await expect(seat.get(TEST_IDS.intakeAnswer)).toHaveValue(answer);
  await expect(seat.get(TEST_IDS.citation(uid))).toContainText(`${TITLE}第 1 版`);
  await expect(seat.get(TEST_IDS.intakeAnswer)).toBeFocused();
  // A second article by search; it is expired, and that is said before it is written.
  await page.keyboard.press('Alt+k');
  await page.keyboard.type('2026年汛期');
  // Right after the last letter: what was found for the letters before it is not what is meant.
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.knowledgePanel)).toContainText('已于 2026-09-30 到期');
  await expect(seat.get(TEST_IDS.notice)).toContainText('已于 2026-09-30 过期');
  await expect(seat.get(TEST_IDS.intakeAnswer)).toHaveValue(answer);
  await page.keyboard.press('Escape');
  await seat.submit();
  await waitFor('the citation is on the server', async () => {
    const rows = await world.sql<{ status: string; citations: unknown }>(
      `SELECT status, doc->'fields'->'citations' AS citations FROM tickets WHERE number > ${SMALL_CENTRE.tickets}`,
    );
    return (
      JSON.stringify(rows) ===
      JSON.stringify([{ status: 'closed_direct', citations: [{ articleUid: uid, version: 1, title: TITLE }] }])
    );
  });
  await seat.hangUp();
  await seat.finishWrapUp();

  // The editor changes it without a network.
  await changePerson(world, EDITOR);
  await seat.get(TEST_IDS.page('knowledge')).waitFor();
  await seat.get(TEST_IDS.knowledgeItem(uid)).waitFor();
  await world.stopServer();
  await seat.waitForConnection('offline', 60_000);
  await seat.get(TEST_IDS.knowledgeSearch).fill('tqnmggz');
  await expect(seat.get(TEST_IDS.knowledgeCount)).toContainText('1');
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.articleTitle)).toHaveText(TITLE);
  await seat.get(TEST_IDS.articleEdit).click();
  const changed = `${answer}也可以在网上反映欠薪线索。`;
  await seat.get(TEST_IDS.articleField('answer')).fill(changed);
  await seat.get(TEST_IDS.articleField('changeNote')).fill('补上网上反映的渠道');
  await page.locator(`[data-testid="${TEST_IDS.articleSaveState}"][data-kind="saved"]`).waitFor();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.articleProposal)).toContainText('补上网上反映的渠道');
  await expect(seat.get(TEST_IDS.articleApprove)).toHaveCount(0);
  await seat.waitForOutbox(1);
  await world.startServer();
  await seat.waitForOutbox(0, 60_000);
  expect(await readArticle(world)).toEqual({ uid, version: 1, answer, proposed: changed });

  // The 班长 approves it.
  await changePerson(world, LEAD);
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeSearch).fill(TITLE);
  await seat.get(`${TEST_IDS.knowledgeState}-waiting`).check({ force: true });
  await seat.get(TEST_IDS.knowledgeItem(uid)).click();
  await expect(seat.get(TEST_IDS.articleProposal).locator('ins mark')).toHaveText('也可以在网上反映欠薪线索。');
  await seat.get(TEST_IDS.articleApprove).click();
  await expect(seat.get(TEST_IDS.articleVersion)).toHaveText('第 2 版');
  await seat.waitForOutbox(0);
  expect(await readArticle(world)).toEqual({ uid, version: 2, answer: changed, proposed: null });

  // The agent's ticket keeps the version that was read out, says that there is a newer one, and leads to it.
  await changePerson(world, AGENT);
  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.ticketTable).press('Home');
  await seat.get(TEST_IDS.ticketTable).press('Enter');
  const citation = seat.get(TEST_IDS.ticketDetail).getByTestId(TEST_IDS.citation(uid));
  await expect(citation).toContainText('第 1 版');
  await expect(citation).toContainText('已有第 2 版');
  await citation.getByRole('button').click();
  await expect(seat.get(TEST_IDS.articleVersion)).toHaveText('第 2 版');
  await expect(seat.get(TEST_IDS.articleAnswer)).toHaveText(changed);
});

test('canned texts come with a slash at the beginning of a phrase, are filled in, and stay out of dates and addresses', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring('13800004721', '测试来电人');
  await seat.answer();
  await seat.write({ callerName: '赵敏', title: '路灯不亮' });
  const content = seat.get(TEST_IDS.intakeContent);
  const list = seat.get(TEST_IDS.cannedTexts);
  await content.focus();

  await page.keyboard.type('2025/6/1 https://12345.gov.cn/a 和/或');
  await expect(list).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.keyboard.type('/');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  // Esc keeps the slash, and the key after it is the text's.
  await page.keyboard.press('Enter');
  await expect(content).toHaveValue('2025/6/1 https://12345.gov.cn/a 和/或\n/\n');

  // Without a match every key is the text's again.
  await page.keyboard.type('/zzz');
  await expect(list).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('/fblxdsj');
  await expect(list.getByRole('option')).toHaveText([/方便联系的时间/]);
  await page.keyboard.press('Enter');
  await expect(content).toHaveValue('来电人方便接听的时间：，请承办单位在此时段联系（电话138 0000 4721）。');
  await page.keyboard.press('Control+z');
  await expect(content).toHaveValue('/fblxdsj');
  await page.keyboard.press('Control+y');
  await content.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(11, 11));
  await page.keyboard.type('晚上七点后');
  await expect(content).toHaveValue('来电人方便接听的时间：晚上七点后，请承办单位在此时段联系（电话138 0000 4721）。');

  // Nothing is taken while an input method composes: Enter ends the composition, not the search.
  const input = await page.context().newCDPSession(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('/');
  await expect(list).toBeVisible();
  await compose(input, 'cui ban');
  await pressEnterInIme(input);
  await expect(content).toHaveValue('/cui ban');
  await input.send('Input.insertText', { text: '首次' });
  await expect(content).toHaveValue('/首次');
  await expect(list.getByRole('option')).toHaveText([/首次反映/]);
  await page.keyboard.press('Tab');
  await expect(content).toHaveValue('来电人称此事为首次反映，此前未向其他部门反映。');

  // The note on a ticket has them too, with the ticket's own number.
  await seat.write({ type: 'help', category: '路灯不亮' });
  await seat.submit();
  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.ticketTable).press('Home');
  await seat.get(TEST_IDS.ticketTable).press('Enter');
  await seat.get(TEST_IDS.ticketNumber).waitFor();
  await seat.waitForOutbox(0);
  const note = seat.get(TEST_IDS.ticketNoteText);
  await note.focus();
  await page.keyboard.type('/ldryqcx');
  await page.keyboard.press('Enter');
  const number = await seat.get(TEST_IDS.ticketNumber).textContent();
  await expect(note).toHaveValue(new RegExp(`^来电人于.*要求撤销该诉求（编号${number}）。$`));
});

test('canned texts come with a slash in fields of one line too: Enter takes one and sends nothing, Esc keeps the slash', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Control+n');
  await seat.pick(TEST_IDS.intakeCategory, '企业拖欠工资');
  const list = seat.get(TEST_IDS.cannedTexts);
  const fields = [
    TEST_IDS.intakeTitle,
    TEST_IDS.intakeAddress,
    TEST_IDS.intakeLandmark,
    TEST_IDS.formField('employer'),
  ];
  for (const testId of fields) {
    const field = seat.get(testId);
    await field.focus();
    await page.keyboard.type('3/5号 和/或');
    await expect(list, testId).toHaveCount(0);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/');
    await expect(list, testId).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list, testId).toHaveCount(0);
    await expect(field).toHaveValue('/');
    await expect(field).toBeFocused();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('/jtdrq');
    await expect(list.getByRole('option')).toHaveText([/今天的日期/]);
    await page.keyboard.press('Enter');
    await expect(field, testId).toHaveValue(/^\d{4}年\d{1,2}月\d{1,2}日$/);
    await page.keyboard.press('Control+z');
    await expect(field, testId).toHaveValue('/jtdrq');
  }
  // Texts of several lines become one line.
  const title = seat.get(TEST_IDS.intakeTitle);
  await title.fill('');
  await title.focus();
  await page.keyboard.type('/sqnrkj');
  await expect(list.getByRole('option')).toHaveText([/诉求内容框架/]);

  // While an input method composes, its Enter takes nothing.
  const input = await page.context().newCDPSession(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('/');
  await expect(list).toBeVisible();
  await compose(input, 'jin tian');
  await pressEnterInIme(input);
  await expect(title).toHaveValue('/jin tian');
  await input.send('Input.insertText', { text: '诉求内容' });
  await expect(list.getByRole('option')).toHaveText([/诉求内容框架/]);
  await page.keyboard.press('Tab');
  await expect(title).toHaveValue(/^来电人反映：.*。 诉求：/);
  await expect(title).toBeFocused();
  await expect(seat.get(TEST_IDS.intakeProblems)).toHaveCount(0);
});

test('canned texts come with a slash in every text field, also where knowledge and people are written', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  /** Types a slash, takes the first text, and sees it in the field. */
  const takeCanned = async (testId: string) => {
    const field = seat.get(testId);
    await field.focus();
    await page.keyboard.type('/');
    await expect(seat.get(TEST_IDS.cannedTexts), testId).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(seat.get(TEST_IDS.cannedTexts), testId).toBeHidden();
    await expect(field, testId).not.toHaveValue(/^\/?$/);
    await expect(field, testId).not.toHaveValue(/\{\{/);
  };
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  await seat.ring('13800004723', '测试来电人');
  await seat.answer();
  await seat.get(TEST_IDS.citizenEdit).click();
  for (const testId of [TEST_IDS.personName, TEST_IDS.personLanguage, TEST_IDS.personRemark]) await takeCanned(testId);
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.personDrop).click();
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().click();
  await seat.get(TEST_IDS.articleFeedbackOpen).click();
  await takeCanned(TEST_IDS.articleFeedbackText);
  await seat.hangUp();
  await page.keyboard.press('Alt+4');
  await seat.get(TEST_IDS.viewsOpen).click();
  await takeCanned(TEST_IDS.viewsName);
  // Enter took the text; the view is not kept by it.
  await expect(seat.get(TEST_IDS.viewsName)).toBeFocused();
  await page.keyboard.press('Escape');

  await changePerson(world, EDITOR);
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeNew).click();
  const written = ['title', 'answer', 'questions', 'ask', 'source-title-0', 'keywords', 'changeNote'];
  for (const field of written) await takeCanned(TEST_IDS.articleField(field));
  await changePerson(world, LEAD);
  await page.keyboard.press('Alt+7');
  await seat.get(`${TEST_IDS.knowledgeState}-waiting`).check({ force: true });
  await expect(seat.get(TEST_IDS.knowledgeCount)).toContainText('1');
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().click();
  await takeCanned(TEST_IDS.articleReviewReason);
});

test('canned texts come with a slash where a ticket is corrected and a look behind the mask is reasoned', async ({
  world,
}) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  const list = seat.get(TEST_IDS.cannedTexts);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  /** Sends a ticket and opens it in the list. */
  const openTicket = async (title: string, isSecret: boolean) => {
    await page.keyboard.press('Control+n');
    await seat.write({ type: 'help', category: '路灯', title, content: '小区门口的路灯三天没有亮。' });
    await seat.get(TEST_IDS.intakeCallerPhone).fill(isSecret ? '13800004751' : '13800004752');
    if (isSecret) await seat.get(TEST_IDS.intakeConfidential).check({ force: true });
    await seat.submit();
    await page.keyboard.press('Alt+2');
    await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: title }).click();
  };

  await openTicket('西门路灯不亮', true);
  const detail = seat.get(TEST_IDS.ticketDetail);
  await detail.getByTestId(TEST_IDS.maskLook('phone')).click();
  await page.getByTestId(`${TEST_IDS.maskReason}-other`).check({ force: true });
  const words = seat.get(TEST_IDS.maskWords);
  await words.focus();
  await page.keyboard.type('/');
  // A press on the list is not one outside of the popover.
  await list.getByRole('option').first().click();
  await expect(list).toBeHidden();
  await expect(words).not.toHaveValue(/^\/?$/);
  await expectGuarded(words, 200);
  await words.fill('');
  await page.keyboard.type('/');
  await expect(list).toBeVisible();
  // Esc leaves the list first, and keeps what is below it.
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(words).toHaveValue('/');
  await page.keyboard.press('Escape');
  await expect(words).toBeHidden();

  await page.keyboard.press('Alt+1');
  await openTicket('东门路灯不亮', false);
  await seat.get(TEST_IDS.ticketAmend).click();
  for (const name of ['title', 'content', 'originalWords', 'address', 'landmark', 'subject', 'reason']) {
    const field = seat.get(TEST_IDS.ticketAmendField(name));
    await field.fill('');
    await page.keyboard.type('/');
    await expect(list, name).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(list, name).toBeHidden();
    await expect(field, name).not.toHaveValue(/^\/?$/);
  }
  await expect(seat.get(TEST_IDS.ticketAmendField('reason'))).toBeFocused();
});
