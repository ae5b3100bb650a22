import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ODD_TEXT as ODD, putText, SHORT_ODD_TEXT, UNSTORABLE_TEXTS } from '../support/odd-text.ts';
import { AGENT, expect, test } from './world.ts';

/** Writes into a field what no keyboard types. */
const put = (page: Page, testId: string, text: string) => putText(page.getByTestId(testId), text);

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
    await put(page, field, isShort ? SHORT_ODD_TEXT : ODD);
  }
  await put(page, TEST_IDS.intakeContent, `${ODD}\n${long}`);
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
    caller: { name: SHORT_ODD_TEXT, phone: '13800005003' },
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
    [TEST_IDS.intakeOccurredAt, 'occurredAt'],
  ];
  const tooLong = '很'.repeat(10_000);
  for (const [field, name] of problems) {
    await put(page, field, tooLong);
    await expect(seat.get(TEST_IDS.intakeFieldError(name)), name).toContainText('太长');
    // Nothing is cut in silence: what was pasted stays to be shortened.
    expect((await seat.get(field).inputValue()).length, name).toBe(10_000);
    await put(page, field, '短');
    await expect(seat.get(TEST_IDS.intakeFieldError(name)), name).toHaveCount(0);
  }
  for (const bad of Object.values(UNSTORABLE_TEXTS)) {
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
