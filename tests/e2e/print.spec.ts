import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

/** Saves what the open dialog shows as a PDF and reads it. */
async function savePdf(world: Bootstrap, seat: Seat, name: string): Promise<string> {
  const file = path.join(world.artifacts, `${name}.pdf`);
  await world.app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await seat.get(TEST_IDS.printPdf).focus();
  await seat.page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.printPdf)).toHaveCount(0);
  return readFileSync(file, 'latin1');
}

/** Pages of a PDF, all of them A4. */
function expectA4(pdf: string, pages: number): void {
  expect(pdf.startsWith('%PDF-')).toBe(true);
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(pages);
  for (const [, width, height] of pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)) {
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
  }
}

test('without a server: a blank intake sheet, and one with what was written so far, each on one A4 page', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await world.stopServer();
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '路灯坏了三天', content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004771');
  await seat.get(TEST_IDS.intakePrint).focus();
  await page.keyboard.press('Enter');
  const sheet = seat.get(TEST_IDS.printSheet);
  await expect(sheet).toContainText('12345 政务服务便民热线诉求登记表');
  await expect(sheet).toContainText('路灯坏了三天');
  await expect(sheet).toContainText('☑求助');
  expectA4(await savePdf(world, seat, 'draft'), 1);
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('路灯坏了三天');

  await page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.printBlank).focus();
  await page.keyboard.press('Enter');
  await expect(sheet).toContainText('□求助');
  await expect(sheet).not.toContainText('路灯坏了三天');
  expectA4(await savePdf(world, seat, 'blank'), 1);
});

test('a refused operation on paper says what was done, why not, and what the server holds', async ({ world }) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await setAgentRole(world, 'quality');
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '路灯坏了四天', content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004772');
  await seat.submit();
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');
  await page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxPrint).focus();
  await page.keyboard.press('Enter');
  const sheet = seat.get(TEST_IDS.printSheet);
  await expect(sheet).toContainText('退回操作处理单');
  await expect(sheet).toContainText('路灯坏了四天');
  await expect(sheet).toContainText('没有权限做这项操作');
  expectA4(await savePdf(world, seat, 'refused'), 1);
  // Esc leaves the sheet and decides nothing.
  await seat.get(TEST_IDS.outboxPrint).focus();
  await page.keyboard.press('Enter');
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(seat.get(TEST_IDS.outboxRefused)).toContainText('路灯坏了四天');
});
