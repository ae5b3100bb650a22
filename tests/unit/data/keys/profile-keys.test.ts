import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasCode } from '#main/data/errors.ts';
import { listProfiles, profileFolder, readKeyFile, writeKeyFile } from '#main/data/keys/key-file.ts';
import {
  createProfileKeys,
  readProfileUser,
  rewrapProfileKeys,
  unlockProfileKeys,
  writeProfileUser,
} from '#main/data/keys/profile-keys.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { AGENT, CONSOLE_ID } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const SECRET = Buffer.alloc(32, 9);

async function makeProfile(deviceSecret: Uint8Array | null = null) {
  const root = tempFolder();
  const folder = profileFolder(root, 'demo', AGENT.account);
  const keys = await createProfileKeys(folder, {
    user: AGENT,
    mode: 'demo',
    consoleId: CONSOLE_ID,
    password: 'Demo-12345',
    deviceSecret,
  });
  return { root, folder, keys };
}

const fileOf = (folder: string) => forceUnwrap('key file', readKeyFile(folder));

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : String(error);
  }
}

test('KM-1: the password opens the same 32 random bytes again', async () => {
  const { folder, keys } = await makeProfile();
  const again = await unlockProfileKeys(fileOf(folder), 'Demo-12345', null);
  if (again.kind !== 'unlocked') throw new Error('must unlock');
  expect(again.keys.dataKey.equals(keys.dataKey)).toBe(true);
  expect(again.keys.databaseKey('cache')).toBe(keys.databaseKey('cache'));
  expect(keys.databaseKey('cache')).toMatch(/^[0-9a-f]{64}$/);
  const other = await makeProfile();
  expect(other.keys.dataKey.equals(keys.dataKey)).toBe(false);
});

test('KM-3: the key file holds no key, no password and no personal data but the agent’s own name', async () => {
  const { folder, keys } = await makeProfile(SECRET);
  const text = readFileSync(`${folder}/key.json`, 'utf8');
  for (const form of ['hex', 'base64'] as const) {
    expect(text).not.toContain(keys.dataKey.toString(form));
    expect(text).not.toContain(SECRET.toString(form));
  }
  expect(text).not.toContain('Demo-12345');
  expect(text).not.toContain(AGENT.id);
  expect(text).not.toContain(AGENT.centre);
  expect(statSync(`${folder}/key.json`).mode & 0o077).toBe(0);
  expect(readdirSync(`${folder}/..`)[0]).not.toContain(AGENT.account);
});

test('a wrong password is told apart from a missing or another keyring', async () => {
  const { folder } = await makeProfile(SECRET);
  const file = fileOf(folder);
  expect((await unlockProfileKeys(file, 'wrong', SECRET)).kind).toBe('wrong-password');
  expect(await failure(unlockProfileKeys(file, 'Demo-12345', null))).toBe('KEYRING_UNAVAILABLE');
  expect(await failure(unlockProfileKeys(file, 'Demo-12345', Buffer.alloc(32, 1)))).toBe('KEYRING_UNAVAILABLE');
  expect((await unlockProfileKeys(file, 'Demo-12345', SECRET)).kind).toBe('unlocked');
});

test('a profile made without a keyring opens without it, also when one is there now', async () => {
  const { folder } = await makeProfile(null);
  expect((await unlockProfileKeys(fileOf(folder), 'Demo-12345', SECRET)).kind).toBe('unlocked');
});

test('KM-2: a key file moved to another user, mode or device does not open', async () => {
  const { folder } = await makeProfile();
  const file = fileOf(folder);
  for (const change of [
    { account: 'demo1002' },
    { mode: 'production' as const },
    { consoleId: '019a0000-0000-7000-8000-00000000c009' as typeof CONSOLE_ID },
  ]) {
    expect((await unlockProfileKeys({ ...file, ...change }, 'Demo-12345', null)).kind).toBe('wrong-password');
  }
});

test('KM-5: a key file whose check value does not fit its own key is damage, not a wrong password', async () => {
  const { folder } = await makeProfile();
  const file = { ...fileOf(folder), keyCheck: Buffer.alloc(16).toString('base64') };
  expect(await failure(unlockProfileKeys(file, 'Demo-12345', null))).toBe('DATABASE_DAMAGED');
});

