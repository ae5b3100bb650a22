import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

export type ProfileFolderProblem = 'READ_ONLY' | 'DISK_FULL';

/**
 * Makes the profile folder (readable by its owner only) and tries whether a file can be written in it.
 * Checked before anything else touches the folder, so that the person gets a sentence instead of a half-started console.
 */
export function prepareProfileFolder(profileDir: string): ProfileFolderProblem | null {
  const probe = path.join(profileDir, `.probe-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(profileDir, { recursive: true, mode: 0o700 });
    const file = openSync(probe, 'wx', 0o600);
    try {
      writeSync(file, 'probe');
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(probe, { force: true });
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'DISK_FULL' : 'READ_ONLY';
  }
}

/**
 * A folder for Chromium's own files while the profile folder cannot be used: the first of `places` in which one can be made.
 * @returns null when none can: Chromium then goes without, which is enough to say on the screen what is wrong
 */
export function makeSpareFolder(places: readonly string[]): string | null {
  for (const place of places) {
    try {
      return mkdtempSync(path.join(place, 'hotline-'));
    } catch {
      // Full or not writable as well: the next one.
    }
  }
  return null;
}
