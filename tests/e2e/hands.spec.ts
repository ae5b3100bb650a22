import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import { compose, pressInIme } from '../support/input-method.ts';
import { AGENT, expect, startOnline, test } from './world.ts';

/** Counts the keys a person presses beside the text they type. */
class Keys {
  pressed: string[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(key);
      this.pressed.push(key);
    }
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }
}

/** Waits until the form of the last call has left the screen. */
async function waitUntilGone(seat: Seat): Promise<void> {
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveCount(0);
}

test('a question is answered on the spot with three keys beside the text', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring('13800005001', '张先生');
  await seat.answer();
  await expect(seat.get(TEST_IDS.intakeContent)).toBeFocused();
  const keys = new Keys(page);
  await keys.type('问居住证签注需要什么材料');
  await keys.press('Control+d');
  // Right after the key: nothing that is typed now goes anywhere but into the answer.
  await keys.type('带身份证和居住证到派出所办理，当场办结。');
  await expect(seat.get(TEST_IDS.intakeAnswer)).toHaveValue('带身份证和居住证到派出所办理，当场办结。');
  await keys.press('Control+Enter');
  await waitUntilGone(seat);
  expect(keys.pressed.length).toBeLessThanOrEqual(3);
});

test('an ordinary ticket of a known caller takes at most twelve keys beside the text', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await seat.getReady();
  // Somebody who has called before: name and number are filled in.
  await seat.ring('13800005002', '李女士');
  await seat.answer();
  await seat.write({ content: '第一次来电', callerName: '李女士' });
  await page.keyboard.press('Control+d');
  await page.keyboard.type('已答复');
  await page.keyboard.press('Control+Enter');
  await waitUntilGone(seat);
  await seat.hangUp();
  await seat.finishWrapUp();

  await seat.ring('13800005002', '');
  const keys = new Keys(page);
  await keys.press('F2');
  await seat.waitForCall('active');
  await expect(seat.get(TEST_IDS.intakeContent)).toBeFocused();
  await expect(seat.get(TEST_IDS.intakeCallerName)).toHaveValue('李女士');
  await keys.type('中央路260号门口的路灯不亮，晚上看不见路。');
  // The category: suggested while the words are typed, seen without scrolling, taken with its one key.
  const suggestion = seat.get(TEST_IDS.intakeSuggestion(1));
  await expect(suggestion).toContainText('路灯不亮');
  await expect(suggestion).toBeInViewport({ ratio: 1 });
  const shown = Number(/(\d+)%/.exec((await suggestion.textContent()) ?? '')?.[1]) / 100;
  await keys.press('Control+1');
  await expect(seat.get(TEST_IDS.intakeCategory)).toHaveValue('市政设施 / 道路照明 / 路灯不亮');
  await keys.press('Alt+w');
  await keys.type('路灯不亮');
  await keys.press('Tab', '2', 'Alt+a');
  await expect(seat.get(TEST_IDS.intakeAddress)).toBeFocused();
  await keys.type('鼓楼区中央路260号');
  await seat.get(TEST_IDS.intakeAddressDivision('320106')).waitFor();
  await keys.press('Alt+q', 'Control+Enter');
  await waitUntilGone(seat);
  // The call is over and the seat is ready for the next one.
  await keys.press('F4');
  await seat.waitForAgent('wrap-up');
  await keys.press('F6');
  await seat.waitForAgent('ready');
  expect(keys.pressed.length, keys.pressed.join(' ')).toBeLessThanOrEqual(12);

  const accepted = async () => {
    const [row] = await world.sql<{ doc: { fields: Record<string, unknown> } }>(
      `SELECT doc FROM tickets WHERE doc->'fields'->>'title' = '路灯不亮'`,
    );
    return row?.doc.fields ?? {};
  };
  // How the category came about is logged with the ticket, as sure as it was shown.
  await expect.poll(accepted).toMatchObject({
    type: 'help',
    categoryCode: '020201',
    categoryChoice: { by: 'suggested', confidence: shown },
    caller: { name: '李女士', phone: '13800005002' },
    place: { divisionCode: '320106', address: '鼓楼区中央路260号' },
  });
});

test('while an input method composes, Enter, digits, arrows, Esc and / belong to it', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  const content = seat.get(TEST_IDS.intakeContent);
  await expect(content).toBeFocused();
  const cdp = await page.context().newCDPSession(page);
  await compose(cdp, 'lu deng');
  for (const [key, code] of [
    ['Enter', 'Enter'],
    ['Escape', 'Escape'],
    ['1', 'Digit1'],
    ['2', 'Digit2'],
    ['ArrowDown', 'ArrowDown'],
    ['/', 'Slash'],
    ['?', 'Slash'],
    ['F2', 'F2'],
  ] as const) {
    await pressInIme(cdp, key, code);
  }
  await expect(seat.get(TEST_IDS.shortcutSheet)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.page('search'))).toHaveCount(0);
  await expect(content).toBeFocused();
  await cdp.send('Input.insertText', { text: '路灯' });
  await expect(content).toHaveValue('路灯');

  // In a picker, choosing the candidate with Enter must not choose the first match as well.
  await seat.get(TEST_IDS.intakeCategory).click();
  await compose(cdp, 'lu deng');
  await pressInIme(cdp, 'Enter', 'Enter');
  await expect(seat.get(TEST_IDS.intakeCategory)).toBeFocused();
  await cdp.send('Input.insertText', { text: '路灯' });
  await page.getByRole('option').first().waitFor();
  await expect(seat.get(TEST_IDS.intakeCategory)).toHaveValue('路灯');
});

test('a draft that was given up is found by its words and brought back, long after its notice is gone', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  for (const title of ['电梯困人', '路灯不亮']) {
    await page.keyboard.press('Control+n');
    await seat.write({ type: 'help', title, content: `${title}，已报物业。`, callerName: '孙先生' });
    await seat.waitUntilSaved();
    await page.locator(`[data-testid="${TEST_IDS.intakeTabs}"] [aria-selected="true"]`).focus();
    await page.keyboard.press('Delete');
    await expect(seat.get(TEST_IDS.intakeEmpty)).toBeVisible();
  }
  // Another page, another session of the program: what was given up is still there.
  await world.restartApp();
  const again = world.seat;
  await again.startShift(AGENT.account, AGENT.password);
  await again.page.keyboard.press('Alt+3');
  await again.page.keyboard.press('Control+Shift+t');
  const lines = again.get(TEST_IDS.recoverDialog).getByRole('option');
  await expect(lines).toHaveText([/路灯不亮/, /电梯困人/]);
  await again.page.keyboard.type('已报物业');
  // No line is the chosen one before what was typed has been looked for.
  await expect(lines.nth(0)).toHaveAttribute('aria-selected', 'true');
  await again.page.keyboard.press('ArrowDown');
  await expect(lines.nth(1)).toHaveAttribute('aria-selected', 'true');
  await again.page.keyboard.press('Enter');
  await expect(again.get(TEST_IDS.intakeTitle)).toHaveValue('电梯困人');
  await expect(again.get(TEST_IDS.intakeContent)).toHaveValue('电梯困人，已报物业。');
});
