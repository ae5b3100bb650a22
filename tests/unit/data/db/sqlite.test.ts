import { expect, test } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import { hasCode } from '#main/data/errors.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

function openEmpty() {
  const db = openEncrypted(`${tempFolder()}/a.db`, 'ab'.repeat(32));
  db.exec('CREATE TABLE t (a INTEGER NOT NULL) STRICT');
  return db;
}

test('a transaction that throws leaves nothing behind', () => {
  const db = openEmpty();
  expect(() =>
    db.transaction(() => {
      db.run('INSERT INTO t (a) VALUES (1)');
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(db.value('SELECT count(*) FROM t')).toBe(0);
  db.close();
});

test('a transaction inside another one joins it', () => {
  const db = openEmpty();
  expect(() =>
    db.transaction(() => {
      db.transaction(() => db.run('INSERT INTO t (a) VALUES (1)'));
      throw new Error('outer');
    }),
  ).toThrow('outer');
  expect(db.value('SELECT count(*) FROM t')).toBe(0);
  db.transaction(() => db.transaction(() => db.run('INSERT INTO t (a) VALUES (2)')));
  expect(db.values('SELECT a FROM t')).toEqual([2]);
  db.close();
});

test('a second writer waits, then is told that the database is busy', () => {
  const path = `${tempFolder()}/a.db`;
  const first = openEncrypted(path, 'ab'.repeat(32));
  first.exec('CREATE TABLE t (a INTEGER) STRICT');
  const second = openEncrypted(path, 'ab'.repeat(32));
  second.pragma('busy_timeout=20');
  first.transaction(() => {
    first.run('INSERT INTO t (a) VALUES (1)');
    expect(() => second.run('INSERT INTO t (a) VALUES (2)')).toThrow(
      expect.objectContaining({ code: 'DATABASE_BUSY' }) as Error,
    );
  });
  second.close();
  first.close();
});

test('a closed database answers NOT_UNLOCKED', () => {
  const db = openEmpty();
  db.close();
  try {
    db.get('SELECT 1');
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, 'NOT_UNLOCKED')).toBe(true);
  }
});
