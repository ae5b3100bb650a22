import type { Migration } from '../db/migrate.ts';

/** When a promise (承诺) on a ticket is due. */
export const migration: Migration = {
  id: 30,
  name: 'promises',
  statements: ['ALTER TABLE ticket_events ADD COLUMN due_at bigint'],
};
