import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { DataError } from '#main/data/errors.ts';
import { saveCitizen } from '#main/data/repositories/citizen.repository.ts';
import { deleteTicket, findTicketByNumber, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import type { IndexAnswer } from '#main/data/search/threads/index-messages.ts';
import { createIndexThread, type IndexThread } from '#main/data/search/threads/index-thread.ts';
import { prepareSearch, type TestSearch } from '#tests/support/data/open-search.ts';
import { TEST_KEY } from '#tests/support/data/open-work.ts';
import { sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';

const tempFolder = prepareTempFolders();
const openSearch = prepareSearch();
const ENTRY = new URL('../../../../src/main/data/search/threads/index-worker.ts', import.meta.url).pathname;
const MORTAL_ENTRY = new URL('../../../support/data/mortal-index-worker.ts', import.meta.url).pathname;
const MANY = 300;
/** Several commits of several parts each. */
const SIZES = { worthStarting: 100, part: 20, parts: 3 };

function threadFor(folder: string, entry = ENTRY): IndexThread {
  return createIndexThread({
    entry,
    cachePath: join(folder, 'cache.db'),
    indexPath: join(folder, 'search.db'),
    key: () => TEST_KEY,
    nativeBinding: null,
    sizes: SIZES,
    onError: () => undefined,
  });
}

/** Counts what it was asked. */
function counted(thread: IndexThread): { readonly asked: { next: number }; readonly thread: IndexThread } {
  const asked = { next: 0 };
  const next = (fresh: boolean) => {
    asked.next += 1;
    return thread.next(fresh);
  };
  return {
    asked,
    thread: {
      ...thread,
      get isUsable() {
        return thread.isUsable;
      },
      next,
    },
  };
}

function fill(db: OpenDb): void {
  db.transaction(() => {
    for (let n = 1; n <= MANY; n++) {
      const fields = sampleFields({ title: `第${n}盏路灯`, categoryCode: n % 2 === 0 ? '010101' : '020101' });
      saveTicket(db, sampleTicket(n, { number: n, fields, unit: `单位${n % 7}` }));
      saveCitizen(db, sampleCitizen({ name: `王小明${n}` }));
    }
  });
}

const numbersOf = ({ index }: TestSearch, query: string, filter: Parameters<TestSearch['index']['search']>[2] = null) =>
  index.search(query, 50, filter).tickets.map(({ number }) => number);
const stored = (db: OpenDb, number: number) => findTicketByNumber(db, number)?.parse() ?? null;
const queued = (db: OpenDb) =>
  (db.value<number>('SELECT count(*) FROM search_queue') ?? 0) +
  (db.value<number>('SELECT count(*) FROM citizen_queue') ?? 0);

function expectAllFound(search: TestSearch): void {
  expect(queued(search.db)).toBe(0);
  for (const n of [1, 2, 77, MANY - 1, MANY]) expect(numbersOf(search, `第${n}盏`)).toContain(n);
  expect(numbersOf(search, '', { units: ['单位3'] })[0]).toBe(lastOf(({ n }) => n % 7 === 3));
  expect(numbersOf(search, '路灯', { category: '0101' })[0]).toBe(lastOf(({ n }) => n % 2 === 0));
  expect(search.index.choices().units.map(({ value }) => value)).toHaveLength(7);
  expect(search.index.searchPersons('王小明77', 5, (citizen) => ({ uid: citizen.uid }) as never).persons).toHaveLength(
    1,
  );
}

function lastOf(fits: (at: { n: number }) => boolean): number {
  return Array.from({ length: MANY }, (_, i) => i + 1).findLast((n) => fits({ n })) ?? 0;
}

test('many tickets and people are indexed beside the one who works, and all of them are found', async () => {
  const folder = tempFolder();
  const { asked, thread } = counted(threadFor(folder));
  const search = openSearch(folder, 'agent', { thread });
  fill(search.db);
  await search.indexAll();
  expectAllFound(search);
  expect(asked.next).toBeGreaterThan(5);
  // What is filtered by is the same after a restart, when it is read from the disk.
  await search.close();
  expectAllFound(openSearch(folder));
});

test('a few rows are indexed without the thread', async () => {
  const folder = tempFolder();
  const { asked, thread } = counted(threadFor(folder));
  const search = openSearch(folder, 'agent', { thread });
  saveTicket(search.db, sampleTicket(1, { number: 1, fields: sampleFields({ title: '一盏路灯' }) }));
  await search.indexAll();
  expect(numbersOf(search, '一盏路灯')).toEqual([1]);
  expect(asked.next).toBe(0);
});

test('a ticket that changes, and one that goes, while many are indexed', async () => {
  const folder = tempFolder();
  let isChanged = false;
  const real = threadFor(folder);
  const search = openSearch(folder, 'agent', {
    thread: {
      ...real,
      next: async (fresh) => {
        const answer = await real.next(fresh);
        if (!isChanged) {
          isChanged = true;
          // The newest were read before, and are still in the queue.
          const [changed, gone] = [MANY, MANY - 1].map((number) => stored(search.db, number));
          if (!changed || !gone) throw new Error('not there');
          const fields = { ...changed.ticket.fields, title: '改成了窨井盖' };
          saveTicket(search.db, { ...changed.ticket, version: changed.ticket.version + 1, fields });
          deleteTicket(search.db, gone.id);
        }
        return answer;
      },
    },
  });
  fill(search.db);
  await search.indexAll();
  expect(isChanged).toBe(true);
  expect(numbersOf(search, '窨井盖')).toEqual([MANY]);
  expect(numbersOf(search, `第${MANY}盏`)).toEqual([]);
  expect(numbersOf(search, `第${MANY - 1}盏`)).toEqual([]);
  expect(queued(search.db)).toBe(0);
});

test('an index that is closed while many are indexed goes on at the next start', async () => {
  const folder = tempFolder();
  const search = openSearch(folder, 'agent', { thread: threadFor(folder) });
  fill(search.db);
  search.index.wake();
  const all = queued(search.db);
  await until('some are indexed', () => queued(search.db) < all);
  await search.close();
  const again = openSearch(folder, 'agent', { thread: threadFor(folder) });
  expect(queued(again.db)).toBeGreaterThan(0);
  await again.indexAll();
  expectAllFound(again);
});

test('an index that is built anew while many are indexed has everything in the end', async () => {
  const folder = tempFolder();
  const search = openSearch(folder, 'agent', { thread: threadFor(folder) });
  fill(search.db);
  search.index.wake();
  const all = queued(search.db);
  await until('some are indexed', () => queued(search.db) < all);
  await search.index.rebuild();
  await search.index.idle();
  expectAllFound(search);
});

test.each([
  ['cannot be started', '/nowhere/indexing.js'],
  ['dies in the middle of its work', MORTAL_ENTRY],
])('a thread that %s: everything is indexed all the same', async (_, entry) => {
  const folder = tempFolder();
  const thread = threadFor(folder, entry);
  const search = openSearch(folder, 'agent', { thread });
  fill(search.db);
  await search.indexAll();
  expect(thread.isUsable).toBe(false);
  expectAllFound(search);
});

test('a pause while many are indexed: nothing is asked any more, and all goes on afterwards', async () => {
  const folder = tempFolder();
  let isPaused = false;
  const { asked, thread } = counted(threadFor(folder));
  const search = openSearch(folder, 'agent', {
    isPaused: () => isPaused,
    thread: {
      ...thread,
      next: async (fresh) => {
        const answer = await thread.next(fresh);
        isPaused = true;
        return answer;
      },
    },
  });
  fill(search.db);
  await search.indexAll();
  expect(asked.next).toBe(1);
  expect(queued(search.db)).toBe(2 * MANY - SIZES.part * SIZES.parts);
  expect(numbersOf(search, '', { units: ['单位3'] })[0]).toBe(lastOf(({ n }) => n % 7 === 3));
  isPaused = false;
  search.index.wake();
  while (queued(search.db) > 0) {
    await search.index.idle();
    isPaused = false;
    search.index.wake();
  }
  expectAllFound(search);
});

test('a disk that is full in the thread: the guard of the storage hears of it, and nothing is called indexed', async () => {
  const folder = tempFolder();
  const full: IndexAnswer = { kind: 'failed', code: 'DISK_FULL', detail: 'no space left on device' };
  const heard: unknown[] = [];
  const failed: unknown[] = [];
  const search = openSearch(folder, 'agent', {
    thread: { isUsable: true, sizes: SIZES, next: async () => full, dismiss: async () => {}, giveUp: async () => {} },
    write: (work) => {
      try {
        return work();
      } catch (error) {
        heard.push(error);
        throw error;
      }
    },
    onError: (error) => failed.push(error),
  });
  fill(search.db);
  await search.indexAll();
  expect(heard).toEqual([new DataError('DISK_FULL', full.detail)]);
  expect(failed).toEqual(heard);
  expect(queued(search.db)).toBe(2 * MANY);
});
