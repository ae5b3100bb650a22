import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Other sizes while in use: a disk that fills up or is cleared. */
  resize(kib: number): void;
  /** As long as nobody has a file of it open for writing. */
  makeReadOnly(): void;
  makeWritable(): void;
  remove(): void;
}

/** A file system of its own with a fixed size, or null where mounting is not allowed. */
export function mountSmallDisk(kib: number): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'hotline-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    resize: (to) => {
      execFileSync('mount', ['-o', `remount,size=${to}k`, folder], { stdio: 'ignore' });
    },
    makeReadOnly: () => {
      execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' });
    },
    makeWritable: () => {
      execFileSync('mount', ['-o', 'remount,rw', folder], { stdio: 'ignore' });
    },
    remove: () => {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes to a file until its disk takes nothing more. */
export function fillDisk(file: string): void {
  for (const size of [1024 * 1024, 4096, 1]) {
    const block = Buffer.alloc(size, 1);
    try {
      while (true) writeFileSync(file, block, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
