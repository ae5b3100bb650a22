import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAhead } from '#main/shell/read-ahead.ts';

const PLENTY = 2 ** 34;
const MIB = 1024 * 1024;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'hotline-ahead-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A profile whose cache was written at `seconds`. */
function makeProfile(name: string, seconds: number, sizes: { readonly cache: number; readonly search?: number }): void {
  const folder = path.join(root, 'profiles', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'cache.db'), Buffer.alloc(sizes.cache));
  if (sizes.search !== undefined) writeFileSync(path.join(folder, 'search.db'), Buffer.alloc(sizes.search));
  utimesSync(path.join(folder, 'cache.db'), seconds, seconds);
}

const running = () => new AbortController().signal;

describe('reading the databases before the agent has typed the password', () => {
  it('reads both files of the profile that was used last to their ends', async () => {
    makeProfile('yesterday', 1_000, { cache: 7 * MIB, search: MIB });
    makeProfile('today', 2_000, { cache: 2 * MIB + 3, search: MIB + 1 });
    expect(await readAhead(root, PLENTY, running())).toBe(3 * MIB + 4);
  });

  it('knows the profile by what stands in the log beside its cache', async () => {
    makeProfile('yesterday', 1_000, { cache: 5, search: 6 });
    makeProfile('today', 2_000, { cache: 50, search: 60 });
    const log = path.join(root, 'profiles', 'yesterday', 'cache.db-wal');
    writeFileSync(log, '');
    utimesSync(log, 3_000, 3_000);
    expect(await readAhead(root, PLENTY, running())).toBe(11);
  });

  it('takes at most half of the memory nobody uses, the search index first', async () => {
    makeProfile('today', 1_000, { cache: 3 * MIB, search: 2 * MIB });
    expect(await readAhead(root, 10 * MIB, running())).toBe(5 * MIB);
    expect(await readAhead(root, 9 * MIB, running())).toBe(2 * MIB);
    expect(await readAhead(root, 3 * MIB, running())).toBe(0);
  });

  it('reads what is there when the index is missing, and nothing on a new console', async () => {
    expect(await readAhead(root, PLENTY, running())).toBe(0);
    makeProfile('today', 1_000, { cache: 12 });
    expect(await readAhead(root, PLENTY, running())).toBe(12);
  });

  it('ends when the console does', async () => {
    makeProfile('today', 1_000, { cache: 3 * MIB, search: 2 * MIB });
    expect(await readAhead(root, PLENTY, AbortSignal.abort())).toBe(0);
  });
});
