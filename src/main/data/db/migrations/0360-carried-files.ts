import type { Migration } from '../migrate.ts';

/** carried_work.files: SHA-256 of the attachments that came with the work of another console, a JSON array. */
export const carriedFiles: Migration = {
  version: 360,
  name: 'carried-files',
  up(db) {
    db.exec(`ALTER TABLE carried_work ADD COLUMN files TEXT NOT NULL DEFAULT '[]'`);
  },
};
