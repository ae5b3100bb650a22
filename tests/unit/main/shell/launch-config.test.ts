import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configFilePaths, readLaunchConfig } from '#main/shell/launch-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hotline-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (env: Record<string, string> = {}, file?: string) => {
  const configFile = path.join(folder, 'console.json');
  if (file !== undefined) writeFileSync(configFile, file);
  return readLaunchConfig({
    isPackaged: false,
    env,
    userData: '/data/console',
    configFiles: [configFile, path.join(folder, 'other.json')],
  });
};

describe('launch configuration', () => {
  it('is production without a server when nothing is configured: a demo is never a fallback', () => {
    expect(read()).toEqual({
      config: {
        mode: 'production',
        profileDir: '/data/console/production',
        serverUrl: null,
        nativeBinding: null,
        idleLockMs: 600_000,
        demoCalls: 'scripted',
      },
      problem: null,
    });
  });

  it('keeps demo and production in separate folders', () => {
    expect(read({ HOTLINE_MODE: 'demo' }).config.profileDir).toBe('/data/console/demo');
    expect(read({ HOTLINE_MODE: 'demo', HOTLINE_PROFILE_DIR: '/elsewhere/p' }).config.profileDir).toBe('/elsewhere/p');
  });

  it('takes mode and server from console.json, and the environment before it', () => {
    const file = JSON.stringify({ mode: 'production', serverUrl: 'https://hotline.example.org/centre/' });
    expect(read({}, file).config).toMatchObject({
      mode: 'production',
      serverUrl: 'https://hotline.example.org/centre',
    });
    expect(read({ HOTLINE_SERVER_URL: 'https://other.example.org' }, file).config.serverUrl).toBe(
      'https://other.example.org',
    );
  });

  it.each([
    ['https://hotline.example.org', true],
    ['http://127.0.0.1:8012', true],
    ['http://localhost:8012', true],
    ['http://[::1]:8012', true],
    ['http://hotline.example.org', false],
    ['ftp://hotline.example.org', false],
    ['javascript:alert(1)', false],
    ['file:///etc/passwd', false],
    ['https://user:pass@hotline.example.org', false],
    ['https://hotline.example.org/?x=1', false],
    ['hotline.example.org', false],
  ])('a production console and %s: accepted %s', (serverUrl, isAccepted) => {
    const { config, problem } = read({ HOTLINE_SERVER_URL: serverUrl });
    expect(config.serverUrl !== null).toBe(isAccepted);
    expect(problem === null).toBe(isAccepted);
  });

  it('takes from console.json after how long without anybody the console locks itself', () => {
    expect(read({}, '{"idleLockMinutes":3}').config.idleLockMs).toBe(180_000);
  });

  it('lets a demo speak plain HTTP to another machine', () => {
    expect(read({ HOTLINE_MODE: 'demo', HOTLINE_SERVER_URL: 'http://10.0.0.5:8012' }).problem).toBeNull();
  });

  it.each([
    ['{"mode":"demo"', /console\.json: not valid JSON/],
    ['{"mode":"training"}', /console\.json: mode/],
    ['{"serverUrl":"not a url"}', /console\.json: serverUrl/],
    ['{"server":"https://x.example.org"}', /console\.json/],
    ['[]', /console\.json/],
    ['{"idleLockMinutes":0}', /console\.json: idleLockMinutes/],
  ])('names what is wrong in %s', (file, expected) => {
    expect(read({}, file).problem?.detail).toMatch(expected);
  });

  it('takes a native binding from outside only while developing', () => {
    const given = { env: { HOTLINE_NATIVE_BINDING: '/tmp/x.node' }, userData: '/data/console', configFiles: [] };
    expect(readLaunchConfig({ ...given, isPackaged: false }).config.nativeBinding).toBe('/tmp/x.node');
    expect(readLaunchConfig({ ...given, isPackaged: true }).config.nativeBinding).toBeNull();
  });

  it.each([
    [
      'linux',
      '/home/zhang/.config/console',
      '/home/zhang/.config/console/console.json',
      '/etc/hotline-12345/console.json',
    ],
    [
      'win32',
      'C:\\Users\\zhang\\AppData\\Roaming\\console',
      'C:\\Users\\zhang\\AppData\\Roaming\\console\\console.json',
      'D:\\ProgramData\\hotline-12345\\console.json',
    ],
  ] as const)(
    'on %s is looked for in the own folder, then where an administrator writes',
    (platform, userData, own, shared) => {
      expect(configFilePaths(platform, { ProgramData: 'D:\\ProgramData' }, userData)).toEqual({ own, shared });
    },
  );

  it('refuses a mode that does not exist', () => {
    expect(read({ HOTLINE_MODE: 'test' }).problem?.detail).toMatch(/HOTLINE_MODE/);
  });
});
