import type { Migration } from '../migrate.ts';

/** How the categories of tickets made at this console came about: taken over from a suggestion or picked beside it. */
export const categoryChoices: Migration = {
  version: 90,
  name: 'category-choices',
  up(db) {
    db.exec(`
      CREATE TABLE category_choices (
        ticket_uid TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        chosen_by TEXT NOT NULL CHECK (chosen_by IN ('picked', 'suggested')),
        confidence REAL,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
