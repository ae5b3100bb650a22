import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { User } from '#shared/contract/server.contract.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { databaseFiles, keepCopy, quarantine, writeFileDurably } from '../db/files.ts';
import { migrate } from '../db/migrate.ts';
import { CACHE_MIGRATIONS } from '../db/migrations/cache-migrations.ts';
import { type JournalEntry, type OpJournal, openJournal } from '../db/op-journal.ts';
import { type OpenOptions, openEncrypted } from '../db/open.ts';
import type { OpenDb, ReadableDb } from '../db/sqlite.ts';
import { createStorageGuard, type StorageGuard, type StorageState } from '../db/storage-guard.ts';
import { createWriteTurns, type WriteTurns } from '../db/write-turns.ts';
import { DataError, hasCode } from '../errors.ts';
import { readKeyFile, writeKeyFile } from '../keys/key-file.ts';
import { type ProfileKeys, readProfileUser } from '../keys/profile-keys.ts';
import { findIdentity, findSession, saveIdentity, saveSession } from '../repositories/identity.repository.ts';
import { findOutboxEntry, listOutbox, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { startIncarnation } from '../services/numbering.service.ts';
import { recoverOps } from '../services/recover-ops.service.ts';
import { actorOf } from '../services/work-context.ts';

/** The open files of one user's profile. */
export interface Profile {
  readonly folder: string;
  readonly keys: ProfileKeys;
  readonly db: OpenDb;
  /** Second connection to the same file for work that can be redone after a power cut. */
  readonly bulk: OpenDb;
  /** Who of this process' threads writes to that file next. */
  readonly turns: WriteTurns;
  readonly journal: OpJournal;
  readonly guard: StorageGuard;
  readonly consoleId: ConsoleId;
  /** Keeps operations in the journal; a full disk delays this, it never undoes the work. */
  journalOps(ops: readonly Op[]): void;
  /** Writes operations into the journal that a full disk kept out of it. */
  journalMissing(): void;
  saveIncarnation(incarnation: number): void;
  /** Asks for a thorough check at the next opening. */
  markSuspect(): void;
  close(): void;
}

export interface OpenProfileOptions {
  readonly nativeBinding: string | null;
  readonly now: number;
  readonly onStorageChange: (state: StorageState) => void;
}

/**
 * Opens the databases of a profile with its keys. A damaged cache is set aside (never deleted), a new one is started and the
 * unconfirmed operations are brought back from the journal; that ends in DATABASE_DAMAGED so that the person learns of it,
 * and the next opening works.
 * @throws DataError DATABASE_DAMAGED, DATABASE_NEWER, DATABASE_BUSY, READ_ONLY, DISK_FULL
 */
export function openProfile(folder: string, keys: ProfileKeys, options: OpenProfileOptions): Profile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const guard = createStorageGuard(folder, options.onStorageChange);
  guard.recover();
  try {
    return guard.write(() => openFiles(folder, keys, guard, options));
  } catch (error) {
    if (!hasCode(error, 'DATABASE_DAMAGED')) throw error;
    const recovered = setAside(folder, keys, guard, options);
    throw new DataError(
      'DATABASE_DAMAGED',
      `cache set aside, ${recovered} operations brought back`,
      { recovered },
      error,
    );
  }
}

const cachePath = (folder: string) => join(folder, 'cache.db');
const journalPath = (folder: string) => join(folder, 'journal.bin');
const suspectPath = (folder: string) => join(folder, 'check-needed');

