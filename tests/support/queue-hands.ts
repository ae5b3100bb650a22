import { expect } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { QUEUE_NAMES, type QueueName } from '#shared/domain/work-queue.ts';
import type { Seat } from '../../scripts/driver/seat.ts';

/** Shows a queue by keys: a digit for the first nine, arrows from there. */
export async function showQueue(seat: Seat, name: QueueName): Promise<void> {
  const at = QUEUE_NAMES.indexOf(name);
  const press = async (key: string, expected: QueueName | undefined) => {
    const wanted = seat.get(`${TEST_IDS.queueFilter}-${expected}`);
    // The list of the queue before takes the focus when it is drawn, which may be between looking for the field and the key.
    await expect(async () => {
      if (!(await wanted.isChecked()))
        await seat.get(TEST_IDS.queueFilter).getByRole('radio', { checked: true }).press(key);
      await expect(wanted).toBeChecked({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
  };
  const near = Math.min(at, 8);
  await press(String(near + 1), QUEUE_NAMES[near]);
  for (let next = 9; next <= at; next++) await press('ArrowRight', QUEUE_NAMES[next]);
}

/** Puts the cursor of the list on a ticket. */
export async function pointAt(seat: Seat, title: string): Promise<void> {
  const list = seat.get(TEST_IDS.ticketTable);
  const line = list.getByRole('row').filter({ hasText: title });
  await line.waitFor({ timeout: 30_000 });
  await expect(list).toBeFocused();
  await seat.page.keyboard.press('Home');
  await expect(async () => {
    if ((await line.getAttribute('aria-selected')) !== 'true') await seat.page.keyboard.press('j');
    expect(await line.getAttribute('aria-selected')).toBe('true');
  }).toPass();
}

/** Answers a question of the 回访, by keys: the dialog grows with every answer, so that a click may come down beside it. */
export async function answerCallback(seat: Seat, question: string, value: string): Promise<void> {
  const choice = seat.get(`${TEST_IDS.decideAnswer(question)}-${value}`);
  await choice.press('Space');
  await expect(choice).toBeChecked();
}

/** Confirms the open dialog, with words when there are any. */
export async function confirm(seat: Seat, words = ''): Promise<void> {
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeVisible();
  if (words !== '') {
    await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
    await expect(seat.get(TEST_IDS.decideWords)).toBeFocused();
    await seat.page.keyboard.insertText(words);
  }
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeEnabled();
  await seat.page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
}

/** How many tickets a queue says it has: those of the demo centre besides the test's own. */
export async function figureOf(seat: Seat, name: QueueName): Promise<number> {
  const label = await seat.get(`${TEST_IDS.queueFilter}-${name}`).locator('xpath=..').textContent();
  return Number(/\d+$/.exec(label?.trim() ?? '')?.[0]);
}
