import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { lockFolder } from '#main/data/db/instance-lock.ts';
import { openEncrypted } from '#main/data/db/open.ts';
import { profileFolder, readKeyFile } from '#main/data/keys/key-file.ts';
import { unlockProfileKeys } from '#main/data/keys/profile-keys.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { fillDisk, mountSmallDisk } from '../support/data/small-disk.ts';
import { expectDurable, typeAtSpeed } from '../support/typing.ts';
import { AGENT, expect, test } from './world.ts';

const agentFolder = (world: Bootstrap) => profileFolder(world.profileDir, 'demo', AGENT.account);
const cacheFile = (world: Bootstrap) => path.join(agentFolder(world), 'cache.db');

/** The code of the problem that the sign-in screen shows. */
async function readSignInProblem(world: Bootstrap): Promise<string | null> {
  const error = world.seat.get(TEST_IDS.signInError);
  await error.waitFor();
  return error.getAttribute('data-code');
}

/** One ticket that the server does not have yet, then the console is closed. */
async function leaveUnsentTicket(world: Bootstrap, profileDir = world.profileDir): Promise<void> {
  await world.startApp({ profileDir });
  await world.seat.startShift(AGENT.account, AGENT.password);
  await world.seat.waitForConnection('online');
  await world.stopServer();
  await world.app.page.keyboard.press('Control+n');
  await world.seat.write({
    type: 'help',
    category: '路灯',
    title: '未发送的工单',
    content: '服务器停机时写下。',
    callerPhone: '13800004730',
  });
  await world.seat.submit();
  await world.seat.waitForOutbox(1);
  await world.app.close();
}

test('F8: a wrong password is told as such, opens nothing and keeps everything', async ({ world }) => {
  await leaveUnsentTicket(world);
  await world.startApp();
  await world.seat.signIn(AGENT.account, 'Wrong-12345');
  expect(await readSignInProblem(world)).toMatch(/^(BAD_CREDENTIALS|OFFLINE)$/);
  await expect(world.seat.get(TEST_IDS.shell)).toHaveCount(0);
  await world.seat.startShift(AGENT.account, AGENT.password);
  await world.seat.waitForOutbox(1);
});

test('F7: a damaged cache is named and set aside; the work that only this console has is brought back', async ({
  world,
}) => {
  await leaveUnsentTicket(world);
  const file = openSync(cacheFile(world), 'r+');
  writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 0);
  closeSync(file);

  await world.startApp();
  await world.seat.signIn(AGENT.account, AGENT.password);
  expect(await readSignInProblem(world)).toBe('DATABASE_DAMAGED');
  expect(readdirSync(agentFolder(world)).some((name) => name.startsWith('corrupt-'))).toBe(true);

  await world.seat.startShift(AGENT.account, AGENT.password);
  await world.startServer();
  await world.seat.waitForConnection('online', 60_000);
  await expect
    .poll(() => world.sql("SELECT 1 FROM tickets WHERE doc->'fields'->>'title' = '未发送的工单'"), { timeout: 60_000 })
    .toHaveLength(1);
});

test('F4: a cache of a newer version is refused by name and left as it is', async ({ world }) => {
  await leaveUnsentTicket(world);
  const keyFile = forceUnwrap('The profile has a key file', readKeyFile(agentFolder(world)));
  const unlocked = await unlockProfileKeys(keyFile, AGENT.password, null);
  if (unlocked.kind !== 'unlocked') throw new Error(unlocked.kind);
  const db = openEncrypted(cacheFile(world), unlocked.keys.databaseKey('cache'));
  db.exec('PRAGMA user_version = 999999');
  db.close();
  const before = readFileSync(cacheFile(world));

  await world.startApp();
  await world.seat.signIn(AGENT.account, AGENT.password);
  expect(await readSignInProblem(world)).toBe('DATABASE_NEWER');
  await world.app.close();
  expect(readFileSync(cacheFile(world)).equals(before)).toBe(true);
});

test('F5: a full disk is told while the text stays in the form, and everything is saved when there is room', async ({
  world,
}) => {
  const disk = mountSmallDisk(64 * 1024);
  test.skip(disk === null, 'a small disk can be mounted by root only');
  if (!disk) return;
  const profileDir = path.join(disk.folder, 'profile');
  try {
    await world.startApp({ profileDir });
    await world.seat.startShift(AGENT.account, AGENT.password);
    await world.seat.waitForConnection('online');
    await world.app.page.keyboard.press('Control+n');
    await world.seat.write({ title: '磁盘写满之前' });
    await world.seat.waitUntilSaved();

    const filler = path.join(disk.folder, 'filler');
    fillDisk(filler);
    // A log that has been copied back has room for some saves more.
    let long = '';
    await expect
      .poll(
        async () => {
          long = `${long.length}${'磁盘写满时仍在输入的内容。'.repeat(700)}${long.slice(0, 500)}`;
          await world.seat.write({ content: long });
          return world.seat.get(TEST_IDS.storageBanner).isVisible();
        },
        { timeout: 90_000, intervals: [400] },
      )
      .toBe(true);
    expect(await world.seat.get(TEST_IDS.intakeContent).inputValue()).toBe(long);

    rmSync(filler);
    await world.seat.waitUntilSaved();
    await world.seat.get(TEST_IDS.storageBanner).waitFor({ state: 'detached' });
    await world.app.page.reload();
    await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(long);
    await world.app.close();
  } finally {
    disk.remove();
  }
});

