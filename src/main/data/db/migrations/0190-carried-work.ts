import type { Migration } from '../migrate.ts';

/**
 * carried_work: work of another console that was brought here in a file and is handed in for it. `parts` are signed texts (none any more once
 * all are answered), `total` their number, `done` says how many the server has answered, `results` what it answered; `problem` why it goes no further, empty while nothing stops it.
 */
export const carriedWork: Migration = {
  version: 190,
  name: 'carried-work',
  up(db) {
    db.exec(`
      CREATE TABLE carried_work (
        id TEXT PRIMARY KEY,
        console TEXT NOT NULL,
        seat TEXT NOT NULL,
        name TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        imported_at INTEGER NOT NULL,
        operations INTEGER NOT NULL,
        parts TEXT NOT NULL,
        total INTEGER NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        results TEXT NOT NULL DEFAULT '[]',
        problem TEXT NOT NULL DEFAULT '',
        tried_at INTEGER
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
