// The SQLite driver for the fallback Electron. Its shipped binary declares Node-API 10, which that Electron (Node-API 9)
// does not have; built from the package's own source as an experimental-version module it runs there, on Node 20 and 24.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir, explainFailure, projectRoot, run } from './report.mjs';

const modulesDir = path.join(projectRoot, 'node_modules');
const driverDir = path.join(modulesDir, 'better-sqlite3');
const experimentalHeader = path.join(projectRoot, 'scripts', 'bootstrap', 'node-api-experimental.h');
const bindingName = 'better_sqlite3.node';

/** The highest version number: Node-API takes it for "experimental", whatever its own version is. */
const experimentalApiVersion = 2147483647;
const cFlags = ['-c', '-fPIC', '-pthread', '-O2', '-DNDEBUG', '-std=c99', '-w'];
const cppFlags = [
  '-c',
  '-fPIC',
  '-pthread',
  '-O3',
  '-DNDEBUG',
  '-std=c++20',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-fno-rtti',
  '-fno-exceptions',
  '-D_FILE_OFFSET_BITS=64',
  '-DBUILDING_NODE_EXTENSION',
  '-DNODE_GYP_MODULE_NAME=better_sqlite3',
  `-DNAPI_VERSION=${experimentalApiVersion}`,
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
const linkFlags = ['-shared', '-pthread', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL'];

/** @returns {string} where the build for the installed driver belongs; another version or recipe has another folder */
export function nativeBindingPath() {
  const recipe = JSON.stringify([
    readFileSync(experimentalHeader, 'utf8'),
    cFlags,
    cppFlags,
    linkFlags,
    readVersion('node-api-headers'),
    readVersion('node-addon-api'),
  ]);
  const key = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  return path.join(cacheDir, 'native', `${readVersion('better-sqlite3')}-${key}`, bindingName);
}

/** Whether the build is there; without it a C++ compiler is needed. */
export function hasNativeBinding() {
  return existsSync(nativeBindingPath());
}

/**
 * Builds the driver (one to two minutes) unless it is there, and tries it out before it gets its place.
 * @param {import('./report.mjs').Reporter} reporter
 * @param {string} electronPath the Electron it is for
 * @returns {Promise<{ note: string, value: string }>} the path of the binding
 */
export async function buildNativeBinding(reporter, electronPath) {
  const binding = nativeBindingPath();
  if (existsSync(binding)) return { note: 'ready', value: binding };
  reporter.doing('compiling SQLite for this Electron (one to two minutes)');
  const workDir = `${path.dirname(binding)}.part`;
  await rm(workDir, { recursive: true, force: true });
  await mkdir(workDir, { recursive: true });
  const built = path.join(workDir, bindingName);
  await reporter.withHeartbeat(() => compile(workDir, built));
  const trial = await run(electronPath, ['--expose-gc', '-e', trialProgram(built)], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (trial.code !== 0) throw explainFailure('The build of the SQLite driver', trial.output);
  await rm(path.dirname(binding), { recursive: true, force: true });
  await mkdir(path.dirname(binding), { recursive: true });
  await rename(built, binding);
  await rm(workDir, { recursive: true, force: true });
  return { note: 'built', value: binding };
}

/**
 * Uses the driver and collects its garbage: a build with the wrong finalizers works until the first collection.
 * @param {string} binding
 */
function trialProgram(binding) {
  return `const Database = require(${JSON.stringify(driverDir)});
    const db = new Database(':memory:', { nativeBinding: ${JSON.stringify(binding)} });
    for (let i = 0; i < 1000; i += 1) if (db.prepare('SELECT 1 AS one').get().one !== 1) process.exit(1);
    gc();
    setImmediate(() => gc());`;
}

/**
 * @param {string} workDir
 * @param {string} output
 */
async function compile(workDir, output) {
  const sqliteDir = path.join(driverDir, 'deps', 'sqlite3');
  const sqliteObject = path.join(workDir, 'sqlite3.o');
  const driverObject = path.join(workDir, 'better_sqlite3.o');
  const includes = [
    path.join(modulesDir, 'node-api-headers', 'include'),
    path.join(modulesDir, 'node-addon-api'),
    sqliteDir,
  ].map((folder) => `-I${folder}`);
  await Promise.all([
    compiler('gcc', [...cFlags, ...readSqliteDefines(), path.join(sqliteDir, 'sqlite3.c'), '-o', sqliteObject]),
    compiler('g++', [
      ...cppFlags,
      ...includes,
      '-include',
      experimentalHeader,
      path.join(driverDir, 'src', 'better_sqlite3.cpp'),
      '-o',
      driverObject,
    ]),
  ]);
  await compiler('g++', [...linkFlags, '-o', output, driverObject, sqliteObject, '-ldl']);
}

/** SQLite's compile-time options, from the package itself so that this build has the same features as the shipped one. */
function readSqliteDefines() {
  const text = readFileSync(path.join(driverDir, 'deps', 'defines.gypi'), 'utf8');
  const defines = [...text.matchAll(/^\s*'([A-Z0-9_]+(?:=[^']*)?)',?$/gm)].map((match) => `-D${match[1]}`);
  if (!defines.includes('-DSQLITE_ENABLE_FTS5')) throw explainFailure('Reading the options of the SQLite driver', text);
  return defines;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
async function compiler(command, args) {
  const result = await run(command, args);
  if (result.code !== 0) throw explainFailure(`Compiling the SQLite driver with ${command}`, result.output);
}

/** @param {string} name */
function readVersion(name) {
  return JSON.parse(readFileSync(path.join(modulesDir, name, 'package.json'), 'utf8')).version;
}