test('F5: a disk that is full before the start, temporary folder included, ends in a clear screen; with room it goes on', async ({
  lonelyWorld: world,
}) => {
  const disk = mountSmallDisk(4 * 1024);
  test.skip(disk === null, 'a small disk can be mounted by root only');
  if (!disk) return;
  try {
    const filler = path.join(disk.folder, 'filler');
    fillDisk(filler);
    const { page } = await world.startApp({
      profileDir: path.join(disk.folder, 'profile'),
      env: { TMPDIR: disk.folder },
    });
    const screen = world.seat.get(TEST_IDS.fatalScreen);
    await expect(screen).toHaveAttribute('data-code', 'DISK_FULL');
    rmSync(filler);
    await page.keyboard.press('Enter');
    await world.seat.get(TEST_IDS.signIn).waitFor();
    await world.app.close();
  } finally {
    disk.remove();
  }
});

test('F5, F1: kill -9 while typing on a full disk loses at most the last 300 ms', async ({ world }) => {
  const disk = mountSmallDisk(64 * 1024);
  test.skip(disk === null, 'a small disk can be mounted by root only');
  if (!disk) return;
  const profileDir = path.join(disk.folder, 'profile');
  try {
    await world.startApp({ profileDir });
    await world.seat.startShift(AGENT.account, AGENT.password);
    await world.seat.waitForConnection('online');
    await world.app.page.keyboard.press('Control+n');
    await world.seat.write({ title: '磁盘写满之前' });
    await world.seat.waitUntilSaved();
    const filler = path.join(disk.folder, 'filler');
    fillDisk(filler);

    const typed = await typeAtSpeed(world.seat);
    const killedAt = systemClock.now();
    await world.killApp();
    rmSync(filler);

    await world.startApp({ profileDir });
    await world.seat.startShift(AGENT.account, AGENT.password);
    await expect(world.seat.get(TEST_IDS.intakeTitle)).toHaveValue('磁盘写满之前');
    expectDurable(await world.seat.get(TEST_IDS.intakeContent).inputValue(), typed, killedAt);
    await world.app.close();
  } finally {
    disk.remove();
  }
});

test('F6: a folder that became read-only with unsent work in it ends in a clear screen; writable again, work goes on and the ticket is sent once', async ({
  world,
}) => {
  const disk = mountSmallDisk(64 * 1024);
  test.skip(disk === null, 'a disk can be mounted by root only');
  if (!disk) return;
  const profileDir = path.join(disk.folder, 'profile');
  try {
    await leaveUnsentTicket(world, profileDir);
    disk.makeReadOnly();
    await world.startApp({ profileDir });
    const screen = world.seat.get(TEST_IDS.fatalScreen);
    await expect(screen).toHaveAttribute('data-code', 'READ_ONLY');
    await expect(screen).toContainText('已保存的内容都在');
    // Tried again before anybody did anything about it, it says the same.
    await world.app.page.keyboard.press('Enter');
    await expect(screen).toHaveAttribute('data-code', 'READ_ONLY');

    disk.makeWritable();
    await world.seat.get(TEST_IDS.fatalRetry).click();
    await world.seat.startShift(AGENT.account, AGENT.password);
    await world.seat.waitForOutbox(1);
    // And what is written now is kept as ever.
    await world.app.page.keyboard.press('Control+n');
    await world.seat.write({ title: '恢复之后写下' });
    await world.seat.waitUntilSaved();
    await world.startServer();
    await world.seat.waitForConnection('online', 60_000);
    await world.seat.waitForOutbox(0);
    expect(await world.sql("SELECT 1 FROM tickets WHERE doc->'fields'->>'title' = '未发送的工单'")).toHaveLength(1);
    await world.app.close();
  } finally {
    disk.remove();
  }
});

test('F9: a folder that another program works in is named on a screen, and the next try goes on', async ({
  lonelyWorld: world,
}) => {
  const lock = lockFolder(world.profileDir, null);
  await world.startApp();
  const screen = world.seat.get(TEST_IDS.fatalScreen);
  await expect(screen).toHaveAttribute('data-code', 'DATABASE_BUSY');
  await expect(screen).toContainText('另一个座席台');
  await world.app.page.keyboard.press('Enter');
  await expect(screen).toHaveAttribute('data-code', 'DATABASE_BUSY');
  lock.release();
  await world.seat.get(TEST_IDS.fatalRetry).click();
  await world.seat.get(TEST_IDS.signIn).waitFor();
});
