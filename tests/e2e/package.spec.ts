import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { sandboxArguments } from '../../scripts/runtime.ts';
import { projectRoot, workerDisplay } from '../support/bootstrap.ts';

const trialDir = path.join(projectRoot, 'dist', 'trial-not-for-use');
const EXIT_FORBIDDEN_START = 78;

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the packaged application is tried on Linux only');

let program = '';
let home = '';

test.beforeAll(() => {
  test.setTimeout(180_000);
  const made = spawnSync(process.execPath, ['scripts/package.ts', '--trial'], { cwd: projectRoot, encoding: 'utf8' });
  expect(made.status, made.stdout + made.stderr).toBe(0);
  program = path.join(trialDir, 'linux-unpacked', 'hotline-12345-console');
  home = mkdtempSync(path.join(tmpdir(), 'hotline-package-'));
});
test.afterAll(() => {
  rmSync(trialDir, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** Starts the packaged application as a person's desktop would, with what an attacker adds. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(program, [...sandboxArguments(), ...args], {
    cwd: home,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      DISPLAY: workerDisplay(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(args, env);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

test('FUSE-1: what an installed console never needs is switched off in the packaged program itself', async () => {
  const wire = await getCurrentFuseWire(program);
  const isOn = (option: FuseV1Options) => wire[option] === FuseState.ENABLE;
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    ownSnapshot: isOn(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
    fileExtras: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookieEncryption: true,
    nodeOptions: false,
    inspect: false,
    asarIntegrity: true,
    onlyAsar: true,
    ownSnapshot: false,
    fileExtras: false,
  });
});

for (const attack of [
  '--remote-debugging-port=0',
  '--remote-debugging-pipe',
  '--inspect=0',
  '--js-flags=--expose-gc',
]) {
  test(`WIN-8: started with ${attack.split('=')[0]} it ends with 78 and listens to nobody`, async () => {
    const { code, output } = await run([attack]);
    expect(code, output).toBe(EXIT_FORBIDDEN_START);
    expect(output).not.toMatch(/listening on/i);
  });
}

test('FUSE-1: neither run-as-Node, nor NODE_OPTIONS, nor a folder beside the archive brings code into it', async () => {
  const trace = path.join(home, 'trace');
  const script = path.join(home, 'attack.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, ''); process.exit(42);`);
  const folder = path.join(trialDir, 'linux-unpacked', 'resources', 'app');
  // The runtime for closed networks has a folder of that name; the attacker's takes its place.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"name":"attack","main":"main.cjs"}');
  writeFileSync(path.join(folder, 'main.cjs'), readFileSync(script));
  const { code, output } = await run(['--remote-debugging-port=0', script], {
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: `--require ${script}`,
  });
  rmSync(folder, { recursive: true });
  expect(code, output).toBe(EXIT_FORBIDDEN_START);
  expect(existsSync(trace)).toBe(false);
});

test('an installed console keeps its profile, and looks for console.json, where docs/server.md says', async () => {
  const own = path.join(home, 'config', 'hotline-12345-console');
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'console.json'), '{"mode":"demo"}');
  const child = start([]);
  const ended = once(child, 'close');
  const log = path.join(own, 'demo', 'logs', 'console.log');
  await waitFor('it writes its log', () => existsSync(log) && readFileSync(log, 'utf8').includes('\n'), 30_000);
  child.kill('SIGKILL');
  await ended;
  expect(JSON.parse(readFileSync(log, 'utf8').split('\n')[0] ?? '')).toMatchObject({ event: 'started', mode: 'demo' });
});
