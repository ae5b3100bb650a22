import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a process did to one file of its folder, in order. */
export type DiskEvent =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync' | 'remove'; readonly file: string }
  | { readonly kind: 'answer'; readonly text: string };

/** File in the folder into which the process writes what somebody was told; no part of the disk. */
const ANSWERS = 'answers';
/** In shared memory; SQLite makes it anew. */
const IS_MEMORY = /-shm$/;
const SECTOR = 512;
const CALLS = 'openat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat2,unlink,unlinkat';
/** Longer than any write of the cache. */
const LONGEST = 4 * 1024 * 1024;

/** True where a process may be watched: Linux, with strace, and nothing that forbids it. */
export function canWatchDisk(): boolean {
  const tried = process.platform === 'linux' && spawnSync('strace', ['true'], { encoding: 'utf8' });
  return tried && tried.error === undefined && tried.stderr.includes('exited with 0');
}

/**
 * Runs a script on a folder and gives everything it did to the files of that folder.
 * @throws when it does something to them that is not understood here
 */
export async function watchDisk(
  folder: string,
  log: string,
  script: string,
  args: readonly string[],
): Promise<DiskEvent[]> {
  execFileSync(
    'strace',
    ['-f', '-y', '-xx', '-s', String(LONGEST), '-e', `trace=${CALLS}`, '-o', log, process.execPath, script, ...args],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const events: DiskEvent[] = [];
  const begun = new Map<string, string>();
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const whole = wholeCall(line, begun);
    const event = whole === null ? null : readCall(whole, folder);
    if (event) events.push(event);
  }
  return events;
}

const BEGUN = /^(\d+) .*(?= <unfinished \.\.\.>$)/;
const ENDED = /^(\d+) +<\.\.\. \w+ resumed>(.*)/;

/**
 * A call whose thread was interrupted by another one's is written down in two lines; it counts when it ends.
 * @param begun first halves, by thread
 * @returns null for a first half
 */
function wholeCall(line: string, begun: Map<string, string>): string | null {
  const half = BEGUN.exec(line);
  if (half) {
    begun.set(half[1] ?? '', half[0]);
    return null;
  }
  const [, thread = '', rest = ''] = ENDED.exec(line) ?? [];
  return thread === '' ? line : `${begun.get(thread) ?? ''}${rest}`;
}

const unhex = (text: string) => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const CALL = /^\d+ +(\w+)\((.*)\) += (-?\d+)/;
/** Of a file that was opened: its path, and what follows. */
const OPENED = /^\d+<([^>]*)>(?:, )?(.*)$/;

function readCall(line: string, folder: string): DiskEvent | null {
  const [, call = '', args = '', result = ''] = CALL.exec(line) ?? [];
  if (call === '' || Number(result) < 0) return null;
  const own = (hex: string) => {
    const path = unhex(hex).toString();
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
  };
  if (call === 'openat' || call.startsWith('unlink') || call.startsWith('rename')) {
    const file = own(/"([^"]*)"/.exec(args)?.[1] ?? '');
    if (file === null || IS_MEMORY.test(file)) return null;
    if (call.startsWith('unlink')) return { kind: 'remove', file };
    if (call !== 'openat' || (args.includes('O_TRUNC') && file !== ANSWERS))
      throw new Error(`not understood: ${call} ${file}`);
    return null;
  }
  const [, path = '', rest = ''] = OPENED.exec(args) ?? [];
  const file = own(path);
  if (file === null || IS_MEMORY.test(file)) return null;
  const bytes = () => unhex(/"([^"]*)"/.exec(rest)?.[1] ?? '').subarray(0, Number(result));
  if (call === 'fsync' || call === 'fdatasync') return { kind: 'sync', file };
  if (call === 'ftruncate') return { kind: 'cut', file, size: Number(rest) };
  if (file === ANSWERS && call === 'write') return { kind: 'answer', text: bytes().toString().trim() };
  if (call === 'pwrite64')
    return { kind: 'write', file, at: Number(rest.slice(rest.lastIndexOf(',') + 1)), bytes: bytes() };
  throw new Error(`not understood: ${call} ${file}`);
}

/** What the disk holds of a file for certain, and what was written since it was synced last. */
interface DiskFile {
  certain: Buffer;
  later: DiskEvent[];
}

/**
 * A disk that keeps for certain only what was synced. Names of files are taken to be kept at once; of what was written later any sector may be
 * there or not.
 */
export class PoweredDisk {
  readonly answers: string[] = [];
  readonly #files = new Map<string, DiskFile>();

  /** @param folder what it holds at first */
  constructor(folder: string) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isFile()) this.#files.set(name, { certain: readFileSync(path), later: [] });
    }
  }

  apply(event: DiskEvent): void {
    if (event.kind === 'answer') {
      this.answers.push(event.text);
      return;
    }
    if (event.kind === 'remove') {
      this.#files.delete(event.file);
      return;
    }
    const file = this.#files.get(event.file) ?? { certain: Buffer.alloc(0), later: [] };
    this.#files.set(event.file, file);
    if (event.kind !== 'sync') {
      file.later.push(event);
      return;
    }
    file.certain = changed(file.certain, file.later, () => true);
    file.later = [];
  }

  /**
   * The power goes: writes what is left into a folder.
   * @param isKept tells of each sector that was not synced whether it is there
   */
  cutPower(folder: string, isKept: () => boolean): void {
    mkdirSync(folder, { recursive: true });
    for (const [name, { certain, later }] of this.#files) {
      if (name === ANSWERS || existsSync(join(folder, name))) continue;
      writeFileSync(join(folder, name), changed(certain, later, isKept));
    }
  }
}

/** A copy of what was certain with the sectors of later writes that are kept. */
function changed(certain: Buffer, later: readonly DiskEvent[], isKept: () => boolean): Buffer {
  if (later.length === 0) return certain;
  const longest = later.reduce(
    (most, each) => (each.kind === 'write' ? Math.max(most, each.at + each.bytes.length) : most),
    0,
  );
  const bytes = Buffer.alloc(Math.max(certain.length, longest));
  certain.copy(bytes);
  let length = certain.length;
  for (const event of later) {
    if (event.kind === 'cut' && isKept()) {
      if (event.size < length) bytes.fill(0, event.size, length);
      length = Math.min(bytes.length, event.size);
    }
    if (event.kind !== 'write') continue;
    for (let from = 0; from < event.bytes.length; ) {
      const at = event.at + from;
      const size = Math.min(SECTOR - (at % SECTOR), event.bytes.length - from);
      if (isKept()) {
        event.bytes.copy(bytes, at, from, from + size);
        length = Math.max(length, at + size);
      }
      from += size;
    }
  }
  return bytes.subarray(0, length);
}
