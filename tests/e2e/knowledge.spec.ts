import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { AGENT, expect, test } from './world.ts';

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
  await input.send('Input.imeSetComposition', { text: 'cui ban', selectionStart: 7, selectionEnd: 7 });
  await input.send('Input.dispatchKeyEvent', {
    type: 'keyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
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
