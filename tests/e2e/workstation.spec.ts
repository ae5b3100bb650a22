import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { AGENT, expect, test } from './world.ts';

const CANARY = '锁屏前写下的内容';

for (const event of ['lock-screen', 'suspend'] as const) {
  test(`AU-5: on ${event} the work leaves the screen, the call stays, and the password brings it back`, async ({
    world,
  }) => {
    const { page, electron } = await world.startApp();
    const { seat } = world;
    await seat.startShift(AGENT.account, AGENT.password);
    await seat.getReady();
    await seat.ring('13800004740');
    await seat.answer();
    await seat.write({ content: CANARY });
    await seat.waitUntilSaved();

    await electron.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
    await seat.get(TEST_IDS.signIn).waitFor();
    await expect(seat.get(TEST_IDS.shell)).toHaveCount(0);
    expect(await page.content()).not.toContain(CANARY);

    await seat.startShift(AGENT.account, AGENT.password);
    await seat.waitForCall('active');
    await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(CANARY);
  });
}

test('unsent work can be saved to a file that only its owner reads', async ({ world }) => {
  const { page, electron } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await world.stopServer();
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '待导出', content: CANARY, callerPhone: '13800004741' });
  await seat.submit();
  await seat.waitForOutbox(1);

  const file = path.join(world.artifacts, 'export.json');
  // The system's dialog cannot be driven from here; what it would answer is given instead.
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await page.keyboard.press('Alt+5');
  await seat.get(TEST_IDS.outboxExport).click();
  const text = await waitFor('the file is written', () => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  });
  expect(JSON.stringify(JSON.parse(text))).toContain(CANARY);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('language and theme are chosen before signing in and stay after a restart', async ({ lonelyWorld: world }) => {
  const { page } = await world.startApp();
  await world.seat.get(TEST_IDS.signIn).waitFor();
  expect(await page.evaluate(() => window.hotline.invoke('shell:preferences:get', undefined))).toEqual({
    language: 'zh-CN',
    theme: 'system',
  });
  await page.evaluate(() => window.hotline.invoke('shell:preferences:set', { language: 'en', theme: 'dark' }));
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const restarted = await world.restartApp();
  await expect(restarted.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(restarted.page.locator('[data-mantine-color-scheme="dark"]').first()).toBeAttached();
});
