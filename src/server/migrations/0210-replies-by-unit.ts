import type { Migration } from '../db/migrate.ts';

/** The index over replies looks for a unit first: PostgreSQL took the limits of every new ticket apart to learn that nobody had replied. */
export const migration: Migration = {
  id: 210,
  name: 'replies by unit',
  statements: [
    'DROP INDEX tickets_by_reply',
    `CREATE INDEX tickets_by_reply ON tickets (centre, ((clocks ->> 'metAt')::bigint)) WHERE unit IS NOT NULL AND (clocks ->> 'metAt') IS NOT NULL`,
  ],
};
