// Debian packages that Electron, a machine without a display and the native build need.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapError, cacheDir, explainFailure, run } from './report.mjs';

/** Shared libraries by soname, with the package that holds each; the second name is the one of newer systems. */
const electronLibraries = [
  { soname: 'libgtk-3.so.0', packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { soname: 'libnss3.so', packages: ['libnss3'] },
  { soname: 'libasound.so.2', packages: ['libasound2', 'libasound2t64'] },
  { soname: 'libgbm.so.1', packages: ['libgbm1'] },
  { soname: 'libXss.so.1', packages: ['libxss1'] },
  { soname: 'libatk-bridge-2.0.so.0', packages: ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'] },
  { soname: 'libdrm.so.2', packages: ['libdrm2'] },
  { soname: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
];
const displayPackages = [
  { program: 'Xvfb', packages: ['xvfb'] },
  { program: 'xauth', packages: ['xauth'] },
];
const buildPackages = [
  { program: 'g++', packages: ['g++'] },
  { program: 'gcc', packages: ['gcc'] },
];
/** What single tests need and skip without: a desktop's keyring, and a witness of what a process asks of its disk. */
const testToolPackages = [
  { program: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  { program: 'dbus-run-session', packages: ['dbus-daemon', 'dbus'] },
  { program: 'strace', packages: ['strace'] },
];
/** Remembers that these could not be installed; deleting it makes the next set-up try again. */
const noTestToolsFile = path.join(cacheDir, 'no-test-tools');
const chineseFontPackage = 'fonts-noto-cjk';

/**
 * Installs what is missing, as root; for anybody else says which command to run. On systems without apt nothing is
 * installed: Electron's own check names the library that is missing.
 * @param {import('./report.mjs').Reporter} reporter
 * @param {{ electron: boolean, virtualDisplay: boolean, compiler: boolean, testTools: boolean }} needs
 */
export async function installSystemPackages(reporter, needs) {
  if (process.platform !== 'linux') return { note: 'not needed on this system' };
  const missing = await findMissing(needs);
  const extra = needs.testTools && canInstall() ? findMissingPrograms(testToolPackages) : [];
  if (missing.length > 0) {
    const note = await installRequired(reporter, missing);
    if (note) return { note };
  }
  if (extra.length > 0) await installTestTools(reporter, extra);
  return { note: 'ready' };
}

function canInstall() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined && !existsSync(noTestToolsFile);
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {readonly string[][]} missing
 * @returns {Promise<string | undefined>} a note when nothing can be installed here
 */
async function installRequired(reporter, missing) {
  if (!findProgram('apt-get')) {
    return `no apt-get here; if something fails, install what Debian calls ${missing.map(([name]) => name).join(' ')}`;
  }
  if (process.getuid?.() !== 0) {
    const wanted = await Promise.all(missing.map(chooseAvailable));
    throw new BootstrapError(
      `System packages are missing: run "sudo apt-get update && sudo apt-get install --no-install-recommends ${wanted.join(' ')}" and then the same command again.`,
    );
  }
  await install(reporter, missing);
  return undefined;
}

/**
 * The tests that need them skip without, so their absence stops nothing and is not tried again.
 * @param {import('./report.mjs').Reporter} reporter
 * @param {readonly string[][]} missing
 */
async function installTestTools(reporter, missing) {
  try {
    await install(reporter, missing);
  } catch {
    writeFileSync(noTestToolsFile, '');
    reporter.print('no desktop keyring or strace can be installed here; the tests that need them will be skipped');
  }
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {readonly string[][]} missing
 */
async function install(reporter, missing) {
  reporter.doing('looking for the missing system packages');
  await apt(reporter, ['update']);
  const names = await Promise.all(missing.map(chooseAvailable));
  reporter.doing(`installing ${names.join(' ')}`);
  await apt(reporter, ['install', '--yes', '--no-install-recommends', ...names]);
}

/** @param {{ electron: boolean, virtualDisplay: boolean, compiler: boolean }} needs */
async function findMissing(needs) {
  /** @type {string[][]} */
  const missing = [];
  if (needs.electron) {
    const known = await listSharedLibraries();
    missing.push(
      ...electronLibraries.filter(({ soname }) => !known.includes(`${soname} `)).map(({ packages }) => packages),
    );
  }
  missing.push(...findMissingPrograms(needs.virtualDisplay ? displayPackages : []));
  missing.push(...findMissingPrograms(needs.compiler ? buildPackages : []));
  // Screenshots of a Chinese application show boxes without it; a desktop brings its own fonts.
  if (needs.virtualDisplay && !hasChineseFont()) missing.push([chineseFontPackage]);
  return missing;
}

/** @param {readonly { program: string, packages: string[] }[]} wanted */
function findMissingPrograms(wanted) {
  return wanted.filter(({ program }) => !findProgram(program)).map(({ packages }) => packages);
}

async function listSharedLibraries() {
  const result = await run(findProgram('ldconfig') ?? 'ldconfig', ['-p']);
  return result.stdout;
}

function hasChineseFont() {
  return ['/usr/share/fonts/opentype/noto', '/usr/share/fonts/noto-cjk', '/usr/share/fonts/google-noto-cjk'].some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.includes('CJK')),
  );
}

/**
 * Looks in the system folders too: they are not on the PATH of every non-root user.
 * @param {string} name
 */
function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin', '/usr/bin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/**
 * The name that this system's package lists know. Where they are empty (never updated) the release decides.
 * @param {readonly string[]} names alternatives, the oldest first
 */
async function chooseAvailable(names) {
  for (const name of names) {
    const result = await run('apt-cache', ['show', '--no-all-versions', name]);
    if (result.code === 0 && result.stdout.includes('Package:')) return name;
  }
  return chooseByRelease(names, readRelease());
}

function readRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/**
 * Debian 13 and Ubuntu 24.04 renamed the libraries whose times got 64 bits.
 * @param {readonly string[]} names the old name, then the new one if there is one
 * @param {string} release content of /etc/os-release
 * @returns {string}
 */
export function chooseByRelease(names, release) {
  const read = (/** @type {string} */ key) => new RegExp(`^${key}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? '';
  const since = { debian: 13, ubuntu: 24.04 };
  const id = read('ID');
  const isNew = id in since && Number(read('VERSION_ID')) >= since[/** @type {'debian'} */ (id)];
  return (isNew ? names.at(-1) : names[0]) ?? '';
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {readonly string[]} args
 */
async function apt(reporter, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2'];
  const result = await reporter.withHeartbeat(() => run('apt-get', [...options, ...args], { env }));
  // apt-get update succeeds with a warning when a source cannot be reached; the installation then says what is missing.
  if (result.code !== 0) throw explainFailure(`apt-get ${args[0]}`, result.output);
}
