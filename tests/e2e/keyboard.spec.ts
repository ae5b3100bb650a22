import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { BREAK_REASONS, BUSY_REASONS } from '#shared/domain/call-events.ts';
import { findKnownCaller } from './looks.ts';
import { expect, startOnline, test } from './world.ts';

/** More stops than any page has: a walk of this length has come round. */
const LONGEST_WALK = 400;

/** Notes from now on what had the focus. */
async function watchFocus(page: Page): Promise<void> {
  await page.evaluate(() => {
    const reached = new Set<Element>();
    Object.assign(window, { reached });
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof Element) reached.add(target);
    });
  });
}

/**
 * Walks once round the page with Tab.
 * @returns what on it answers to the mouse and was never reached, by test id or words; a list, a table, a set of tabs or of choices is one stop,
 * walked through with arrow keys
 */
async function findMouseOnly(page: Page): Promise<readonly string[]> {
  await page.keyboard.press('Tab');
  const first = await page.evaluateHandle(() => document.activeElement);
  for (let i = 0; i < LONGEST_WALK; i++) {
    await page.keyboard.press('Tab');
    if (await first.evaluate((element) => element === document.activeElement)) break;
  }
  return page.evaluate(() => {
    const { reached } = window as unknown as { reached: Set<Element> };
    const isReachedIn = (set: Element | null) => set !== null && [...reached].some((element) => set.contains(element));
    const isPressable = (element: Element) =>
      getComputedStyle(element).cursor === 'pointer' &&
      (!element.parentElement || getComputedStyle(element.parentElement).cursor !== 'pointer');
    const canReach = (element: Element): boolean => {
      const control =
        element.closest('label')?.control ?? element.closest('button, a, input, textarea, select, [role]') ?? element;
      if (isReachedIn(control)) return true;
      if (control instanceof HTMLInputElement && control.type === 'radio')
        return [...reached].some((other) => other instanceof HTMLInputElement && other.name === control.name);
      const list = element.closest('[role="listbox"]');
      if (list)
        return [...reached].some((other) => other.getAttribute('aria-controls') === list.id) || isReachedIn(list);
      // What empties a picker is its own Backspace.
      const picker = element.closest('.mantine-TextInput-wrapper');
      return isReachedIn(element.closest('[role="grid"], [role="tablist"]')) || isReachedIn(picker);
    };
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.matches('button, a[href], input, textarea, select') || isPressable(element))
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }))
      .filter((element) => !element.closest(':disabled, [inert], [aria-disabled="true"]'))
      .filter((element) => !canReach(element))
      .map((element) => element.getAttribute('data-testid') ?? element.outerHTML.slice(0, 120));
  });
}

test('whatever answers to the mouse on any page is reached with Tab and arrows', async ({ world }) => {
  test.setTimeout(400_000);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await watchFocus(page);
  const check = async (screen: string) => {
    await page.evaluate(() => (window as unknown as { reached: Set<Element> }).reached.clear());
    // What was drawn while the walk was past its place is reached by the next one.
    const first = await findMouseOnly(page);
    expect.soft(first.length > 0 ? await findMouseOnly(page) : first, screen).toEqual([]);
  };
  await seat.getReady();
  await seat.ring(await findKnownCaller(world));
  await check('ringing');
  await seat.answer();
  await expect(seat.get(TEST_IDS.citizenTickets)).toBeVisible();
  await seat.write({ title: '路灯不亮', content: '小区门口的路灯不亮。', address: '鼓楼区中央路260号3栋' });
  await seat.pick(TEST_IDS.intakeCategory, '企业拖欠工资');
  await page.keyboard.press('Control+n');
  await seat.write({ content: '第二件事：夜间施工。' });
  await seat.get(TEST_IDS.intakeSuggestions).waitFor();
  await check('a call with two forms');
  await page.keyboard.press('Alt+d');
  await check('possible duplicates');
  await page.keyboard.press('Alt+k');
  await check('knowledge beside the form');
  await page.keyboard.press('Escape');
  for (const name of ['mine', 'queue', 'search', 'outbox', 'settings', 'calls']) {
    await seat.get(TEST_IDS.nav(name)).click();
    await seat.get(TEST_IDS.page(name)).waitFor();
    await check(name);
  }
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await seat.get(TEST_IDS.ticketTable).press('Home');
  await seat.get(TEST_IDS.ticketTable).press('Enter');
  await seat.get(TEST_IDS.ticketEvents).waitFor();
  await check('a ticket');
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await seat.get(TEST_IDS.articleTitle).waitFor();
  await check('an article');
  await page.keyboard.press('F4');
  await seat.waitForAgent('wrap-up');
  await page.keyboard.press('Alt+1');
  await check('wrap-up');
});

test('示忙 and 小休 with every reason, by keyboard alone: between calls, and asked for during one; then 签出 and 签入', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  const state = seat.get(TEST_IDS.agentState);
  /** Opens the menu of states and goes down to an entry. */
  const choose = async (testId: string) => {
    await state.focus();
    await page.keyboard.press('Enter');
    const entry = seat.get(testId);
    await entry.waitFor();
    await expect(state).not.toBeFocused();
    for (let i = 0; i < 12 && !(await entry.evaluate((element) => element === document.activeElement)); i++)
      await page.keyboard.press('ArrowDown');
    await expect(entry).toBeFocused();
    await page.keyboard.press('Enter');
  };
  const words: Readonly<Record<string, string>> = {
    busy: '其他事务',
    paperwork: '整理工单',
    training: '培训',
    meeting: '会议',
    equipment: '设备故障',
    rest: '休息',
    meal: '用餐',
  };
  await seat.getReady();
  for (const reason of [...BUSY_REASONS, ...BREAK_REASONS]) {
    const isBreak = BREAK_REASONS.some((one) => one === reason);
    await choose(TEST_IDS.agentNotReady(reason));
    await seat.waitForAgent(isBreak ? 'break' : 'busy');
    await expect(state).toContainText(`${isBreak ? '小休' : '示忙'} · ${words[reason]}`);
  }
  await page.keyboard.press('F6');
  await seat.waitForAgent('ready');
  // During a call: it goes on, and what was asked for comes after the wrap-up.
  await seat.ring('13800004830');
  await seat.answer();
  await choose(TEST_IDS.agentNotReady('meal'));
  await seat.waitForAgent('talking');
  await expect(state).toHaveAttribute('title', '通话后小休 · 用餐');
  await seat.hangUp();
  await page.keyboard.press('F6');
  await seat.waitForAgent('break');
  await expect(state).toContainText('小休 · 用餐');
  await choose(TEST_IDS.agentSignOut);
  await seat.waitForAgent('signed-out');
  await page.keyboard.press('F6');
  await seat.waitForAgent('ready');
});
