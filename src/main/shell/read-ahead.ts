import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** In the order of their use: a ring reads the cache, but the search index is what a cold disk makes slow. */
const FILES = ['search.db', 'cache.db'] as const;
const CHUNK_BYTES = 1024 * 1024;
/** Share of the memory that nobody uses which may be filled with files. */
const SHARE = 0.5;

/**
 * Reads the databases of the profile that was used last once, while its agent types the password: the system then has them in memory, and the
 * first searches of a shift do not wait for the disk. Nothing is decrypted and nothing kept. Done in the process
 * that has no database open: SQLite's locks belong to the process, and closing a file of one drops them.
 * @param freeBytes memory nobody uses; half of it may be filled, what does not fit is left to be read when it is needed
 * @returns number of bytes read; files that cannot be read are left out
 */
export async function readAhead(profileDir: string, freeBytes: number, signal: AbortSignal): Promise<number> {
  const folder = await findLastUsed(path.join(profileDir, 'profiles'));
  if (folder === null) return 0;
  let read = 0;
  for (const name of FILES) {
    const room = freeBytes * SHARE - read;
    read += await readWhole(path.join(folder, name), room, signal).catch(() => 0);
  }
  return read;
}

/** The profile whose cache was written last; null when there is none. */
async function findLastUsed(folder: string): Promise<string | null> {
  const entries = await readdir(folder).catch(() => []);
  let last: { readonly folder: string; readonly at: number } | null = null;
  for (const entry of entries) {
    const profile = path.join(folder, entry);
    const times = await Promise.all(
      // What is written lately stands in the log beside the file.
      ['cache.db', 'cache.db-wal'].map((name) =>
        stat(path.join(profile, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    const at = Math.max(...times);
    if (at > (last?.at ?? 0)) last = { folder: profile, at };
  }
  return last?.folder ?? null;
}

async function readWhole(file: string, room: number, signal: AbortSignal): Promise<number> {
  const handle = await open(file, 'r');
  try {
    if ((await handle.stat()).size > room) return 0;
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let read = 0;
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return read;
  } finally {
    await handle.close();
  }
}