function openFiles(folder: string, keys: ProfileKeys, guard: StorageGuard, options: OpenProfileOptions): Profile {
  const opened: { close(): void }[] = [];
  const track = <T extends { close(): void }>(file: T): T => {
    opened.push(file);
    return file;
  };
  try {
    const turns = createWriteTurns();
    const databaseOptions: OpenOptions = { nativeBinding: options.nativeBinding, turns };
    const key = keys.databaseKey('cache');
    const db = track(openEncrypted(cachePath(folder), key, { ...databaseOptions, durability: 'full' }));
    if (existsSync(suspectPath(folder))) {
      if (db.pragma('integrity_check(1)') !== 'ok') throw new DataError('DATABASE_DAMAGED', 'integrity check failed');
      rmSync(suspectPath(folder));
    }
    migrate(db, CACHE_MIGRATIONS);
    const user = ensureOwner(db, folder, keys, options.now);
    const bulk = track(openEncrypted(cachePath(folder), key, { ...databaseOptions, durability: 'normal' }));
    const journalKey = keys.journalKey();
    const journal = track(
      openJournal(journalPath(folder), journalKey, (bytes) => keepCopy(folder, 'journal.bin', bytes, options.now)),
    );
    const actor = actorOf({ user, consoleId: keys.consoleId, db });
    const recovered = guard.write(() => recoverOps(db, journal.pending(), actor));
    if (recovered.length > 0) journal.append(recovered);
    const journalMissing = () => {
      const known = new Set(journal.pending().map((entry) => entry.op.opId));
      const missing = listOutbox(db).filter((entry) => entry.state === 'waiting' && !known.has(entry.op.opId));
      guard.write(() => journal.append(missing.map(toJournalEntry)));
    };
    if (guard.state === 'ok') journalMissing();
    return {
      folder,
      keys,
      db,
      bulk,
      turns,
      journal,
      guard,
      consoleId: keys.consoleId,
      journalOps: (ops) => guard.write(() => keepInJournal(db, journal, ops)),
      journalMissing,
      saveIncarnation: (incarnation) => {
        const file = readKeyFile(folder);
        if (file) guard.write(() => writeKeyFile(folder, { ...file, incarnation }));
      },
      markSuspect: () => writeFileDurably(suspectPath(folder), ''),
      close: () => {
        for (const file of opened.reverse()) file.close();
        keys.zero();
      },
    };
  } catch (error) {
    for (const file of opened.reverse()) file.close();
    throw error;
  }
}

/** Writes operations that were queued into the journal, as the outbox has them. On disk when this returns. */
export function keepInJournal(db: ReadableDb, journal: Pick<OpJournal, 'append'>, ops: readonly Op[]): void {
  const entries = ops.flatMap((op) => {
    const entry = findOutboxEntry(db, op.opId);
    return entry ? [toJournalEntry(entry)] : [];
  });
  journal.append(entries);
}

function toJournalEntry(entry: OutboxEntry): JournalEntry {
  return { op: entry.op, incarnation: entry.incarnation, schema: entry.schema, label: entry.label };
}

/** Identity and session rows. A cache that had to be started anew counts its operations under a new incarnation. */
function ensureOwner(db: OpenDb, folder: string, keys: ProfileKeys, now: number): User {
  const file = readKeyFile(folder);
  if (!file) throw new DataError('DATABASE_DAMAGED', 'key.json is gone');
  const session = findSession(db);
  const user = session?.user ?? readProfileUser(file, keys);
  const identity = findIdentity(db);
  if (session && identity && identity.incarnation >= file.incarnation) return user;
  const incarnation = file.incarnation + 1;
  writeKeyFile(folder, { ...file, incarnation });
  db.transaction(() => {
    if (identity) startIncarnation(db, file.incarnation);
    else saveIdentity(db, { consoleId: file.consoleId, incarnation, nextOp: 1, lastAck: 0 });
    if (!session) saveSession(db, user, null, now);
  });
  return user;
}

/** @returns how many operations were brought back */
function setAside(folder: string, keys: ProfileKeys, guard: StorageGuard, options: OpenProfileOptions): number {
  const files = [...databaseFiles(cachePath(folder)), ...databaseFiles(join(folder, 'search.db'))];
  if (!isReadable(folder, keys, options.now)) files.push(journalPath(folder));
  quarantine(folder, files, options.now);
  rmSync(suspectPath(folder), { force: true });
  const profile = openFiles(folder, keys, guard, options);
  const recovered = profile.journal.pending().length;
  for (const file of [profile.journal, profile.bulk, profile.db]) file.close();
  return recovered;
}

function isReadable(folder: string, keys: ProfileKeys, now: number): boolean {
  try {
    openJournal(journalPath(folder), keys.journalKey(), (bytes) => keepCopy(folder, 'journal.bin', bytes, now)).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'DATABASE_DAMAGED')) return false;
    throw error;
  }
}
