import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

/** What has the focus: its test id, else its role or tag; `BODY` when nothing has it. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'BODY';
    return element.getAttribute('data-testid') ?? element.getAttribute('role') ?? element.tagName;
  });
}

/** Presses keys one after the other; after each of them something on the screen has the focus, and keeps it. */
function prepareWalk({ page }: Seat) {
  return async (...keys: readonly string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await expect.poll(() => focused(page), `after ${keys.join(' ')}, at ${key}`).not.toBe('BODY');
    }
  };
}

async function startWithHistory(world: Bootstrap): Promise<Seat> {
  const seat = await startOnline(world);
  await seat.page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  return seat;
}

const PAGES = ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'Alt+5', 'Alt+6', 'Alt+7', 'Alt+8', 'Alt+9'] as const;

test('changing pages in every order, and going back through them, always leaves the focus on the page', async ({
  world,
}) => {
  const seat = await startWithHistory(world);
  const walk = prepareWalk(seat);
  for (const from of PAGES) for (const to of PAGES) await walk(from, to);
  for (let i = 0; i < 20; i++) await walk('Escape');
});

test('a ticket that is closed gives the focus back to the list it was opened from', async ({ world }) => {
  const seat = await startWithHistory(world);
  const { page } = seat;
  const walk = prepareWalk(seat);
  await walk('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  await seat.get(TEST_IDS.ticketTable).focus();
  await walk('ArrowDown', 'Enter');
  await seat.get(TEST_IDS.ticketTitle).waitFor();
  await walk('Escape');
  await expect(seat.get(TEST_IDS.ticketTable)).toBeFocused();
  await walk('Enter');
  // From inside of the ticket, by its own cross.
  await seat.get(TEST_IDS.ticketClose).focus();
  await walk('Enter');
  await expect(seat.get(TEST_IDS.ticketTable)).toBeFocused();

  await walk('Alt+4');
  await page.keyboard.type('王');
  await seat.get(TEST_IDS.searchResults).getByRole('option').first().waitFor();
  await walk('Enter');
  await seat.get(TEST_IDS.citizenPane).waitFor();
  const ticket = seat.get(TEST_IDS.citizenPane).getByTestId(TEST_IDS.citizenTickets).getByRole('button').first();
  const id = await ticket.getAttribute('data-testid');
  await ticket.focus();
  await walk('Enter');
  await seat.get(TEST_IDS.ticketDetail).waitFor();
  await walk('Escape');
  await expect.poll(() => focused(page)).toBe(id);
  await walk('Escape');
  await expect(seat.get(TEST_IDS.searchInput)).toBeFocused();
});

test('dialogs, popovers and menus give the focus back', async ({ world }) => {
  const seat = await startWithHistory(world);
  const walk = prepareWalk(seat);
  await seat.getReady();
  await walk('Control+n');
  await seat.get(TEST_IDS.intakeTitle).focus();
  for (const key of ['Control+k', 'F1', 'Alt+o']) {
    await walk(key);
    await expect(seat.get(TEST_IDS.intakeTitle)).not.toBeFocused();
    await walk('Escape');
    await expect(seat.get(TEST_IDS.intakeTitle), key).toBeFocused();
  }
  await seat.get(TEST_IDS.agentState).focus();
  await walk('Enter', 'Escape');
  await seat.get(TEST_IDS.simulateOpen).focus();
  await walk('Enter', 'Escape');
});

test('through a whole call, from the ring to the next form, with forms deleted on the way', async ({ world }) => {
  const seat = await startWithHistory(world);
  const { page } = seat;
  const walk = prepareWalk(seat);
  await seat.getReady();
  await seat.ring('13800004901', '来电人');
  await walk('F2');
  await seat.waitForCall('active');
  await walk('F8', 'F8', 'F9', 'F9', 'Shift+F9', 'Escape', 'Alt+t', 'Escape', 'Alt+e', 'Escape');
  await walk('Alt+p', 'Alt+d', 'Alt+k', 'Alt+i', 'Alt+w', 'Alt+a', 'Alt+b', 'Escape');
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '小区门口的路灯不亮。' });
  await walk('Control+Enter');
  await walk('F4');
  await seat.waitForAgent('wrap-up');
  await walk('F6');
  await seat.waitForAgent('ready');

  for (const title of ['一', '二', '三']) {
    await walk('Control+n');
    await seat.write({ title });
  }
  await seat.waitUntilSaved();
  const tabs = seat.get(TEST_IDS.intakeTabs).getByRole('tab');
  for (let left = await tabs.count(); left > 0; left--) {
    await page.locator(`[data-testid="${TEST_IDS.intakeTabs}"] [aria-selected="true"]`).focus();
    await walk('Delete');
    await expect(tabs).toHaveCount(left - 1);
    await expect.poll(() => focused(page)).not.toBe('BODY');
  }
});

