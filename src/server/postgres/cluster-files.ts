import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../startup-error.ts';
import { canEnter, makeSharedFolder } from './folders.ts';
import type { OsUser } from './os-user.ts';

/** Where an embedded cluster keeps its files. */
export interface ClusterFiles {
  /** The folder the person named. */
  readonly folder: string;
  /** PostgreSQL's own data folder; elsewhere when its OS user cannot enter `folder`. */
  readonly data: string;
  readonly password: string;
  readonly logFile: string;
}

const clusterFileSchema = z.object({ data: z.string().min(1) });

/**
 * Resolves (on first use: decides and records) where the cluster of a data folder lives.
 * The place is recorded in `cluster.json`, so deleting the folder starts a fresh cluster and never meets an old one.
 * @throws StartupError FOLDER_UNUSABLE
 */
export function resolveClusterFiles(dir: string, user: OsUser | null): ClusterFiles {
  const folder = resolve(dir);
  try {
    mkdirSync(folder, { recursive: true, mode: user ? 0o711 : 0o700 });
    const data = recordedPlace(folder) ?? choosePlace(folder, user);
    return { folder, data, password: readOrMakePassword(folder), logFile: join(folder, 'postgres.log') };
  } catch (cause) {
    if (cause instanceof StartupError) throw cause;
    throw new StartupError(
      'FOLDER_UNUSABLE',
      `The data folder ${folder} cannot be used; check its permissions and space.`,
      {
        cause,
      },
    );
  }
}

function recordedPlace(folder: string): string | null {
  const file = join(folder, 'cluster.json');
  if (!existsSync(file)) return null;
  return resolve(folder, clusterFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).data);
}

function choosePlace(folder: string, user: OsUser | null): string {
  const inside = !user || canEnter(folder, user);
  const place = inside ? 'pgdata' : choosePlaceOutside(folder, user);
  writeDurably(join(folder, 'cluster.json'), `${JSON.stringify({ data: place })}\n`, 0o600);
  return resolve(folder, place);
}

/** What is asked for below the temporary folder stays there, so it ends with it. */
function choosePlaceOutside(folder: string, user: OsUser): string {
  const isTemporary = !relative(realpathSync(tmpdir()), realpathSync(folder)).startsWith('..');
  return isTemporary
    ? join(tmpdir(), `hotline-12345-data-${randomUUID()}`)
    : join(makeSharedFolder(user), `data-${randomUUID()}`);
}

function readOrMakePassword(folder: string): string {
  const file = join(folder, 'postgres-password');
  if (!existsSync(file)) writeDurably(file, randomBytes(32).toString('base64url'), 0o600);
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

function writeDurably(file: string, text: string, mode: number): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode, flush: true });
  renameSync(temporary, file);
}

/** A folder for initdb beside the final one: only a finished cluster gets the final name. */
export function makeTemporaryData(files: ClusterFiles, user: OsUser | null): string {
  const parent = resolve(files.data, '..');
  const prefix = `${files.data.slice(parent.length + 1)}.partial-`;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const temporary = join(parent, `${prefix}${process.pid}`);
  mkdirSync(temporary, { mode: 0o700 });
  if (user) chownSync(temporary, user.uid, user.gid);
  return temporary;
}

/** The password for initdb in a file its OS user may read; the caller removes it. */
export function writePasswordFile(temporaryData: string, password: string, user: OsUser | null): string {
  const file = `${temporaryData}.pw`;
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
  return file;
}

/** Whether the data folder holds a finished cluster. */
export function hasCluster(files: ClusterFiles): boolean {
  return existsSync(join(files.data, 'PG_VERSION'));
}

/** A postmaster that serves this data folder right now. */
export interface RunningPostmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * Reads postmaster.pid. A file left by a killed machine or container names a process that is gone or is something else:
 * such a file is removed, because PostgreSQL would refuse to start when the number is in use again.
 */
export function findRunningPostmaster(files: ClusterFiles): RunningPostmaster | null {
  const file = join(files.data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  if (Number.isInteger(pid) && pid > 0 && isPostmasterOf(pid, files.data)) {
    return Number.isInteger(port) ? { pid, port } : null;
  }
  rmSync(file, { force: true });
  return null;
}

/** PostgreSQL works inside its data folder, which tells it from any other process with the same number. */
export function isPostmasterOf(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Starts a new log file when the old one has grown large, keeping one old file. */
export function trimLog(files: ClusterFiles): void {
  const size = statSync(files.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10 * 1024 * 1024) renameSync(files.logFile, `${files.logFile}.1`);
}
