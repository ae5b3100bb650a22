import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEncrypted, REQUIRED_PRAGMAS } from '#main/data/db/open.ts';
import { hasCode } from '#main/data/errors.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const KEY = '0123456789abcdef'.repeat(4);
const CANARY = '群租房安全隐患请尽快处理';

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'other';
  }
}

test('KM-7: every open runs with the required pragmas, also the second one', () => {
  const path = `${tempFolder()}/cache.db`;
  for (let i = 0; i < 3; i++) {
    const db = openEncrypted(path, KEY);
    for (const [name, value] of Object.entries(REQUIRED_PRAGMAS))
      expect([name, db.pragma(name)]).toEqual([name, value]);
    expect(db.pragma('synchronous')).toBe(2);
    expect(db.pragma('cipher')).toBe('aegis');
    if (i === 0) db.exec('CREATE TABLE t (a TEXT)');
    db.close();
  }
});

test('KM-7: the connection for work that can be redone differs in synchronous alone', () => {
  const path = `${tempFolder()}/cache.db`;
  const full = openEncrypted(path, KEY);
  const bulk = openEncrypted(path, KEY, { durability: 'normal' });
  for (const name of Object.keys(REQUIRED_PRAGMAS)) expect(bulk.pragma(name)).toBe(full.pragma(name));
  expect(bulk.pragma('synchronous')).toBe(1);
  expect(full.pragma('synchronous')).toBe(2);
  bulk.close();
  full.close();
});

test('KM-1: neither file, log nor index of it holds readable text, and only the owner may read them', () => {
  const path = `${tempFolder()}/cache.db`;
  const db = openEncrypted(path, KEY);
  db.exec('CREATE TABLE t (a TEXT)');
  for (let i = 0; i < 200; i++) db.run('INSERT INTO t (a) VALUES (?)', `${CANARY} ${i}`);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const bytes = readFileSync(file);
    expect(bytes.includes(Buffer.from(CANARY, 'utf8'))).toBe(false);
    expect(bytes.includes(Buffer.from('CREATE TABLE'))).toBe(false);
    expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
    expect(statSync(file).mode & 0o077).toBe(0);
  }
  db.close();
  expect(readFileSync(path).includes(Buffer.from(CANARY, 'utf8'))).toBe(false);
});

test('KM-1: a key that is not 64 hexadecimal digits is refused before it reaches the driver', () => {
  const path = `${tempFolder()}/cache.db`;
  for (const key of ['', 'ab', KEY.toUpperCase(), `${KEY}'; DROP`, `${KEY.slice(0, 63)}g`]) {
    expect(codeOf(() => openEncrypted(path, key))).toBe('INTERNAL');
  }
});

test('a wrong key does not open the file', () => {
  const path = `${tempFolder()}/cache.db`;
  const db = openEncrypted(path, KEY);
  db.exec('CREATE TABLE t (a TEXT)');
  db.close();
  expect(codeOf(() => openEncrypted(path, 'f'.repeat(64)))).toBe('DATABASE_DAMAGED');
});

test('KM-1: each of 200 single-bit flips in the file is detected, and no wrong value is ever read', () => {
  const folder = tempFolder();
  const path = `${folder}/cache.db`;
  const db = openEncrypted(path, KEY);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE INDEX t_a ON t (a)');
  db.transaction(() => {
    for (let i = 0; i < 400; i++) db.run('INSERT INTO t (a) VALUES (?)', `${i} ${CANARY.repeat(3)}`);
  });
  const expected = db.all('SELECT id, a FROM t ORDER BY id');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const original = readFileSync(path);
  const undetected: number[] = [];
  let state = 12_345;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 200; i++) {
    const bit = Math.floor(random() * original.length * 8);
    const damaged = Buffer.from(original);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const copy = `${folder}/copy.db`;
    writeFileSync(copy, damaged);
    try {
      const opened = openEncrypted(copy, KEY);
      try {
        const check = opened.pragma('integrity_check(1)');
        expect(opened.all('SELECT id, a FROM t ORDER BY id')).toEqual(expected);
        if (check === 'ok') undetected.push(bit);
      } finally {
        opened.close();
      }
    } catch (error) {
      expect(hasCode(error, 'DATABASE_DAMAGED')).toBe(true);
    }
  }
  expect(undetected).toEqual([]);
});

test('a copy of the file opens with the key: nothing outside the file is needed', () => {
  const folder = tempFolder();
  const db = openEncrypted(`${folder}/a.db`, KEY);
  db.exec('CREATE TABLE t (a TEXT)');
  db.run('INSERT INTO t (a) VALUES (?)', CANARY);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  copyFileSync(`${folder}/a.db`, `${folder}/b.db`);
  const copy = openEncrypted(`${folder}/b.db`, KEY);
  expect(copy.value('SELECT a FROM t')).toBe(CANARY);
  copy.close();
});
