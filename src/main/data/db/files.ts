import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Makes a rename or a new file in a folder survive a power cut. Folders cannot be synced on Windows; NTFS journals them. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Replaces a file as a whole: readers see the old or the new content, also after a kill or a power cut. */
export function writeFileDurably(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    let written = 0;
    while (written < bytes.length) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** The files SQLite keeps for one database. */
export function databaseFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`];
}

/**
 * Moves files into `corrupt-<stamp>/` beside them. Damaged data is set aside for recovery by hand, never deleted.
 * @returns the folder they are in now
 */
export function quarantine(folder: string, paths: readonly string[], now: number): string {
  const target = makeCorruptFolder(folder, now);
  for (const path of paths) {
    if (existsSync(path)) renameSync(path, join(target, basename(path)));
  }
  syncFolder(target);
  syncFolder(folder);
  return target;
}

/** Keeps what a file holds in `corrupt-<stamp>/` before it is repaired. */
export function keepCopy(folder: string, name: string, bytes: Uint8Array, now: number): void {
  writeFileDurably(join(makeCorruptFolder(folder, now), name), bytes);
  syncFolder(folder);
}

function makeCorruptFolder(folder: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  let target = join(folder, `corrupt-${stamp}`);
  for (let i = 2; existsSync(target); i++) target = join(folder, `corrupt-${stamp}-${i}`);
  mkdirSync(target, { mode: 0o700 });
  return target;
}
