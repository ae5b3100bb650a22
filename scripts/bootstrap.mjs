// Makes a fresh clone ready to start, test, build or package: `node scripts/bootstrap.mjs [start|dev|test|bench|package|build|check|server]`.
// Needs nothing but Node 20 and npm, does only what is missing, and can be interrupted and run again at any point.
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildApp } from './bootstrap/app-build.mjs';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { provideElectron, readWantedVersion, verifyElectron } from './bootstrap/electron-runtime.mjs';
import { buildNativeBinding, hasNativeBinding } from './bootstrap/native-binding.mjs';
import { BootstrapError, cacheDir, explainFailure, logFile, projectRoot, Reporter } from './bootstrap/report.mjs';
import { installSystemPackages } from './bootstrap/system-packages.mjs';

const purposes = {
  server: { electron: false, build: false, headless: false, testTools: false },
  build: { electron: false, build: false, headless: false, testTools: false },
  check: { electron: false, build: false, headless: false, testTools: false },
  package: { electron: true, build: false, headless: false, testTools: false },
  dev: { electron: true, build: false, headless: false, testTools: false },
  start: { electron: true, build: true, headless: false, testTools: false },
  // Tests and benchmarks never open windows on somebody's screen.
  test: { electron: true, build: true, headless: true, testTools: true },
  bench: { electron: true, build: true, headless: true, testTools: false },
};
const oldestNode = 20;
const runtimeFile = path.join(cacheDir, 'runtime.json');
const lockFile = path.join(cacheDir, 'bootstrap.lock');

await main();

async function main() {
  const purpose = process.argv[2] ?? 'start';
  try {
    if (!(purpose in purposes))
      throw new BootstrapError(`Unknown purpose "${purpose}": use one of ${Object.keys(purposes).join(', ')}.`);
    if (Number(process.versions.node.split('.')[0]) < oldestNode) {
      throw new BootstrapError(
        `Node ${process.versions.node} is too old: install Node ${oldestNode} or newer and run the command again.`,
      );
    }
    await lock();
    rmSync(logFile, { force: true });
    await prepare(purposes[/** @type {'start'} */ (purpose)]);
  } catch (error) {
    const failure =
      error instanceof BootstrapError
        ? error
        : explainFailure('The set-up', error instanceof Error ? String(error.stack) : String(error));
    console.error(failure.message);
    process.exitCode = 1;
  }
}

/** @param {{ electron: boolean, build: boolean, headless: boolean, testTools: boolean }} needs */
async function prepare(needs) {
  const reporter = new Reporter(needs.electron ? (needs.build ? 5 : 4) : 1);
  await reporter.step('npm packages', () => installDependencies(reporter));
  if (!needs.electron) return;

  const previous = readPreviousRuntime();
  const runtime = await reporter.step('Electron', () => provideElectron(reporter, previous));
  const needsBuild = runtime.kind === 'fallback';
  const virtualDisplay = needs.headless || !(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  await reporter.step('System packages', () =>
    installSystemPackages(reporter, {
      electron: true,
      virtualDisplay,
      compiler: needsBuild && !hasNativeBinding(),
      testTools: needs.testTools,
    }),
  );
  const nativeBinding = await reporter.step('SQLite driver', async () =>
    needsBuild ? buildNativeBinding(reporter, runtime.electronPath) : { note: 'ready', value: null },
  );
  await rememberRuntime({ ...runtime, nativeBinding, productVersion: readWantedVersion() }, previous);
  if (needs.build) await reporter.step('Console', () => buildApp(reporter));
}

/** @returns {any} what scripts/runtime.ts reads; undefined when there is none yet */
function readPreviousRuntime() {
  try {
    return JSON.parse(readFileSync(runtimeFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Writes .cache/runtime.json once the Electron named in it has been seen to run.
 * @param {any} runtime
 * @param {any} previous
 */
async function rememberRuntime(runtime, previous) {
  const text = `${JSON.stringify(runtime, null, 2)}\n`;
  if (previous && `${JSON.stringify(previous, null, 2)}\n` === text) return;
  await verifyElectron(runtime);
  writeFileSync(`${runtimeFile}.part`, text);
  renameSync(`${runtimeFile}.part`, runtimeFile);
}

/** Waits while another set-up works in the same clone; a lock whose process is gone does not count. */
async function lock() {
  mkdirSync(cacheDir, { recursive: true });
  const claim = `${lockFile}.${process.pid}`;
  writeFileSync(claim, String(process.pid));
  process.on('exit', () => rmSync(claim, { force: true }));
  for (let waited = false; ; waited = true) {
    try {
      linkSync(claim, lockFile); // appears with its content or not at all
      process.on('exit', () => rmSync(lockFile, { force: true }));
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    if (!isAlive(readLockHolder())) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (!waited) console.log(`Waiting for another set-up in ${projectRoot} (process ${readLockHolder()}) …`);
    await delay(200);
  }
}

function readLockHolder() {
  return existsSync(lockFile) ? Number(readFileSync(lockFile, 'utf8')) : 0;
}

/** @param {number} pid */
function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