test('refused work that is corrected, sent again or given up leaves the focus where the next key is wanted', async ({
  world,
}) => {
  const seat = await startWithHistory(world);
  const { page } = seat;
  const walk = prepareWalk(seat);
  await setAgentRole(world, 'quality');
  for (const title of ['第一件', '第二件', '第三件']) {
    await walk('Control+n');
    await seat.write({ type: 'help', category: '路灯', title, content: '路灯三天没亮。', callerPhone: '13800004791' });
    await walk('Control+Enter');
    await expect(seat.get(TEST_IDS.intakeContent)).toHaveCount(0);
  }
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('3');
  await setAgentRole(world, 'agent');
  await walk('Alt+5');
  // No key decides what is not on the screen yet.
  await expect(seat.get(TEST_IDS.outboxRedo)).toBeEnabled();
  await walk('Alt+r');
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('2');
  await expect.poll(() => focused(page)).not.toBe('BODY');
  // The figure below may be ahead of the list: the next one is there when it is read.
  const refused = page.getByRole('region', { name: '退回的操作' });
  await expect(refused).toContainText('第二件');
  await expect(seat.get(TEST_IDS.outboxDiscard)).toBeEnabled();
  await walk('Alt+x');
  await seat.get(TEST_IDS.outboxDiscardConfirm).focus();
  await walk('Enter');
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');
  await expect.poll(() => focused(page)).not.toBe('BODY');
  await expect(refused).toContainText('第三件');
  await expect(seat.get(TEST_IDS.outboxCorrect)).toBeEnabled();
  await seat.get(TEST_IDS.outboxCorrect).focus();
  await walk('Enter');
  await expect(seat.get(TEST_IDS.intakeCorrects)).toBeVisible();
  await expect.poll(() => focused(page)).not.toBe('BODY');
});

test('pressing every switch of settings and knowledge, and saving a person, loses no focus', async ({ world }) => {
  const seat = await startWithHistory(world);
  const { page } = seat;
  const walk = prepareWalk(seat);
  for (const key of ['Alt+6', 'Alt+7', 'Alt+8', 'Alt+5']) {
    await walk(key);
    for (let i = 0; i < 25; i++) await walk('Tab');
  }
  await walk('Alt+7');
  await seat.get(TEST_IDS.knowledgeList).getByRole('option').first().waitFor();
  await walk('Enter');
  await seat.get(TEST_IDS.articleTitle).waitFor();
  await walk('Escape');
  await walk('Alt+4');
  await page.keyboard.type('王');
  await seat.get(TEST_IDS.searchResults).getByRole('option').first().waitFor();
  await walk('Enter');
  await seat.get(TEST_IDS.citizenPane).getByTestId(TEST_IDS.citizenEdit).focus();
  await walk('Enter');
  await seat.get(TEST_IDS.personSave).waitFor();
  await walk('Escape');
  await expect(seat.get(TEST_IDS.citizenEdit)).toBeFocused();
});