test('KM-4: a new password wraps the same key again, the old one no longer opens it', async () => {
  const { folder, keys } = await makeProfile();
  await rewrapProfileKeys(folder, keys, 'Neues-Kennwort-1', SECRET);
  expect(await failure(unlockProfileKeys(fileOf(folder), 'Neues-Kennwort-1', null))).toBe('KEYRING_UNAVAILABLE');
  expect((await unlockProfileKeys(fileOf(folder), 'Demo-12345', SECRET)).kind).toBe('wrong-password');
  const again = await unlockProfileKeys(fileOf(folder), 'Neues-Kennwort-1', SECRET);
  expect(again.kind === 'unlocked' && again.keys.dataKey.equals(keys.dataKey)).toBe(true);
});

test('KM-4: killed while writing the new wrap, the old file stays and a half-written one beside it does no harm', async () => {
  const { folder, keys } = await makeProfile();
  writeFileSync(`${folder}/key.json.new`, '{"format":1,"acc');
  expect((await unlockProfileKeys(fileOf(folder), 'Demo-12345', null)).kind).toBe('unlocked');
  await rewrapProfileKeys(folder, keys, 'Neues-Kennwort-1', null);
  expect((await unlockProfileKeys(fileOf(folder), 'Neues-Kennwort-1', null)).kind).toBe('unlocked');
  expect(existsSync(`${folder}/key.json.new`)).toBe(false);
});

test('KM-4: killed before any step of wrapping the key again, exactly one of the two passwords opens the same key', async () => {
  const { folder, keys } = await makeProfile();
  const before = readFileSync(`${folder}/key.json`);
  const script = new URL('../../../support/data/rewrap-until-killed.ts', import.meta.url).pathname;
  const opening: string[] = [];
  for (let step = 0; ; step++) {
    writeFileSync(`${folder}/key.json`, before);
    const child = spawn(process.execPath, [script, folder, 'Demo-12345', 'Neues-Kennwort-1', String(step)], {
      stdio: 'inherit',
    });
    const [code, signal] = await new Promise<readonly unknown[]>((resolve) =>
      child.once('exit', (...end) => resolve(end)),
    );
    if (signal === null) {
      expect(code).toBe(0);
      break;
    }
    expect(signal).toBe('SIGKILL');
    const opened: string[] = [];
    for (const password of ['Demo-12345', 'Neues-Kennwort-1']) {
      const found = await unlockProfileKeys(fileOf(folder), password, null);
      if (found.kind === 'unlocked' && found.keys.dataKey.equals(keys.dataKey)) opened.push(password);
    }
    opening.push(opened.join(' and '));
  }
  // Up to the rename the old one, from there on the new one.
  const renamed = opening.indexOf('Neues-Kennwort-1');
  expect(renamed).toBeGreaterThanOrEqual(5);
  expect(opening).toEqual(opening.map((_, step) => (step < renamed ? 'Demo-12345' : 'Neues-Kennwort-1')));
}, 60_000);

test('the user record travels encrypted in the key file', async () => {
  const { folder, keys } = await makeProfile();
  expect(readProfileUser(fileOf(folder), keys)).toEqual(AGENT);
  writeProfileUser(folder, keys, { ...AGENT, name: '林晓文', lines: ['12345', '12350'] });
  expect(readProfileUser(fileOf(folder), keys)).toMatchObject({ name: '林晓文', lines: ['12345', '12350'] });
  expect(fileOf(folder).name).toBe('林晓文');
});

test('zeroed keys give no more keys', async () => {
  const { keys } = await makeProfile();
  keys.zero();
  expect(keys.dataKey.every((byte) => byte === 0)).toBe(true);
  expect(() => keys.databaseKey('cache')).toThrow();
});

test('profiles are listed by account and mode; an unreadable one is an error for its owner only', async () => {
  const { root, folder } = await makeProfile();
  const other = profileFolder(root, 'demo', 'demo1002');
  writeKeyFile(other, { ...fileOf(folder), account: 'demo1002', name: '周启明' });
  writeKeyFile(profileFolder(root, 'production', 'admin'), { ...fileOf(folder), mode: 'production', account: 'admin' });
  expect(listProfiles(root, 'demo').map((profile) => profile.account)).toEqual(['demo1001', 'demo1002']);
  expect(listProfiles(root, 'production').map((profile) => profile.account)).toEqual(['admin']);
  writeFileSync(`${other}/key.json`, '{');
  expect(listProfiles(root, 'demo').map((profile) => profile.account)).toEqual(['demo1001']);
  try {
    readKeyFile(other);
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, 'DATABASE_DAMAGED')).toBe(true);
  }
});

test('the same account in another spelling has the same folder; modes never share one', () => {
  expect(profileFolder('/r', 'demo', 'Demo1001')).toBe(profileFolder('/r', 'demo', 'demo1001'));
  expect(profileFolder('/r', 'demo', 'a')).not.toBe(profileFolder('/r', 'production', 'a'));
});
