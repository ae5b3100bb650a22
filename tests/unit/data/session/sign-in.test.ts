import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { profileFolder, readKeyFile } from '#main/data/keys/key-file.ts';
import { prepareConsoles } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { createTestClock, sampleIntake } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
const LOGIN = { account: 'demo1001', password: 'Demo-12345' };
let server: ModelServer;

beforeEach(async () => {
  server = await new ModelServer().start();
});
afterEach(() => server.stop());

test('the first sign-in on a console needs the server; without one it says so and leaves nothing behind', async () => {
  const folder = tempFolder();
  const alone = startConsole({ folder });
  expect((await alone.client.session.status()).server.state).toBe('not-configured');
  expect(await codeOf(alone.client.session.signIn(LOGIN))).toBe('NOT_CONFIGURED');
  await alone.close();
  await server.stop();
  const cut = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(cut.client.session.signIn(LOGIN))).toBe('OFFLINE');
  expect(readdirSync(folder)).not.toContain('profiles');
});

test('a wrong password at the server is BAD_CREDENTIALS and makes no profile', async () => {
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  expect(await codeOf(seat.client.session.signIn({ ...LOGIN, password: 'wrong' }))).toBe('BAD_CREDENTIALS');
  expect((await seat.client.session.status()).profiles).toEqual([]);
});

test('after that no network is needed, for ever, and the status says why nothing is synced', async () => {
  const folder = tempFolder();
  const first = startConsole({ folder, serverUrl: server.url });
  await first.client.session.signIn(LOGIN);
  await first.close();
  const alone = startConsole({ folder, serverUrl: null });
  const user = await alone.client.session.signIn(LOGIN);
  expect(user.name).toBe('林晓雯');
  expect(await alone.client.sync.status()).toMatchObject({
    connection: 'offline',
    problem: { code: 'NOT_CONFIGURED' },
    nextTryAt: null,
  });
  const draft = await alone.client.drafts.open({ call: null });
  await alone.client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  await alone.client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' });
  expect((await alone.client.sync.status()).outbox).toEqual({ waiting: 2, needsAttention: 0 });
});

test('a demo console never signs in at a production server, nor the reverse', async () => {
  server.mode = 'production';
  const demo = startConsole({ folder: tempFolder(), serverUrl: server.url });
  await until('server seen', async () => (await demo.client.session.status()).server.state === 'wrong-mode');
  expect(await codeOf(demo.client.session.signIn(LOGIN))).toBe('MODE_MISMATCH');
  server.mode = 'demo';
  const production = startConsole({ folder: tempFolder(), serverUrl: server.url, mode: 'production' });
  expect(await codeOf(production.client.session.signIn(LOGIN))).toBe('MODE_MISMATCH');
  expect((await production.client.session.status()).demoAccounts).toEqual([]);
  expect((await demo.client.session.status()).demoAccounts[0]).toMatchObject(LOGIN);
});

test('before sign-in the status shows the server coming up', async () => {
  server.ready = false;
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  await until('preparing', async () => (await seat.client.session.status()).server.state === 'preparing');
  expect((await seat.client.session.status()).server).toEqual({ state: 'preparing', done: 300, total: 1000 });
  server.ready = true;
  await until('ready', async () => (await seat.client.session.status()).server.state === 'ready');
});

test('AU-4: failures are counted across restarts, the wait grows, and unsynced work stays', async () => {
  const folder = tempFolder();
  const clock = createTestClock();
  const first = startConsole({ folder, serverUrl: server.url, clock });
  await first.client.session.signIn(LOGIN);
  await server.stop();
  const draft = await first.client.drafts.open({ call: null });
  await first.client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake() });
  await first.client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' });
  await first.close();
  for (let i = 0; i < 5; i++) {
    const seat = startConsole({ folder, serverUrl: server.url, clock });
    expect(await codeOf(seat.client.session.signIn({ ...LOGIN, password: `wrong ${i}` }))).toBe('BAD_CREDENTIALS');
    await seat.close();
  }
  const seat = startConsole({ folder, serverUrl: server.url, clock });
  await expect(seat.client.session.signIn(LOGIN)).rejects.toMatchObject({
    code: 'TOO_MANY_TRIES',
    data: { retryAfterMs: 5_000 },
  });
  clock.advance(5_000);
  await seat.client.session.signIn(LOGIN);
  expect(await seat.client.outbox.list()).toHaveLength(2);
  await seat.client.session.lock();
  expect(await codeOf(seat.client.session.signIn({ ...LOGIN, password: 'wrong' }))).toBe('BAD_CREDENTIALS');
  await seat.client.session.signIn(LOGIN);
});

