import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A file that takes its place only as a whole: a reader (or a start after a power cut) sees the old or the new content, never half of it. */
export interface AtomicFile {
  /** @throws the file system's error; the new file is given up then */
  write(bytes: Uint8Array): void;
  /** Puts it into its place. @throws the file system's error; the old file is then unchanged */
  commit(): void;
  /** Leaves nothing of it. */
  abandon(): void;
}

/**
 * Begins a file beside its place. Only the owner may read it.
 * @throws the file system's error
 */
export function openAtomicFile(path: string): AtomicFile {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  const file = openSync(temporary, 'wx', 0o600);
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  const abandon = () => {
    close();
    rmSync(temporary, { force: true });
  };
  const guard = (work: () => void) => {
    try {
      work();
    } catch (error) {
      abandon();
      throw error;
    }
  };
  return {
    write: (bytes) =>
      guard(() => {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      }),
    commit: () =>
      guard(() => {
        fsyncSync(file);
        close();
        renameSync(temporary, path);
      }),
    abandon,
  };
}

/**
 * Replaces a file as a whole.
 * @throws the file system's error; the old file is then unchanged
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const file = openAtomicFile(path);
  file.write(typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
  file.commit();
}
