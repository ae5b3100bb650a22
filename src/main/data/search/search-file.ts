import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { databaseFiles } from '../db/files.ts';
import { openEncrypted } from '../db/open.ts';
import type { OpenDb, WritableDb } from '../db/sqlite.ts';
import { hasCode } from '../errors.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { FACET_TABLES } from './facet-store.ts';

/** Changes whenever tokens or tables change; a file of another layout is built anew. */
const LAYOUT = 8;

/** Bytes of a commit that are kept in memory until it ends: what is written earlier is a part of its own, to be merged. */
const PENDING_BYTES = 16 * 1024 * 1024;

/** Merging by itself would happen inside some commit and take long; it is done in small steps instead. */
const fullText = (name: string) => `
  CREATE VIRTUAL TABLE ${name} USING fts5(text, content='', contentless_delete=1, tokenize='ascii', detail=none);
  INSERT INTO ${name} (${name}, rank) VALUES ('automerge', 0);
  INSERT INTO ${name} (${name}, rank) VALUES ('usermerge', 4);
`;

/** The opened index; `isNew` when everything has to be indexed again. */
export interface SearchFile {
  readonly db: OpenDb;
  readonly isNew: boolean;
}

/**
 * Opens the search index, an encrypted file of its own. It holds nothing that cannot be made again: a missing, damaged or
 * foreign file (one that does not belong to this cache) is replaced by an empty one.
 */
export function openSearchFile(path: string, key: string, cache: WritableDb, nativeBinding: string | null): SearchFile {
  const wanted = findSetting(cache, 'search_file');
  if (wanted !== null && existsSync(path)) {
    try {
      const db = openEncrypted(path, key, { nativeBinding });
      const found = db.pragma('user_version') === LAYOUT ? findOwnName(db) : null;
      if (found === wanted) {
        setPendingBytes(db);
        return { db, isNew: false };
      }
      db.close();
    } catch (error) {
      if (!hasCode(error, 'DATABASE_DAMAGED')) throw error;
    }
  }
  for (const file of databaseFiles(path)) rmSync(file, { force: true });
  const db = openEncrypted(path, key, { nativeBinding });
  const name = randomUUID();
  db.transaction(() => {
    db.exec(`
      CREATE TABLE own_name (name TEXT NOT NULL) STRICT;
      ${fullText('tickets_fts')}
      ${fullText('persons_fts')}
      ${FACET_TABLES}
      PRAGMA user_version = ${LAYOUT};
    `);
    db.run('INSERT INTO own_name (name) VALUES (?)', name);
  });
  setPendingBytes(db);
  saveSetting(cache, 'search_file', name);
  return { db, isNew: true };
}

/** Takes everything out of the index; it keeps its name. */
export function emptySearchFile(db: OpenDb): void {
  db.transaction(() => {
    db.exec(`
      INSERT INTO tickets_fts (tickets_fts) VALUES ('delete-all');
      INSERT INTO persons_fts (persons_fts) VALUES ('delete-all');
      DELETE FROM ticket_facets;
      DELETE FROM facet_values;
    `);
  });
}

function setPendingBytes(db: OpenDb): void {
  for (const table of ['tickets_fts', 'persons_fts']) {
    if (db.value<number>(`SELECT v FROM ${table}_config WHERE k = 'hashsize'`) === PENDING_BYTES) continue;
    db.exec(`INSERT INTO ${table} (${table}, rank) VALUES ('hashsize', ${PENDING_BYTES})`);
  }
}

function findOwnName(db: OpenDb): string | null {
  return db.value<string>('SELECT name FROM own_name') ?? null;
}
