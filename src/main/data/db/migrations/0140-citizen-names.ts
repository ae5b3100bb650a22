import type { Migration } from '../migrate.ts';

/** Whose name is exactly what was typed is looked up at once, however many others have it in theirs. */
export const citizenNames: Migration = {
  version: 140,
  name: 'citizen-names',
  up(db) {
    db.exec('CREATE INDEX citizens_by_name ON citizens (name COLLATE NOCASE, updated_at)');
  },
};
