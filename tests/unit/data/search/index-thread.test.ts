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
const CHILDLESS_ENTRY = new URL('../../../support/data/childless-index-worker.ts', import.meta.url).pathname;
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

/** Counts what it was asked, and whether it was let go since. */
function counted(thread: IndexThread): {
  readonly asked: { next: number; isRunning: boolean };
  readonly thread: IndexThread;
} {
  const asked = { next: 0, isRunning: false };
  return {
    asked,
    thread: {
      ...thread,
      get isUsable() {
        return thread.isUsable;
      },
      next: () => {
        asked.next += 1;
        asked.isRunning = true;
        return thread.next();
      },
      dismiss: async () => {
        await thread.dismiss();
        asked.isRunning = false;
      },
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

/** Numbers of all tickets that the index itself has, whatever is in the cache. */
const indexed = ({ index }: TestSearch) => [...index.tokens.newest('盏', 2 * MANY)].sort((a, b) => a - b);
const everyNumber = Array.from({ length: MANY }, (_, i) => i + 1);

function expectAllFound(search: TestSearch): void {
  expect(queued(search.db)).toBe(0);
  expect(indexed(search)).toEqual(everyNumber);
  for (let unit = 0; unit < 7; unit++) {
    const found = search.index.search('', MANY, { units: [`单位${unit}`] }).tickets.map(({ number }) => number);
    expect(found).toEqual(everyNumber.filter((n) => n % 7 === unit).reverse());
  }
  expect(numbersOf(search, '路灯', { category: '0101' })[0]).toBe(lastOf(({ n }) => n % 2 === 0));
  expect(search.index.choices().units.map(({ value }) => value)).toHaveLength(7);
  for (const n of [1, 77, MANY]) {
    const toHit = (citizen: { readonly uid: string }) => ({ uid: citizen.uid }) as never;
    expect(search.index.searchPersons(`王小明${n}`, 5, toHit).persons.length).toBeGreaterThan(0);
  }
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
  expect(asked.isRunning).toBe(false);
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
      next: async () => {
        const answer = await real.next();
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

/** Comes to a stop when something was indexed and the next rows are being indexed. */
function held(thread: IndexThread): { readonly thread: IndexThread; readonly isHeld: () => boolean; go(): void } {
  let asked = 0;
  let isHeld = false;
  const going = Promise.withResolvers<void>();
  return {
    isHeld: () => isHeld,
    go: going.resolve,
    thread: {
      ...thread,
      get isUsable() {
        return thread.isUsable;
      },
      next: async () => {
        asked += 1;
        const answer = thread.next();
        if (asked !== 2) return answer;
        isHeld = true;
        await going.promise;
        return answer;
      },
    },
  };
}

/** An index that has told of its first rows while the next ones are being indexed, until `go`. */
async function openHeld() {
  const folder = tempFolder();
  const { thread, isHeld, go } = held(threadFor(folder));
  const search = openSearch(folder, 'agent', { thread });
  fill(search.db);
  search.index.wake();
  await until('some are indexed', isHeld);
  return { folder, search, go };
}

test('an index that is closed while many are indexed goes on at the next start', async () => {
  const { folder, search, go } = await openHeld();
  const closed = search.close();
  go();
  await closed;
  const again = openSearch(folder, 'agent', { thread: threadFor(folder) });
  expect(queued(again.db)).toBeGreaterThan(0);
  await again.indexAll();
  expectAllFound(again);
});

test('an index that is built anew while many are indexed has everything in the end', async () => {
  const { search, go } = await openHeld();
  const rebuilt = search.index.rebuild();
  go();
  await rebuilt;
  await search.index.idle();
  expectAllFound(search);
});

test('threads that were told to end are waited for by whoever asks, also a second time', async () => {
  const folder = tempFolder();
  const search = openSearch(folder);
  fill(search.db);
  const thread = threadFor(folder);
  const answer = thread.next();
  const ends: string[] = [];
  const ended = [thread.dismiss().then(() => ends.push('first')), thread.dismiss().then(() => ends.push('second'))];
  void answer.then(() => ends.push('answered'));
  await Promise.all(ended);
  expect(ends).toEqual(['answered', 'first', 'second']);
  expect(await thread.next()).toMatchObject({ kind: 'indexed' });
  await thread.dismiss();
});

test('rows that cannot be taken out of their queue after they were indexed are indexed again, and filters know them', async () => {
  const folder = tempFolder();
  let failures = 1;
  const failed: unknown[] = [];
  const search = openSearch(folder, 'agent', {
    thread: threadFor(folder),
    write: (work) => {
      if (failures-- > 0) throw new DataError('DISK_FULL');
      return work();
    },
    onError: (error) => failed.push(error),
  });
  fill(search.db);
  await search.indexAll();
  expect(failed).toEqual([new DataError('DISK_FULL')]);
  expect(queued(search.db)).toBe(2 * MANY);
  await search.indexAll();
  expectAllFound(search);
});

test('many tickets that the server has given no number yet keep nothing busy, and are found', async () => {
  const folder = tempFolder();
  const { asked, thread } = counted(threadFor(folder));
  const search = openSearch(folder, 'agent', { thread });
  search.db.transaction(() => {
    for (let n = 1; n <= SIZES.worthStarting + 1; n++) {
      saveTicket(search.db, sampleTicket(n, { number: null, fields: sampleFields({ title: `没有编号的${n}` }) }));
    }
  });
  await search.indexAll();
  expect(asked.next).toBe(0);
  expect(search.index.search('没有编号的7', 5).tickets.length).toBeGreaterThan(0);
});

test.each([
  ['cannot be started', '/nowhere/indexing.js'],
  ['dies in the middle of its work', MORTAL_ENTRY],
  ['loses the one that prepares', CHILDLESS_ENTRY],
])('a thread that %s: everything is indexed all the same', async (_, entry) => {
  const folder = tempFolder();
  const thread = threadFor(folder, entry);
  const search = openSearch(folder, 'agent', { thread });
  fill(search.db);
  await search.indexAll();
  expect(thread.isUsable).toBe(false);
  expectAllFound(search);
  // Values that come later are not taken for others that were committed and never told.
  search.db.transaction(() => {
    for (let n = 1; n <= 9; n++) {
      const fields = sampleFields({ title: '后来的' });
      saveTicket(search.db, sampleTicket(MANY + n, { number: MANY + n, fields, unit: `后来的单位${n}` }));
    }
  });
  await search.indexAll();
  await search.close();
  const again = openSearch(folder);
  await again.indexAll();
  expect(again.index.choices().units).toHaveLength(7 + 9);
  expect(numbersOf(again, '', { units: ['后来的单位5'] })).toEqual([MANY + 5]);
  expect(numbersOf(again, '', { units: ['单位3'] })[0]).toBe(lastOf(({ n }) => n % 7 === 3));
});

test('a pause while many are indexed: nothing is asked any more, and all goes on afterwards', async () => {
  const folder = tempFolder();
  let isPaused = false;
  const { asked, thread } = counted(threadFor(folder));
  const search = openSearch(folder, 'agent', {
    isPaused: () => isPaused,
    thread: {
      ...thread,
      next: async () => {
        const answer = await thread.next();
        isPaused = asked.next === 1;
        return answer;
      },
    },
  });
  fill(search.db);
  await search.indexAll();
  expect(asked.next).toBe(1);
  expect(asked.isRunning).toBe(false);
  expect(queued(search.db)).toBe(2 * MANY - SIZES.part * SIZES.parts);
  expect(numbersOf(search, '', { units: ['单位3'] })[0]).toBe(lastOf(({ n }) => n % 7 === 3));
  isPaused = false;
  await search.indexAll();
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
