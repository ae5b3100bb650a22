import { afterEach } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { openSearchFile } from '#main/data/search/search-file.ts';
import { createSearchIndex, type SearchDeps, type SearchIndex } from '#main/data/search/search-index.ts';
import type { Role } from '#shared/domain/roles.ts';
import { openTestCache, TEST_KEY } from './open-work.ts';

export interface TestSearch {
  readonly db: OpenDb;
  readonly index: SearchIndex;
  /** Waits until everything is indexed. */
  indexAll(): Promise<void>;
  close(): Promise<void>;
}

/** Opens caches with an index, and closes them after each test. Time stands still, so no query is cut short on a busy machine. */
export function prepareSearch(): (
  folder: string,
  role?: Role,
  pace?: Partial<Pick<SearchDeps, 'elapsed' | 'write' | 'thread' | 'isPaused' | 'onError'>>,
) => TestSearch {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  return (folder, role = 'agent', pace = {}) => {
    const db = openTestCache(folder);
    const bulk = openEncrypted(`${folder}/cache.db`, TEST_KEY, { durability: 'normal' });
    const index = createSearchIndex({
      file: openSearchFile(`${folder}/search.db`, TEST_KEY, db, null),
      db,
      role,
      bulk,
      elapsed: () => 0,
      write: (work) => work(),
      isPaused: () => false,
      onIdle: () => undefined,
      onError: (error) => {
        throw error;
      },
      ...pace,
    });
    let closed = false;
    const close = async () => {
      if (closed) return;
      closed = true;
      await index.close();
      bulk.close();
      db.close();
    };
    open.push(close);
    return {
      db,
      index,
      indexAll: async () => {
        index.wake();
        await index.idle();
      },
      close,
    };
  };
}
