import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openAttachmentFiles } from '#main/data/attachments/attachment-files.ts';
import { createAttachmentIntake } from '#main/data/attachments/attachment-intake.ts';
import { migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted } from '#main/data/db/open.ts';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { DataError } from '#main/data/errors.ts';
import { findSetting } from '#main/data/repositories/identity.repository.ts';
import { createArticleIndex } from '#main/data/search/article-index.ts';
import { openSearchFile } from '#main/data/search/search-file.ts';
import { createSearchIndex, type SearchIndex } from '#main/data/search/search-index.ts';
import { createIndexThread } from '#main/data/search/threads/index-thread.ts';
import type { WorkContext } from '#main/data/services/work-context.ts';
import type { ConsoleId, UserId } from '#shared/kernel/ids.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import { applyPulledRows } from '../../support/pulled-rows.ts';
import { type BenchRows, benchRows } from './bench-rows.ts';
import { demoRows } from './demo-rows.ts';

/** An encrypted cache of bench tickets with everything a lookup needs. */
export interface BenchCache {
  readonly db: OpenDb;
  readonly context: WorkContext;
  readonly search: SearchIndex;
  /** Of the files, hex. */
  readonly key: string;
  readonly citizens: number;
  /** Rows per second while pulled rows were applied, and while the index was built. */
  readonly appliedPerSecond: number;
  readonly indexedPerSecond: number;
  close(): Promise<void>;
}

const INDEX_ENTRY = join(import.meta.dirname, '../../../src/main/data/search/threads/index-worker.ts');
const SCOPE = '320100:12345';
const CITIZEN_SCOPE = '320100:citizens';

/** What is known of a filled cache that is kept for the benchmarks of one run. */
const filledSchema = z.object({ key: z.string(), appliedPerSecond: z.number(), indexedPerSecond: z.number() });
type Filled = z.infer<typeof filledSchema>;

const KINDS = { random: benchRows, demo: demoRows } as const;

/**
 * Works in a cache of random words or of a demo centre, and takes it away again. With BENCH_CACHES (a folder, made by
 * `npm run bench`) it is filled once and kept for the other benchmarks of the run.
 * @param size number of tickets
 */
export async function inBenchCache(
  kind: keyof typeof KINDS,
  size: number,
  work: (cache: BenchCache, folder: string) => void | Promise<void>,
): Promise<void> {
  const shared = process.env.BENCH_CACHES;
  const folder = shared ? join(shared, `${kind}-${size}`) : mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  try {
    const note = join(folder, 'filled.json');
    const filled = existsSync(note) ? filledSchema.parse(JSON.parse(readFileSync(note, 'utf8'))) : null;
    // What an earlier run did not fill to the end.
    if (!filled) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const cache = await openBenchCache(folder, size, KINDS[kind](size), filled);
    if (!filled) {
      const { key, appliedPerSecond, indexedPerSecond } = cache;
      writeFileSync(note, JSON.stringify({ key, appliedPerSecond, indexedPerSecond } satisfies Filled));
    }
    await work(cache, folder);
    await cache.close();
  } finally {
    if (!shared) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Fills a new cache in `folder` through the code that applies pulled rows, then builds the search index, both as the product does.
 * @param size number of tickets
 */
export function fillBenchCache(folder: string, size: number, rows: BenchRows): Promise<BenchCache> {
  return openBenchCache(folder, size, rows, null);
}

async function openBenchCache(
  folder: string,
  size: number,
  rows: BenchRows,
  filled: Filled | null,
): Promise<BenchCache> {
  const { citizens } = rows;
  const key = filled?.key ?? randomBytes(32).toString('hex');
  const path = join(folder, 'cache.db');
  const db = openEncrypted(path, key, { durability: 'full' });
  migrate(db, CACHE_MIGRATIONS);
  const bulk = openEncrypted(path, key, { durability: 'normal' });
  const actor = {
    id: '00000000-0000-7000-8000-00000000000a' as UserId,
    name: '林晓雯',
    role: 'agent',
    seat: '1001',
    consoleId: null,
  } satisfies OpActor;

  if (!filled)
    applyPulledRows(bulk, actor, { scope: CITIZEN_SCOPE, table: 'citizens', count: citizens, rowOf: rows.citizen });
  let start = performance.now();
  if (!filled) applyPulledRows(bulk, actor, { scope: SCOPE, table: 'tickets', count: size, rowOf: rows.ticket });
  const appliedPerSecond = (size / (performance.now() - start)) * 1_000;

  start = performance.now();
  const indexPath = join(folder, 'search.db');
  const fail = (error: unknown) => {
    throw error;
  };
  const search = createSearchIndex({
    file: openSearchFile(indexPath, key, db, null),
    thread: createIndexThread({
      entry: INDEX_ENTRY,
      cachePath: path,
      indexPath,
      key: () => key,
      nativeBinding: null,
      onError: fail,
    }),
    db,
    role: 'agent',
    bulk,
    elapsed: () => performance.now(),
    write: (work) => work(),
    isPaused: () => false,
    onIdle: () => undefined,
    onError: fail,
  });
  search.wake();
  await search.idle();
  const indexedPerSecond = (size / (performance.now() - start)) * 1_000;
  if (findSetting(db, 'search_file') === null) throw new Error('the index has no file');

  const files = openAttachmentFiles(join(folder, 'files'), randomBytes(32));
  const clock = { now: () => rows.now };
  const context: WorkContext = {
    db,
    files,
    fileIntake: createAttachmentIntake(files, clock),
    fetchFile: () => Promise.reject(new DataError('OFFLINE')),
    hasServer: false,
    askHistory: () => Promise.reject(new DataError('OFFLINE')),
    policyChanged: () => undefined,
    storageBytes: () => 0,
    wakeFiles: () => undefined,
    user: {
      id: actor.id,
      account: 'bench',
      name: actor.name,
      seat: '1001',
      role: 'agent',
      centre: '320100',
      lines: ['12345'],
    },
    consoleId: '00000000-0000-7000-8000-00000000000c' as ConsoleId,
    clock,
    articles: createArticleIndex({
      db,
      write: (work) => work(),
      // Time stands still: everything is indexed at once.
      elapsed: () => 0,
      onCaughtUp: () => undefined,
      onError: (error) => {
        throw error;
      },
    }),
    write: (work) => work(),
    announce: () => undefined,
    isOnline: () => false,
    queued: () => undefined,
    isUnsent: () => false,
    carried: () => undefined,
    carriedIn: () => undefined,
    renumbered: () => undefined,
    dropped: () => undefined,
  };
  return {
    db,
    context,
    search,
    key,
    citizens,
    appliedPerSecond: filled?.appliedPerSecond ?? appliedPerSecond,
    indexedPerSecond: filled?.indexedPerSecond ?? indexedPerSecond,
    close: async () => {
      await search.close();
      bulk.close();
      db.close();
    },
  };
}
