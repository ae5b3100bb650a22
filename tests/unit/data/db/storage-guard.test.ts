import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEncrypted } from '#main/data/db/open.ts';
import { BALLAST_BYTES, createStorageGuard } from '#main/data/db/storage-guard.ts';
import { DataError } from '#main/data/errors.ts';
import { mountSmallDisk } from '#tests/support/data/small-disk.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();

test('F5: on a full disk the ballast is given up once and the same write succeeds', ({ skip }) => {
  const disk = mountSmallDisk(6_000);
  if (!disk) return skip('mounting is not allowed here');
  try {
    const states: string[] = [];
    const guard = createStorageGuard(disk.folder, (state) => states.push(state));
    expect(guard.recover()).toBe('ok');
    expect(statSync(`${disk.folder}/ballast`).size).toBe(BALLAST_BYTES);
    const db = openEncrypted(`${disk.folder}/a.db`, 'ab'.repeat(32));
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT');
    let acknowledged = 0;
    const insert = () =>
      guard.write(() => {
        db.run('INSERT INTO t (a) VALUES (?)', 'x'.repeat(20_000));
        acknowledged++;
      });
    while (states.length === 0) insert();
    expect(guard.state).toBe('disk-full');
    expect(existsSync(`${disk.folder}/ballast`)).toBe(false);
    expect(db.value('SELECT count(*) FROM t')).toBe(acknowledged);
    expect(() => {
      for (;;) insert();
    }).toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error);
    expect(db.value('SELECT count(*) FROM t')).toBe(acknowledged);
    expect(guard.recover()).toBe('disk-full');
    disk.resize(12_000);
    expect(guard.recover()).toBe('ok');
    insert();
    expect(db.value('SELECT count(*) FROM t')).toBe(acknowledged);
    expect(states).toEqual(['disk-full', 'ok']);
    db.close();
  } finally {
    disk.remove();
  }
});

test('F5: a full database without a small disk: the write fails with DISK_FULL and nothing of it stays', () => {
  const folder = tempFolder();
  const guard = createStorageGuard(folder, () => undefined);
  guard.recover();
  const db = openEncrypted(`${folder}/a.db`, 'ab'.repeat(32));
  db.exec('CREATE TABLE t (a TEXT) STRICT');
  db.pragma('max_page_count=20');
  let rows = 0;
  expect(() => {
    for (;;) {
      guard.write(() =>
        db.transaction(() => {
          db.run('INSERT INTO t (a) VALUES (?)', 'x'.repeat(3_000));
          db.run('INSERT INTO t (a) VALUES (?)', 'y'.repeat(3_000));
        }),
      );
      rows += 2;
    }
  }).toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error);
  expect(guard.state).toBe('disk-full');
  expect(db.value('SELECT count(*) FROM t')).toBe(rows);
  db.pragma('max_page_count=1000');
  guard.write(() => db.run('INSERT INTO t (a) VALUES (?)', 'z'));
  expect(guard.recover()).toBe('ok');
  db.close();
});

test('F6: a folder that cannot be written stays read-only although its ballast lies there, until it can be written again', ({
  skip,
}) => {
  const disk = mountSmallDisk(6_000);
  if (!disk) return skip('mounting is not allowed here');
  try {
    const states: string[] = [];
    const guard = createStorageGuard(disk.folder, (state) => states.push(state));
    const write = () => guard.write(() => writeFileSync(`${disk.folder}/work`, '路灯不亮'));
    expect(guard.recover()).toBe('ok');
    disk.makeReadOnly();
    expect(write).toThrow(expect.objectContaining({ code: 'READ_ONLY' }) as Error);
    expect(guard.recover()).toBe('read-only');
    disk.makeWritable();
    expect(guard.recover()).toBe('ok');
    write();
    expect(states).toEqual(['read-only', 'ok']);
    expect(statSync(`${disk.folder}/ballast`).size).toBe(BALLAST_BYTES);
  } finally {
    disk.remove();
  }
});

test('a refused write that is no storage fault changes no state', () => {
  const folder = tempFolder();
  const guard = createStorageGuard(folder, () => expect.unreachable());
  expect(() =>
    guard.write(() => {
      throw new DataError('DRAFT_STALE');
    }),
  ).toThrow(expect.objectContaining({ code: 'DRAFT_STALE' }) as Error);
  expect(guard.state).toBe('ok');
});

test('a read-only folder is told as such', () => {
  const folder = tempFolder();
  const states: string[] = [];
  const guard = createStorageGuard(folder, (state) => states.push(state));
  expect(() =>
    guard.write(() => {
      throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    }),
  ).toThrow(expect.objectContaining({ code: 'READ_ONLY' }) as Error);
  expect(states).toEqual(['read-only']);
  rmSync(folder, { recursive: true });
});
