import type { Migration } from '../db/migrate.ts';

/** Clocks of a ticket as they were at its last transition; tickets accepted before have none until their next one. */
export const migration: Migration = {
  id: 120,
  name: 'ticket clocks',
  statements: ['ALTER TABLE tickets ADD COLUMN clocks json'],
};
