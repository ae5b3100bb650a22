import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import { readKeyFile } from '#main/data/keys/key-file.ts';
import { unlockProfileKeys } from '#main/data/keys/profile-keys.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { prepareConsoles, type TestConsole } from '#tests/support/data/console.ts';
import { ModelServer } from '#tests/support/data/model-server.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { sampleIntake, sampleTicket } from '#tests/support/data/samples.ts';
import { mountSmallDisk } from '#tests/support/data/small-disk.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';

const tempFolder = prepareTempFolders();
const startConsole = prepareConsoles();
const LOGIN = { account: 'demo1001', password: 'Demo-12345' };
const CANARY = '举报群租房消防通道堵塞';
let server: ModelServer;

beforeEach(async () => {
  server = await new ModelServer().start();
});
afterEach(() => server.stop());

const profileOf = (folder: string) =>
  join(folder, 'profiles', forceUnwrap('profile', readdirSync(join(folder, 'profiles'))[0]));

async function submit(seat: TestConsole, content = CANARY): Promise<string> {
  const draft = await seat.client.drafts.open({ call: null });
  await seat.client.drafts.save({ id: draft.id, revision: 0, content: sampleIntake({ content }) });
  return (await seat.client.drafts.submit({ id: draft.id, revision: 1, outcome: 'submit' })).uid;
}

/** A console that signed in, synced and then made two tickets offline. */
async function makeOfflineWork(folder: string): Promise<readonly string[]> {
  for (let i = 1; i <= 50; i++) server.putTicket(sampleTicket(i));
  const seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await until('caught up', async () => (await seat.client.sync.status()).parity === 'equal');
  await server.stop();
  const uids = [await submit(seat), await submit(seat, '第二件')];
  await seat.close();
  await server.resume();
  return uids;
}

function overwrite(path: string, offset: number, length: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, offset, offset + length);
  writeFileSync(path, bytes);
}

test('KM-1: after work and search no file of the profile shows a word, a name or a number', async () => {
  const folder = tempFolder();
  server.putTicket(sampleTicket(1, { fields: { ...sampleTicket(1).fields, content: CANARY } }));
  const seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await submit(seat);
  await until('found', async () => (await seat.client.tickets.search({ query: '消防通道' })).tickets.length === 2);
  await until('indexed', async () => (await seat.client.tickets.search({ query: '消防通道' })).indexing === 0);
  const files = readdirSync(profileOf(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(profileOf(folder), join(entry.parentPath, entry.name)));
  expect(files).toEqual(expect.arrayContaining(['cache.db', 'cache.db-wal', 'search.db', 'journal.bin', 'key.json']));
  const words = [CANARY, '消防', '王芳', '13800001234', '暂1001', 'CREATE TABLE', 'refresh'];
  for (const file of files) {
    const bytes = readFileSync(join(profileOf(folder), file));
    for (const word of words)
      expect([file, word, bytes.includes(Buffer.from(word, 'utf8'))]).toEqual([file, word, false]);
    expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
  }
});

test('AU-6: the key of one person does not open the file of another', async () => {
  const folder = tempFolder();
  await makeOfflineWork(folder);
  const first = profileOf(folder);
  const keyFile = forceUnwrap('key file', readKeyFile(first));
  const unlocked = await unlockProfileKeys(keyFile, LOGIN.password, null);
  if (unlocked.kind !== 'unlocked') throw new Error('must unlock');
  openEncrypted(join(first, 'cache.db'), unlocked.keys.databaseKey('cache')).close();
  const other = unlocked.keys.databaseKey('search');
  expect(() => openEncrypted(join(first, 'cache.db'), other)).toThrow(
    expect.objectContaining({ code: 'DATABASE_DAMAGED' }) as Error,
  );
});

test('BK-3, F7: page 1 destroyed: told clearly, set aside, all operations brought back and applied exactly once', async () => {
  const folder = tempFolder();
  const uids = await makeOfflineWork(folder);
  const profile = profileOf(folder);
  overwrite(join(profile, 'cache.db'), 0, 4096);
  const seat = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(seat.client.session.signIn({ ...LOGIN, password: 'wrong' }))).toBe('BAD_CREDENTIALS');
  expect(await codeOf(seat.client.session.signIn(LOGIN))).toBe('DATABASE_DAMAGED');
  const aside = forceUnwrap(
    'set aside',
    readdirSync(profile).find((name) => name.startsWith('corrupt-')),
  );
  expect(readdirSync(join(profile, aside))).toContain('cache.db');
  await seat.client.session.signIn(LOGIN);
  const ticket = await seat.client.tickets.get({ uid: forceUnwrap('uid', uids[0]) as never });
  expect(ticket.fields.content).toBe(CANARY);
  await until('sent and caught up', async () => {
    const status = await seat.client.sync.status();
    return status.outbox.waiting === 0 && status.parity === 'equal';
  });
  expect(uids.every((uid) => server.tickets.has(uid))).toBe(true);
  expect([...server.effects.values()].every((times) => times === 1)).toBe(true);
  expect((await seat.client.sync.status()).cached.tickets).toBe(52);
});