test('AU-4: a wrong password is counted before it is looked at, so that ending the application in between makes no try free', async () => {
  const folder = tempFolder();
  const first = startConsole({ folder, serverUrl: server.url });
  await first.client.session.signIn(LOGIN);
  await first.client.session.lock();
  server.onRequest = ({ path }) => (path.endsWith('/auth/login') ? 'never-answer' : null);
  const failures = () => readKeyFile(profileFolder(folder, 'demo', LOGIN.account))?.failures.count;
  const tried = codeOf(first.client.session.signIn({ ...LOGIN, password: 'wrong' }));
  await until('counted while nobody has answered', () => failures() === 1);
  expect(await tried).toBe('BAD_CREDENTIALS');
  expect(failures()).toBe(1);
  // The right one clears the count, and so does the news that the password was changed elsewhere.
  await first.client.session.signIn(LOGIN);
  expect(failures()).toBe(0);
  await first.client.session.lock();
  server.onRequest = () => null;
  server.password = 'Neu-Neu-Neu-1';
  expect(await codeOf(first.client.session.signIn({ ...LOGIN, password: server.password }))).toBe(
    'OLD_PASSWORD_NEEDED',
  );
  expect(failures()).toBe(0);
});

test.skipIf(process.platform !== 'linux')(
  'an unlock that fails at the search file leaves nothing open: the next one works',
  async () => {
    const folder = tempFolder();
    const first = startConsole({ folder, serverUrl: server.url });
    await first.client.session.signIn(LOGIN);
    await first.client.session.lock();
    const search = join(profileFolder(folder, 'demo', LOGIN.account), 'search.db');
    for (const file of [search, `${search}-wal`, `${search}-shm`]) rmSync(file, { force: true });
    mkdirSync(search);
    const opened = () => readdirSync('/proc/self/fd').length;
    const before = opened();
    for (let i = 0; i < 3; i++) expect(await codeOf(first.client.session.signIn(LOGIN))).not.toBe('none');
    expect(opened()).toBeLessThanOrEqual(before + 1);
    rmSync(search, { recursive: true });
    await first.client.session.signIn(LOGIN);
  },
);

test('AU-4: after ten failures the server has to accept the password too', async () => {
  const clock = createTestClock();
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url, clock });
  await seat.client.session.signIn(LOGIN);
  await seat.client.session.lock();
  await server.stop();
  for (let i = 0; i < 10; i++) {
    expect(await codeOf(seat.client.session.signIn({ ...LOGIN, password: 'wrong' }))).toBe('BAD_CREDENTIALS');
    clock.advance(15 * 60_000);
  }
  expect(await codeOf(seat.client.session.signIn(LOGIN))).toBe('OFFLINE');
  await server.resume();
  await seat.client.session.signIn(LOGIN);
});

test('F8: a lost or changed keyring has its own message, counts as no failure and makes no new key', async () => {
  const folder = tempFolder();
  const secret = Buffer.alloc(32, 1).toString('base64');
  const first = startConsole({ folder, serverUrl: server.url, deviceSecret: secret });
  expect((await first.client.session.status()).keyring).toBe('used');
  await first.client.session.signIn(LOGIN);
  await first.close();
  for (const deviceSecret of [null, Buffer.alloc(32, 2).toString('base64')]) {
    const other = startConsole({
      folder,
      serverUrl: server.url,
      deviceSecret,
      keyringUnreadable: deviceSecret === null,
    });
    expect((await other.client.session.status()).keyring).toBe(deviceSecret === null ? 'unreadable' : 'used');
    for (let i = 0; i < 6; i++) expect(await codeOf(other.client.session.signIn(LOGIN))).toBe('KEYRING_UNAVAILABLE');
    await other.close();
  }
  const again = startConsole({ folder, serverUrl: server.url, deviceSecret: secret });
  await again.client.session.signIn(LOGIN);
});

