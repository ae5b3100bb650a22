import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import { createWriteTurns, joinWriteTurns } from '#main/data/db/write-turns.ts';
import { TEST_KEY } from '#tests/support/data/open-work.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const GREEDY = new URL('../../../support/data/greedy-writer.ts', import.meta.url);

test('beside a thread that writes on end everybody gets their turn: no write is refused, and none of either is lost', async () => {
  const path = join(tempFolder(), 'shared.db');
  const turns = createWriteTurns();
  const db = openEncrypted(path, TEST_KEY, { turns });
  db.exec('CREATE TABLE go (a INTEGER); CREATE TABLE rows (id INTEGER PRIMARY KEY, writer TEXT NOT NULL) STRICT');
  const worker = new Worker(GREEDY, { workerData: { path, memory: turns.memory } });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  const rowsOf = (writer: string) => db.value<number>('SELECT count(*) FROM rows WHERE writer = ?', writer) ?? 0;
  let written = 0;
  // Until the thread went on in between, too; which of two that never rest is let in more often is the machine's business.
  for (; written < 300 || (rowsOf('thread') < 100 && written < 30_000); written++) {
    // Alone, in a transaction, and by a statement that reads and writes.
    if (written % 3 === 0) db.run("INSERT INTO rows (writer) VALUES ('agent')");
    else if (written % 3 === 1) db.transaction(() => db.run("INSERT INTO rows (writer) VALUES ('agent')"));
    else db.value("INSERT INTO rows (writer) VALUES ('agent') RETURNING id");
  }
  expect(rowsOf('thread')).toBeGreaterThanOrEqual(100);
  db.exec('DROP TABLE go');
  expect(await ended).toEqual([0]);
  expect(rowsOf('agent')).toBe(written);
  expect(db.pragma('integrity_check(1)')).toBe('ok');
  db.close();
});

test('whoever has waited in vain goes first until they have written, and is no longer waited for then', () => {
  const turns = createWriteTurns();
  const other = joinWriteTurns(turns.memory);
  expect(other.isWanted()).toBe(false);
  expect(other.write(() => turns.write(() => other.isWanted()))).toBe(true);
  expect(other.isWanted()).toBe(false);
});

test('a transaction of the thread that lasts longer than anybody waits: the write after it is neither refused nor held up again', async () => {
  const path = join(tempFolder(), 'shared.db');
  const turns = createWriteTurns();
  const db = openEncrypted(path, TEST_KEY, { turns });
  db.exec('CREATE TABLE go (a INTEGER); CREATE TABLE rows (id INTEGER PRIMARY KEY, writer TEXT NOT NULL) STRICT');
  const worker = new Worker(GREEDY, { workerData: { path, memory: turns.memory, firstMs: 1_500 } });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  // It is in its first, long transaction now.
  db.run("INSERT INTO rows (writer) VALUES ('agent')");
  expect(db.value("SELECT count(*) FROM rows WHERE writer = 'agent'")).toBe(1);
  db.exec('DROP TABLE go');
  expect(await ended).toEqual([0]);
  db.close();
});

test('a thread that ended while it wrote holds nobody up for good', () => {
  const turns = createWriteTurns();
  const { memory } = turns;
  // Whoever had the turn gave it back to nobody.
  Atomics.store(new Int32Array(memory), 0, 1);
  expect(turns.write(() => 'written all the same')).toBe('written all the same');
  turns.free();
  expect(joinWriteTurns(memory).write(() => 'its follower writes')).toBe('its follower writes');
});

test('jobs up to the one that is no longer wanted stop, later ones do not', () => {
  const turns = createWriteTurns();
  const other = joinWriteTurns(turns.memory);
  turns.stop(7);
  expect([6, 7, 8].map(other.isStopped)).toEqual([true, true, false]);
});
