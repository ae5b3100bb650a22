import type { Migration } from '../migrate.ts';

/**
 * - lost_notes: also promises, what became of them, and files that the server lost in a restore: `ref` = the event they are about, empty
 *   for none; `due_at` of a promise.
 */
export const lostNotes: Migration = {
  version: 160,
  name: 'lost-notes',
  up(db) {
    db.exec(`
      ALTER TABLE lost_notes RENAME TO old_lost_notes;
      CREATE TABLE lost_notes (
        event_id TEXT PRIMARY KEY,
        ticket_uid TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('note', 'remind', 'promise', 'attached', 'promise_kept', 'promise_withdrawn')),
        text TEXT NOT NULL,
        at INTEGER NOT NULL,
        ref TEXT NOT NULL DEFAULT '',
        due_at INTEGER
      ) STRICT, WITHOUT ROWID;
      INSERT INTO lost_notes (event_id, ticket_uid, kind, text, at)
        SELECT event_id, ticket_uid, kind, text, at FROM old_lost_notes;
      DROP TABLE old_lost_notes;
    `);
  },
};