test('F7: the journal also knows what was already sent: nothing is doubled when only the answer was lost', async () => {
  const folder = tempFolder();
  const seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await until('online', async () => (await seat.client.sync.status()).connection === 'online');
  server.onRequest = ({ path }) => (path === '/api/v1/sync/push' ? 'cut-after' : null);
  const uid = await submit(seat);
  await until('applied', () => server.tickets.has(uid));
  await seat.close();
  overwrite(join(profileOf(folder), 'cache.db'), 0, 4096);
  server.onRequest = () => null;
  const again = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(again.client.session.signIn(LOGIN))).toBe('DATABASE_DAMAGED');
  await again.client.session.signIn(LOGIN);
  await until('confirmed', async () => (await again.client.outbox.list()).length === 0);
  expect([...server.effects.values()]).toEqual([1, 1]);
  expect((await again.client.tickets.get({ uid: uid as never })).number).toBe(1);
});

test('F7: a write-ahead log that was cut loses no operation', async () => {
  const folder = tempFolder();
  for (let i = 1; i <= 5; i++) server.putTicket(sampleTicket(i));
  const seat = startConsole({ folder, serverUrl: server.url });
  await seat.client.session.signIn(LOGIN);
  await until('caught up', async () => (await seat.client.sync.status()).parity === 'equal');
  await server.stop();
  await seat.client.session.lock();
  await seat.client.session.signIn(LOGIN);
  const profile = profileOf(folder);
  const before = statSync(join(profile, 'cache.db-wal')).size;
  const uid = await submit(seat);
  // What a dead machine leaves: copied while open, the log cut back to before the ticket.
  const copy = tempFolder();
  for (const name of ['key.json', 'cache.db', 'cache.db-wal', 'journal.bin']) copyInto(profile, copy, name);
  await seat.close();
  for (const name of readdirSync(profile)) rmSync(join(profile, name), { recursive: true });
  for (const name of readdirSync(copy)) copyInto(copy, profile, name);
  truncateSync(join(profile, 'cache.db-wal'), before);
  const again = startConsole({ folder, serverUrl: null });
  await again.client.session.signIn(LOGIN);
  expect((await again.client.tickets.get({ uid: uid as never })).fields.content).toBe(CANARY);
  expect(await again.client.outbox.list()).toHaveLength(2);
});

function copyInto(from: string, to: string, name: string): void {
  copyFileSync(join(from, name), join(to, name));
}

test('F7: damage met while working locks the session, and the next sign-in checks and sets aside', async () => {
  const folder = tempFolder();
  const uids = await makeOfflineWork(folder);
  const profile = profileOf(folder);
  const path = join(profile, 'cache.db');
  const size = statSync(path).size;
  for (let page = 12; page * 4096 < size; page++) overwrite(path, page * 4096 + 100, 8);
  const seat = startConsole({ folder });
  const found: string[] = [];
  for (let i = 0; i < 3 && !found.includes('DATABASE_DAMAGED'); i++) {
    found.push(await codeOf(seat.client.session.signIn(LOGIN)));
    if (found.at(-1) === 'none')
      found.push(await codeOf(seat.client.tickets.rows({ ids: Array.from({ length: 200 }, (_, id) => id + 1) })));
  }
  expect(found).toContain('DATABASE_DAMAGED');
  await until('locked', async () => (await seat.client.session.status()).phase === 'locked');
  let last = '';
  for (let i = 0; i < 3 && last !== 'none'; i++) last = await codeOf(seat.client.session.signIn(LOGIN));
  expect(last).toBe('none');
  expect(existsSync(join(profile, 'check-needed'))).toBe(false);
  expect((await seat.client.outbox.list()).filter((item) => uids.includes(item.uid))).toHaveLength(2);
});

