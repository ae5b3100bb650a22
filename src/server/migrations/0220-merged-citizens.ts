import type { Migration } from '../db/migrate.ts';

/** Finds who was merged into a record, for a console that asks who a caller is: without it every record of every centre was read for that. */
export const migration: Migration = {
  id: 220,
  name: 'merged citizens',
  statements: ['CREATE INDEX citizens_by_merge ON citizens (merged_into) WHERE merged_into IS NOT NULL'],
};
