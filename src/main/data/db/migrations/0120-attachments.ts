import type { Migration } from '../migrate.ts';

/**
 * - attachments: the files that lie beside the cache, by the SHA-256 of their content. `held`: added here, no ticket names it yet;
 *   `waiting`: to be sent; `sent`: the server has it; `refused`: the server did not take it. `found` = the row was made anew from the file
 *   itself after the cache was lost, so nobody knows what it was for.
 * - attachment_refs: tickets and passed-on forms whose operations name a file.
 */
export const attachments: Migration = {
  version: 120,
  name: 'attachments',
  up(db) {
    db.exec(`
      CREATE TABLE attachments (
        sha256 TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        type TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('held', 'waiting', 'sent', 'refused')),
        found INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL,
        used_at INTEGER NOT NULL,
        upload_id TEXT,
        sent_bytes INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_try_at INTEGER,
        last_error TEXT,
        last_detail TEXT NOT NULL DEFAULT ''
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX attachments_by_state ON attachments (state, added_at);
      CREATE TABLE attachment_refs (
        sha256 TEXT NOT NULL,
        uid TEXT NOT NULL,
        PRIMARY KEY (sha256, uid)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
