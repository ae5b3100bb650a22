import { closeSync, existsSync, openSync } from 'node:fs';
import { DataError, toDataError } from '../errors.ts';
import { connect, type OpenDb } from './sqlite.ts';
import type { WriteTurns } from './write-turns.ts';

/** `full`: an acknowledged commit survives a power cut. `normal`: work that can be redone (applying pulled rows). */
export type Durability = 'full' | 'normal';

export interface OpenOptions {
  readonly nativeBinding?: string | null;
  readonly durability?: Durability;
  readonly cacheKib?: number;
  /** For a file that another thread writes to as well. */
  readonly turns?: Pick<WriteTurns, 'write'>;
}

const HEX_KEY = /^[0-9a-f]{64}$/;

/**
 * Opens (or creates) an encrypted database: AEGIS-256, authenticated page by page, raw key.
 * The cipher is set before the key, and every pragma is asserted after every open: the driver opens an existing
 * write-ahead log with synchronous=NORMAL whatever the creator had chosen.
 * @param key 32 bytes as hexadecimal digits
 * @throws DataError DATABASE_DAMAGED when the first page does not open with the key, READ_ONLY, DATABASE_BUSY, DISK_FULL
 */
export function openEncrypted(path: string, key: string, options: OpenOptions = {}): OpenDb {
  if (!HEX_KEY.test(key)) throw new DataError('INTERNAL', 'key is not 64 hexadecimal digits');
  touchPrivate(path);
  const db = connect(path, {
    nativeBinding: options.nativeBinding ?? null,
    ...(options.turns ? { turns: options.turns } : {}),
  });
  try {
    db.pragma("cipher='aegis'");
    db.pragma(`key='raw:${key}'`);
    // The key is only tried when the first page is read.
    db.value('SELECT count(*) FROM sqlite_schema');
    applyPragmas(db, options);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * The file is made for its owner alone; SQLite gives its log and index files the same rights. One that is there is left alone: closing another
 * handle of it would drop the locks that this process holds on it.
 */
function touchPrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw toDataError(error);
  }
}

/**
 * Pages in the write-ahead log before a commit copies them back. 16,000 doubles the rate of a long pull, but that one commit then
 * takes 0.5–0.9 s, and a caller's card would wait for it; with 1,000 it takes some 20 ms.
 */
const WAL_PAGES = 1_000;
/** The same while another thread copies them back: a commit of this one finds nearly all of them there. */
const WAL_PAGES_SHARED = 32_000;

/** @param isCopied another thread copies the log back from now on */
export function letLogGrow(db: OpenDb, isCopied: boolean): void {
  db.pragma(`wal_autocheckpoint=${isCopied ? WAL_PAGES_SHARED : WAL_PAGES}`);
}

/** Pragmas every connection must run with (KM-7). `synchronous` is 2 (FULL) or 1 (NORMAL) by durability. */
export const REQUIRED_PRAGMAS = {
  journal_mode: 'wal',
  temp_store: 2,
  foreign_keys: 1,
  trusted_schema: 0,
  cell_size_check: 1,
  secure_delete: 1,
} as const;

function applyPragmas(db: OpenDb, options: OpenOptions): void {
  const synchronous = options.durability === 'normal' ? 1 : 2;
  const wanted: Readonly<Record<string, string | number>> = { ...REQUIRED_PRAGMAS, synchronous };
  for (const [name, value] of Object.entries(wanted)) db.pragma(`${name}=${value}`);
  letLogGrow(db, false);
  db.pragma(`cache_size=-${options.cacheKib ?? 16_000}`);
  for (const [name, value] of Object.entries(wanted)) {
    const actual = db.pragma(name);
    if (actual !== value) throw new DataError('INTERNAL', `pragma ${name} is ${String(actual)}, must be ${value}`);
  }
}
