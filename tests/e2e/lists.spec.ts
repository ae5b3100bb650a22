import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, startColleague, startOnline, test } from './world.ts';

/** Headers of the columns that are read in every line, in both languages: none of their cells may be cut. */
const WHOLE = {
  'zh-CN': ['工单号', '状态', '时限'],
  en: ['Number', 'Status', 'Time left'],
} as const;

/** Columns of the list in sight: header, width in px, and the texts that do not fit into their cells. */
async function readColumns(page: Page) {
  return page.getByTestId(TEST_IDS.ticketTable).evaluate((table) => {
    const lines = [...table.querySelectorAll('[role="row"]')].map((line) => [...line.children] as HTMLElement[]);
    const [head = [], ...rows] = lines;
    return head.map((cell, index) => ({
      header: cell.textContent ?? '',
      width: cell.clientWidth,
      cut: rows.flatMap((row) => {
        const each = row[index];
        return each && each.scrollWidth > each.clientWidth + 1 ? [each.textContent ?? ''] : [];
      }),
    }));
  });
}

test('on a small screen number, state, title, category, place and limit of every ticket can be read', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page, electron } = world.app;
  await page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor();
  await electron.evaluate(({ BrowserWindow }) => {
    const shown = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().includes('index.html'));
    shown?.unmaximize();
    shown?.setContentSize(1366, 768);
  });
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1366);
  for (const language of ['zh-CN', 'en'] as const) {
    await page.evaluate(
      (wanted) =>
        window.hotline.invoke('shell:preferences:set', { language: wanted, theme: 'light' }).then(() => undefined),
      language,
    );
    await page.locator(`html[lang="${language}"]`).waitFor();
    await page.keyboard.press('Alt+3');
    await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
    await seat.get(TEST_IDS.ticketTable).getByRole('row').nth(5).waitFor();
    const columns = await readColumns(page);
    expect(columns).toHaveLength(6);
    for (const header of WHOLE[language]) {
      expect(columns.find((column) => column.header === header)?.cut, header).toEqual([]);
    }
    // A title of a dozen characters, a category of seven.
    expect(columns[2]?.width).toBeGreaterThanOrEqual(165);
    expect(columns[3]?.width).toBeGreaterThanOrEqual(91);
    expect(columns[4]?.width).toBeGreaterThanOrEqual(80);
  }
});

test('a ticket that moves down between press and release is the one that opens', async ({ world }) => {
  const seat = await startOnline(world);
  const { page } = seat;
  const colleague = await startColleague(world);
  const arrive = (title: string) => colleague.pushOne(createTicketBody({ title }));
  await page.keyboard.press('Alt+3');
  await arrive('按下去的那一件');
  const pressed = page.getByRole('row').filter({ hasText: '按下去的那一件' });
  await pressed.hover();
  await page.mouse.down();
  const before = (await pressed.boundingBox())?.y;
  await arrive('后来居上的那一件');
  await expect.poll(async () => (await pressed.boundingBox())?.y).not.toBe(before);
  await page.mouse.up();
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText('按下去的那一件');
});
