import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { hasCode, toDataError } from '../errors.ts';

export type StorageState = 'ok' | 'disk-full' | 'read-only';

/** Bytes kept back on the disk: a full database cannot free its own space, so this file is given up for it. */
export const BALLAST_BYTES = 1024 * 1024;

/** Watches every write of a profile for a full or read-only disk. */
export interface StorageGuard {
  readonly state: StorageState;
  /**
   * Runs a write. On a full disk the ballast is given up and the write tried once more: nothing typed is lost for want of a page.
   * @throws DataError DISK_FULL or READ_ONLY when it cannot be written
   */
  write<T>(work: () => T): T;
  /** Tries to take the ballast back; the state returns to `ok` when there is room again. */
  recover(): StorageState;
}

/**
 * @param folder of the profile
 * @param onChange told when the state changes
 */
export function createStorageGuard(folder: string, onChange: (state: StorageState) => void): StorageGuard {
  const ballast = join(folder, 'ballast');
  let state: StorageState = 'ok';
  const setState = (next: StorageState) => {
    if (next === state) return;
    state = next;
    onChange(next);
  };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toDataError(error);
    }
  };
  const guard: StorageGuard = {
    get state() {
      return state;
    },
    write: (work) => {
      try {
        return attempt(work);
      } catch (error) {
        if (hasCode(error, 'READ_ONLY')) setState('read-only');
        if (!hasCode(error, 'DISK_FULL')) throw error;
        setState('disk-full');
        if (!existsSync(ballast)) throw error;
        rmSync(ballast);
        return attempt(work);
      }
    },
    recover: () => {
      try {
        // A ballast that lies there already says nothing of whether anything can be written now.
        accessSync(folder, constants.W_OK);
        fillBallast(ballast);
        setState('ok');
      } catch (error) {
        const known = toDataError(error);
        if (hasCode(known, 'DISK_FULL')) {
          rmSync(ballast, { force: true });
          setState('disk-full');
        } else if (hasCode(known, 'READ_ONLY')) setState('read-only');
        else throw known;
      }
      return state;
    },
  };
  return guard;
}

/** Writes real bytes: a sparse file would hold nothing back. */
function fillBallast(path: string): void {
  if (existsSync(path) && statSync(path).size === BALLAST_BYTES) return;
  const handle = openSync(path, 'w', 0o600);
  try {
    const block = Buffer.alloc(64 * 1024, 0x42);
    for (let written = 0; written < BALLAST_BYTES; ) written += writeSync(handle, block);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