test('KM-2: a profile made without a keyring says so, and the next unlock with one brings it in', async () => {
  const folder = tempFolder();
  const first = startConsole({ folder, serverUrl: server.url });
  expect((await first.client.session.status()).keyring).toBe('absent');
  await first.client.session.signIn(LOGIN);
  await first.close();
  const deviceSecret = Buffer.alloc(32, 1).toString('base64');
  const later = startConsole({ folder, serverUrl: server.url, deviceSecret });
  await later.client.session.signIn(LOGIN);
  expect((await later.client.session.status()).keyring).toBe('used');
  await later.close();
  const without = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(without.client.session.signIn(LOGIN))).toBe('KEYRING_UNAVAILABLE');
});

test('a changed password opens the profile offline, the old one no more; a refused one changes nothing', async () => {
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  const { session } = seat.client;
  await session.signIn(LOGIN);
  const change = (oldPassword: string, newPassword: string) =>
    codeOf(session.changePassword({ oldPassword, newPassword }));
  expect(await change('wrong', 'Neu-Neu-Neu-1')).toBe('BAD_CREDENTIALS');
  expect(await change(LOGIN.password, 'short')).toBe('WEAK_PASSWORD');
  expect(await change(LOGIN.password, 'Neu-Neu-Neu-1')).toBe('none');
  await server.stop();
  await session.lock();
  expect(await codeOf(session.signIn(LOGIN))).toBe('BAD_CREDENTIALS');
  await session.signIn({ ...LOGIN, password: 'Neu-Neu-Neu-1' });
  expect(await change('Neu-Neu-Neu-1', 'Neuer-Neuer-2')).toBe('OFFLINE');
});

test('a password changed elsewhere: the old one is asked for once, then both sides agree again', async () => {
  const seat = startConsole({ folder: tempFolder(), serverUrl: server.url });
  const { session } = seat.client;
  await session.signIn(LOGIN);
  await session.lock();
  server.password = 'Elsewhere-1234';
  server.revokeTokens();
  for (let i = 0; i < 6; i++) {
    expect(await codeOf(session.signIn({ ...LOGIN, password: 'Elsewhere-1234' }))).toBe('OLD_PASSWORD_NEEDED');
  }
  await session.signIn(LOGIN);
  await until('refused', async () => (await seat.client.sync.status()).connection === 'refused');
  expect(await codeOf(session.changePassword({ oldPassword: LOGIN.password, newPassword: 'Wrong-1234' }))).toBe(
    'BAD_CREDENTIALS',
  );
  await session.changePassword({ oldPassword: LOGIN.password, newPassword: 'Elsewhere-1234' });
  await seat.client.outbox.retryNow();
  await until('online', async () => (await seat.client.sync.status()).connection === 'online');
  await session.lock();
  await session.signIn({ ...LOGIN, password: 'Elsewhere-1234' });
});

test('F9: a second console on the same folder is refused while the first one runs', async () => {
  const folder = tempFolder();
  startConsole({ folder });
  expect(() => startConsole({ folder })).toThrow(expect.objectContaining({ code: 'DATABASE_BUSY' }) as Error);
});

test('AU-6: two people on one console have a profile each, and neither sees the other’s work', async () => {
  const folder = tempFolder();
  const seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await seat.client.drafts.open({ call: null });
  server.user = {
    ...server.user,
    id: '019a0000-0000-7000-8000-000000000002' as never,
    account: 'demo1002',
    name: '周启明',
    seat: '1002',
  };
  await seat.client.session.signIn({ account: 'demo1002', password: 'Demo-12345' });
  expect(await seat.client.drafts.list()).toEqual([]);
  expect((await seat.client.session.status()).user?.name).toBe('周启明');
  expect((await seat.client.session.status()).profiles.map((each) => each.account)).toEqual(['demo1001', 'demo1002']);
  expect(readdirSync(join(folder, 'profiles'))).toHaveLength(2);
});

test('the window is told which limits the centre chose, also without a network afterwards', async () => {
  server.clockSet = 'beijing';
  const folder = tempFolder();
  const seat = startConsole({ folder, serverUrl: server.url });
  expect((await seat.client.session.status()).clockSet).toBeNull();
  await seat.client.session.signIn(LOGIN);
  await until('told', async () => (await seat.client.session.status()).clockSet === 'beijing');
  await seat.close();
  const alone = startConsole({ folder, serverUrl: null });
  await alone.client.session.signIn(LOGIN);
  expect((await alone.client.session.status()).clockSet).toBe('beijing');
});
