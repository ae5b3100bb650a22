import type { Migration } from '../migrate.ts';

/** Notes (补充, 催办) begun on a ticket but not sent yet: one per ticket, by the owner of this profile. */
export const noteDrafts: Migration = {
  version: 20,
  name: 'note-drafts',
  up(db) {
    db.exec(`
      CREATE TABLE note_drafts (
        ticket_uid TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
