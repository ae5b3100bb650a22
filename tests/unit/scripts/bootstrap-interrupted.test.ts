import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '#tests/support/data/until.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const tool = path.join(import.meta.dirname, 'fake-tool.cjs');
const isRoot = process.getuid?.() === 0;
let project: string;
let bin: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  // On the disk of the clone: the set-up asks for room there.
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  project = mkdtempSync(path.join(root, '.cache', 'interrupted-'));
  bin = path.join(project, 'bin');
  for (const part of ['scripts/bootstrap.mjs', 'scripts/bootstrap']) {
    cpSync(path.join(root, part), path.join(project, part), { recursive: true });
  }
  const locked = { electron: '99.0.0', 'electron-vite': '1.0.0', node: '24.0.0' };
  const packages = Object.entries(locked).map(([name, version]) => [`node_modules/${name}`, { version }]);
  write('package-lock.json', JSON.stringify({ packages: Object.fromEntries(packages) }));
  write('package.json', '{}');
  write('src/main/index.ts', 'export {};');
  write('bin/npm.js', `process.argv.splice(2, 0, 'npm');\nrequire(${JSON.stringify(tool)});`);
  for (const name of ['apt-get', 'apt-cache', 'ldconfig']) writeProgram(name, name);
});
afterEach(() => {
  for (const child of running.splice(0)) if (child.pid && child.exitCode === null) stopAll(child.pid);
  rmSync(project, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

function writeProgram(name: string, as: string): void {
  write(`bin/${name}`, `#!/bin/sh\nexec "${process.execPath}" "${tool}" ${as} "$@"\n`);
  chmodSync(path.join(bin, name), 0o755);
}

/** The whole group at once, as a power cut does. */
function stopAll(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function start(stopAt = '', script: readonly string[] = ['scripts/bootstrap.mjs', 'start']) {
  const child = spawn(process.execPath, script, {
    cwd: project,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: project,
      DISPLAY: ':99',
      PROJECT: project,
      STOP_AT: stopAt,
      npm_execpath: path.join(bin, 'npm.js'),
      HOTLINE_RUNTIME: 'product',
      ELECTRON_GET_USE_PROXY: '1',
    },
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  return { child, ended: once(child, 'close'), said: () => said };
}

const calls = () => (existsSync(path.join(project, 'calls')) ? readFileSync(path.join(project, 'calls'), 'utf8') : '');

/** Runs until a tool has done half of its work, and ends it there. */
async function interruptAt(step: string, how: 'SIGKILL' | 'SIGINT', script?: readonly string[]): Promise<string> {
  const { child, ended, said } = start(step, script);
  await until(`halfway through ${step}: ${said()}`, () => {
    if (child.exitCode !== null) throw new Error(said());
    return calls().endsWith(`${step} …\n`);
  });
  if (how === 'SIGKILL') stopAll(child.pid ?? 0);
  else child.kill(how);
  await ended;
  return said();
}

async function runToTheEnd(script?: readonly string[]): Promise<void> {
  const { child, ended, said } = start('', script);
  await ended;
  expect(child.exitCode, said()).toBe(0);
}

const STEPS = ['npm ci', 'npm rebuild', 'download', ...(isRoot ? ['apt-get install'] : []), 'vite'];

describe.skipIf(process.platform !== 'linux')('a set-up that is ended in the middle of a step', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s does that step again the next time and none before it',
    async (how) => {
      for (const step of STEPS) {
        const said = await interruptAt(step, how);
        if (how === 'SIGINT') expect(said).toContain('run the same command again to go on');
      }
      expect(existsSync(path.join(project, '.cache/build-stamp'))).toBe(false);
      await runToTheEnd();
      const done = STEPS.flatMap((step) => [`${step} …`, step]);
      expect(calls().trim().split('\n')).toEqual(done);
      // Nothing is left to do.
      await runToTheEnd();
      expect(calls().trim().split('\n')).toEqual(done);
    },
  );

  test('while the SQLite driver is compiled leaves nothing that is taken for a driver', async () => {
    write('node_modules/better-sqlite3/package.json', '{"version":"1.0.0"}');
    write('node_modules/better-sqlite3/deps/defines.gypi', "'SQLITE_ENABLE_FTS5',\n");
    for (const name of ['node-api-headers', 'node-addon-api'])
      write(`node_modules/${name}/package.json`, '{"version":"1"}');
    for (const name of ['gcc', 'g++']) writeProgram(name, 'gcc');
    const electron = path.join(bin, 'electron');
    write('bin/electron', '#!/bin/sh\nexit 0\n');
    chmodSync(electron, 0o755);
    write(
      'build.mjs',
      `import { buildNativeBinding, nativeBindingPath } from './scripts/bootstrap/native-binding.mjs';
      import { Reporter } from './scripts/bootstrap/report.mjs';
      import { writeFileSync } from 'node:fs';
      writeFileSync('where', nativeBindingPath());
      await buildNativeBinding(new Reporter(1), ${JSON.stringify(electron)});`,
    );
    await interruptAt('gcc', 'SIGKILL', ['build.mjs']);
    const binding = readFileSync(path.join(project, 'where'), 'utf8');
    expect(existsSync(binding)).toBe(false);
    await runToTheEnd(['build.mjs']);
    expect(readFileSync(binding, 'utf8')).toBe('an object');
    const compiled = calls();
    await runToTheEnd(['build.mjs']);
    expect(calls()).toBe(compiled);
  });
});
