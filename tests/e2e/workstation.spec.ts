import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { ConsoleApp } from '../../scripts/driver/console-app.ts';
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
    // The phone is told of, whose call it is is not.
    await seat.get(TEST_IDS.signInCall).waitFor();
    expect(await page.content()).not.toContain(CANARY);
    expect(await page.locator('body').textContent()).not.toContain('4740');

    await seat.startShift(AGENT.account, AGENT.password);
    await seat.waitForCall('active');
    await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(CANARY);
  });
}

test('AU-5: whoever locked during a call types the password and finds draft and cursor where they were', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring('13800004741');
  await seat.answer();
  await seat.write({ title: '路灯不亮', address: '中山路号' });
  // A further draft that is newer must not take its place.
  await page.keyboard.press('Control+n');
  await seat.write({ title: '另一件事' });
  await page.getByRole('tab', { name: '路灯不亮' }).click();
  const address = seat.get(TEST_IDS.intakeAddress);
  await expect(address).toHaveValue('中山路号');
  await address.focus();
  await address.press('End');
  await address.press('ArrowLeft');
  await seat.waitUntilSaved();

  for (const lock of [() => page.keyboard.press('Control+Shift+L'), () => seat.get(TEST_IDS.lockButton).click()]) {
    await lock();
    await expect(seat.get(TEST_IDS.signInCall)).toHaveText(/通话仍在继续/);
    await expect(seat.get(TEST_IDS.signInAccount)).toHaveValue(AGENT.account);
    await expect(seat.get(TEST_IDS.signInPassword)).toBeFocused();
    await page.keyboard.type(AGENT.password);
    await page.keyboard.press('Enter');
    await seat.waitForCall('active');
    await expect(address).toBeFocused();
    await page.keyboard.type('9');
  }
  await expect(address).toHaveValue('中山路99号');
  await expect(seat.get(TEST_IDS.intakeTitle)).toHaveValue('路灯不亮');

  // On hold and ringing it says so.
  await page.keyboard.press('F8');
  await seat.waitForCall('held');
  await page.keyboard.press('Control+Shift+L');
  await expect(seat.get(TEST_IDS.signInCall)).toHaveText(/保持/);
});

test('AU-5: what was typed just before the screen was locked is on the disk', async ({ world }) => {
  const { electron } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await world.app.page.keyboard.press('Control+n');
  await seat.write({ title: '先写的' });
  await seat.waitUntilSaved();
  await seat.get(TEST_IDS.intakeContent).fill(CANARY);
  await electron.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  await seat.get(TEST_IDS.signIn).waitFor();
  // Nothing but the disk can bring it back after this.
  await world.killApp();
  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(CANARY);
});

test('AU-5: nobody at the workstation locks it, but not over a call nor right after one, and the text is kept', async ({
  world,
}) => {
  const { electron, page } = await world.startApp();
  const { seat } = world;
  const sayIdle = (limitMs: number) =>
    electron.evaluate(({ webContents }, limit) => {
      for (const contents of webContents.getAllWebContents()) contents.send('shell:idle', { limitMs: limit });
    }, limitMs);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring('13800004744');
  await seat.answer();
  await seat.write({ content: CANARY });
  await sayIdle(0);
  // The next keystroke is still taken: nothing was locked.
  await seat.get(TEST_IDS.intakeContent).press('End');
  await page.keyboard.insertText('。');
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(`${CANARY}。`);
  await seat.hangUp();
  await seat.finishWrapUp();
  await sayIdle(600_000);
  await page.keyboard.press('Alt+2');
  await seat.get(TEST_IDS.page('mine')).waitFor();
  await sayIdle(0);
  await seat.get(TEST_IDS.signIn).waitFor();
  expect(await page.content()).not.toContain(CANARY);
  await seat.startShift(AGENT.account, AGENT.password);
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(`${CANARY}。`);
});

/** Closes the window as the person's mouse does. */
async function closeWindow({ electron }: ConsoleApp): Promise<void> {
  await electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().includes('index.html'));
    window?.close();
  });
}

test('closing the window right after a key loses nothing', async ({ world }) => {
  const app = await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await app.page.keyboard.press('Control+n');
  await world.seat.write({ title: '先写的' });
  await world.seat.waitUntilSaved();
  await world.seat.get(TEST_IDS.intakeContent).fill(CANARY);
  // Listened for first: it may have ended by the time the request to close is answered.
  const ended = once(app.electron.process(), 'exit');
  await closeWindow(app);
  await ended;
  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(CANARY);
});

test('closing the window during a call asks first: Enter stays, and closing on purpose ends the call in order', async ({
  world,
}) => {
  const app = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.getReady();
  await seat.ring('13800004742');
  await seat.answer();
  await closeWindow(app);
  await seat.get(TEST_IDS.closeStay).waitFor();
  await expect(seat.get(TEST_IDS.closeStay)).toBeFocused();
  await app.page.keyboard.press('Enter');
  await seat.get(TEST_IDS.closeDialog).waitFor({ state: 'detached' });
  await seat.waitForCall('active');
  await seat.get(TEST_IDS.intakeContent).fill(CANARY);

  await closeWindow(app);
  await seat.get(TEST_IDS.closeStay).waitFor();
  await app.page.keyboard.press('Escape');
  await seat.get(TEST_IDS.closeDialog).waitFor({ state: 'detached' });

  await closeWindow(app);
  await seat.get(TEST_IDS.closeStay).waitFor();
  await app.page.keyboard.press('Shift+Tab');
  await expect(seat.get(TEST_IDS.closeAnyway)).toBeFocused();
  const ended = once(app.electron.process(), 'exit');
  await app.page.keyboard.press('Enter');
  await ended;

  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(CANARY);
});

test('the copy button puts the ticket number on the clipboard, and a page may do nothing else with it', async ({
  world,
}) => {
  const { page, electron } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '待复制', content: CANARY, callerPhone: '13800004743' });
  await seat.submit();
  await page.keyboard.press('Alt+2');
  await page.getByRole('row').filter({ hasText: '待复制' }).first().click();
  await seat.get(TEST_IDS.ticketCopyNumber).click();
  const number = await seat.get(TEST_IDS.ticketNumber).textContent();
  await expect.poll(() => electron.evaluate(({ clipboard }) => clipboard.readText())).toBe(number);
  await expect(seat.get(TEST_IDS.notice)).toContainText('工单号已复制');
  const read = await page.evaluate(() => navigator.clipboard.readText().catch((error: Error) => error.name));
  expect(read).toBe('NotAllowedError');
});

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
