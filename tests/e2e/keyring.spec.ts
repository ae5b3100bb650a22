import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { hasKeyring, insideDesktop } from '../support/keyring.ts';
import { AGENT, expect, test } from './world.ts';

const isHere = process.platform === 'linux' && hasKeyring();
test.skip(!isHere, 'no desktop keyring on this machine');

const secretFile = (world: Bootstrap) => path.join(world.profileDir, 'device-secret.bin');
let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hotline-desk-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inDesktop = (keyring: 'keyring' | 'no keyring', person = 'zhang') =>
  insideDesktop(folder, { hasKeyring: keyring === 'keyring', person });

/** What main said about the keyring at the last start. */
function readKeyringLine(world: Bootstrap): unknown {
  const lines = readFileSync(path.join(world.profileDir, 'logs', 'console.log'), 'utf8')
    .trim()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'keyring')
    .at(-1);
}

async function readSettings(world: Bootstrap): Promise<string> {
  await world.seat.get(TEST_IDS.nav('settings')).click();
  return (await world.seat.get(TEST_IDS.settingsAbout).textContent()) ?? '';
}

async function signInProblem(world: Bootstrap): Promise<string | null> {
  await world.seat.signIn(AGENT.account, AGENT.password);
  const error = world.seat.get(TEST_IDS.signInError);
  await error.waitFor();
  return error.getAttribute('data-code');
}

test('KM-2, KM-3: a real keyring protects the key; without it or with another one the data is kept and the reason told', async ({
  world,
}) => {
  test.setTimeout(240_000);
  await world.startApp(inDesktop('keyring'));
  await world.seat.startShift(AGENT.account, AGENT.password);
  expect(readKeyringLine(world)).toMatchObject({ state: 'used', backend: 'gnome_libsecret' });
  expect(await readSettings(world)).toContain('系统密钥环与登录密码');
  const secret = readFileSync(secretFile(world));
  // Chromium marks what the keyring encrypted; what it only wraps by a fixed password would begin with v10.
  expect(secret.subarray(0, 3).toString()).toBe('v11');

  // The same desktop again, without a network: password and keyring are enough.
  await world.stopServer();
  await world.restartApp(inDesktop('keyring'));
  await world.seat.startShift(AGENT.account, AGENT.password);

  for (const [keyring, person] of [
    ['no keyring', 'zhang'],
    ['keyring', 'wang'],
  ] as const) {
    await world.restartApp(inDesktop(keyring, person));
    await world.seat.get(TEST_IDS.signInKeyring).waitFor();
    expect(await signInProblem(world), `${keyring}, ${person}`).toBe('KEYRING_UNAVAILABLE');
    expect(readKeyringLine(world)).toMatchObject({ state: 'unreadable' });
    expect(readFileSync(secretFile(world)).equals(secret)).toBe(true);
  }

  await world.restartApp(inDesktop('keyring'));
  await world.seat.startShift(AGENT.account, AGENT.password);
});

for (const [name, launch] of [
  ['no desktop at all', () => ({})],
  ['a desktop without a keyring service', () => inDesktop('no keyring')],
] as const) {
  test(`KM-3: with ${name} the password alone protects the key, and nothing is wrapped by a fixed password`, async ({
    world,
  }) => {
    await world.startApp(launch());
    await world.seat.startShift(AGENT.account, AGENT.password);
    expect(readKeyringLine(world)).toMatchObject({ state: 'absent' });
    expect(existsSync(secretFile(world))).toBe(false);
    expect(await readSettings(world)).toContain('登录密码（本机没有可用的系统密钥环）');
  });
}