test('F4: a cache of a newer program is refused by name and stays as it is', async () => {
  const folder = tempFolder();
  await makeOfflineWork(folder);
  const profile = profileOf(folder);
  const unlocked = await unlockProfileKeys(forceUnwrap('key', readKeyFile(profile)), LOGIN.password, null);
  if (unlocked.kind !== 'unlocked') throw new Error('must unlock');
  const db = openEncrypted(join(profile, 'cache.db'), unlocked.keys.databaseKey('cache'));
  db.exec('PRAGMA user_version = 9990');
  db.close();
  const seat = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(seat.client.session.signIn(LOGIN))).toBe('DATABASE_NEWER');
  expect(readdirSync(profile).some((name) => name.startsWith('corrupt-'))).toBe(false);
});

test('an unreadable key file is set aside with its profile and told; then the profile starts anew from the server', async () => {
  const folder = tempFolder();
  await makeOfflineWork(folder);
  writeFileSync(join(profileOf(folder), 'key.json'), '{"format":1}');
  const seat = startConsole({ folder, serverUrl: server.url });
  expect(await codeOf(seat.client.session.signIn(LOGIN))).toBe('DATABASE_DAMAGED');
  expect(readdirSync(folder).some((name) => name.startsWith('corrupt-'))).toBe(true);
  await seat.client.session.signIn(LOGIN);
  await until('caught up', async () => (await seat.client.sync.status()).parity === 'equal');
});

test('a missing or damaged search index is made again by itself', async () => {
  const folder = tempFolder();
  await makeOfflineWork(folder);
  const path = join(profileOf(folder), 'search.db');
  for (const harm of [() => rmSync(path), () => overwrite(path, 0, 4096)]) {
    harm();
    const seat = startConsole({ folder });
    await seat.client.session.signIn(LOGIN);
    await until('indexed', async () => (await seat.client.tickets.search({ query: '路灯' })).indexing <= 2);
    expect((await seat.client.tickets.search({ query: '中央路260号门口', limit: 100 })).tickets).toHaveLength(50);
    await seat.close();
  }
});

test('F5: on a full disk typing goes on out of the ballast, then says DISK_FULL, loses nothing and recovers alone', async ({
  skip,
}) => {
  const disk = mountSmallDisk(8_000);
  if (!disk) return skip('mounting is not allowed here');
  try {
    const seat = startConsole({ folder: disk.folder, serverUrl: server.url });
    await seat.client.session.signIn(LOGIN);
    const draft = await seat.client.drafts.open({ call: null });
    const keep = await seat.client.drafts.open({ call: null });
    await seat.client.drafts.save({ id: keep.id, revision: 0, content: sampleIntake() });
    let revision = 0;
    let code = 'none';
    const seen = new Set<string>();
    for (let i = 0; i < 3_000 && code === 'none'; i++) {
      const other = await seat.client.drafts.open({ call: null }).catch(() => null);
      const content = sampleIntake({ content: '满'.repeat(6_000) + revision });
      if (other) code = await codeOf(seat.client.drafts.save({ id: other.id, revision: 0, content }));
      if (code === 'none') code = await codeOf(seat.client.drafts.save({ id: draft.id, revision, content }));
      if (code === 'none') revision++;
      seen.add((await seat.client.session.status()).storage);
    }
    expect(code).toBe('DISK_FULL');
    expect([...seen]).toEqual(['ok', 'disk-full']);
    expect((await seat.client.drafts.get({ id: draft.id })).revision).toBe(revision);
    disk.resize(40_000);
    await until('recovered', async () => (await seat.client.session.status()).storage === 'ok', 15_000);
    await seat.client.drafts.save({ id: draft.id, revision, content: sampleIntake() });
    await seat.client.drafts.submit({ id: keep.id, revision: 1, outcome: 'submit' });
    await until('sent', async () => (await seat.client.outbox.list()).length === 0);
    await seat.close();
  } finally {
    disk.remove();
  }
}, 60_000);
