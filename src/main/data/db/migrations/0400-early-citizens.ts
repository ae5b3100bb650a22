import type { Migration } from '../migrate.ts';

/**
 * early_citizens: records that were fetched for a caller before the pull had brought the citizens of the centre. No pull tells of the removal of a row
 * that it never brought: once it is through, those of these that have not come with it go.
 */
export const earlyCitizens: Migration = {
  version: 400,
  name: 'early-citizens',
  up(db) {
    db.exec('CREATE TABLE early_citizens (uid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;');
  },
};
