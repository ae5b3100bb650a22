// Builds the console with electron-vite when a source is newer than the build.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectNode } from './dependencies.mjs';
import { cacheDir, explainFailure, projectRoot, run } from './report.mjs';

const stampFile = path.join(cacheDir, 'build-stamp');
const inputs = [
  'src/main',
  'src/renderer',
  'src/shared',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
const outputs = [
  'out/main/index.js',
  'out/main/data.js',
  'out/main/apply.js',
  'out/preload/window.cjs',
  'out/renderer/index.html',
];

/** @param {import('./report.mjs').Reporter} reporter */
export async function buildApp(reporter) {
  const stamp = await describeInputs();
  if (readStamp() === stamp && outputs.every((file) => existsSync(path.join(projectRoot, file))))
    return { note: 'ready' };
  reporter.doing('building');
  const cli = path.join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const result = await reporter.withHeartbeat(() => run(projectNode, [cli, 'build', '--logLevel', 'warn']));
  if (result.code !== 0) throw explainFailure('The build of the console', result.output);
  await writeFile(`${stampFile}.part`, stamp);
  await rename(`${stampFile}.part`, stampFile);
  return { note: 'built' };
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return '';
  }
}

/** Path, size and time of every source: enough to notice a change, and quick. */
async function describeInputs() {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await listPaths(path.join(projectRoot, input))) {
      const status = await stat(file);
      if (status.isFile()) hash.update(`${path.relative(projectRoot, file)} ${status.size} ${status.mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** @param {string} start @returns {Promise<string[]>} the path itself, or everything below it, sorted */
async function listPaths(start) {
  if (!existsSync(start)) return [];
  if ((await stat(start)).isFile()) return [start];
  return (await readdir(start, { recursive: true })).sort().map((name) => path.join(start, name));
}
