import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { AGENT, expect, test } from './world.ts';

/** Writes into a field what no keyboard types and a test driver cannot carry: the characters are put together in the page. */
async function put(page: Page, testId: string, codeUnits: readonly number[]): Promise<void> {
  await page.getByTestId(testId).evaluate((element, units) => {
    const field = element as HTMLInputElement | HTMLTextAreaElement;
    const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    const text = units.map((unit) => String.fromCharCode(unit)).join('');
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, codeUnits);
}

const unitsOf = (text: string) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

/** What people paste: emoji, characters outside the basic plane, right-to-left text, markup, combining marks, controls. */
const ODD =
  '😀👨‍👩‍👧 𠮷野家𪚥𫠝𬺰 مرحبا‏ <img src=x onerror="window.stolen=1"><b>粗</b> e\u0301 \u202e倒\u202c &amp; \'"\\ %_';

const TEXT_FIELDS = [
  TEST_IDS.intakeContent,
  TEST_IDS.intakeOriginalWords,
  TEST_IDS.intakeTitle,
  TEST_IDS.intakeCallerName,
  TEST_IDS.intakeAddress,
  TEST_IDS.intakeLandmark,
  TEST_IDS.intakeSubject,
] as const;

test('odd characters arrive at the server as they were typed, and are shown as text', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  const long = '长'.repeat(10_000);
  for (const field of TEXT_FIELDS) {
    const isShort = field === TEST_IDS.intakeCallerName;
    await put(page, field, unitsOf(isShort ? '𠮷田<b>😀' : ODD));
  }
  await put(page, TEST_IDS.intakeContent, unitsOf(`${ODD}\n${long}`));
  await seat.write({ type: 'complaint', category: '路灯', callerPhone: '１３８-0000 5003' });
  await seat.submit();
  const arrived = () =>
    world.sql<{ doc: { fields: Record<string, unknown> } }>(
      `SELECT doc FROM tickets WHERE caller_phone = '13800005003'`,
    );
  await expect.poll(async () => (await arrived()).length).toBe(1);
  const [row] = await arrived();
  expect(row?.doc.fields).toMatchObject({
    content: `${ODD}\n${long}`,
    originalWords: ODD,
    title: ODD,
    subject: ODD,
    caller: { name: '𠮷田<b>😀', phone: '13800005003' },
    place: { address: ODD, landmark: ODD },
  });
  await page.keyboard.press('Alt+2');
  await page.getByRole('row').filter({ hasText: '𠮷野家' }).first().click();
  await expect(seat.get(TEST_IDS.ticketDetail)).toContainText('<img src=x onerror="window.stolen=1">');
  expect(await page.evaluate(() => 'stolen' in window)).toBe(false);
});

test('text that is too long or cannot be stored is refused at its field, and everything else is kept', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', callerPhone: '13800005004' });
  const problems: readonly (readonly [string, string])[] = [
    [TEST_IDS.intakeTitle, 'title'],
    [TEST_IDS.intakeCallerName, 'caller.name'],
    [TEST_IDS.intakeAddress, 'place.address'],
    [TEST_IDS.intakeLandmark, 'place.landmark'],
    [TEST_IDS.intakeSubject, 'subject'],
    [TEST_IDS.intakeCallerPhone, 'caller.phone'],
  ];
  const tooLong = unitsOf('很'.repeat(10_000));
  for (const [field, name] of problems) {
    await put(page, field, tooLong);
    await expect(seat.get(TEST_IDS.intakeFieldError(name)), name).toContainText('太长');
    // Nothing is cut in silence: what was pasted stays to be shortened.
    expect((await seat.get(field).inputValue()).length, name).toBe(10_000);
    await put(page, field, unitsOf('短'));
    await expect(seat.get(TEST_IDS.intakeFieldError(name)), name).toHaveCount(0);
  }
  for (const bad of [[0x61, 0x00, 0x62], [0xd83d], [0xde00, 0x61]]) {
    await put(page, TEST_IDS.intakeOriginalWords, bad);
    await expect(seat.get(TEST_IDS.intakeFieldError('originalWords'))).not.toHaveText('');
    await seat.get(TEST_IDS.intakeContent).fill('其余内容照常保存');
    await expect(seat.get(TEST_IDS.intakeSaveState)).toHaveAttribute('data-kind', 'partly');
  }
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.intakeProblems)).toBeVisible();
  await expect(seat.get(TEST_IDS.intakeOriginalWords)).toBeFocused();
  // What could be stored is on the disk whatever happens to the application.
  await world.killApp();
  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue('其余内容照常保存');
});
