import type { Migration } from '../db/migrate.ts';

/**
 * Until which due time units were reminded, per step (working days after the due time): one row that servers take in turn, so that each reminder is
 * written down once. Due times are found by an index over the limits that run with a unit.
 */
export const migration: Migration = {
  id: 161,
  name: 'unit reminders',
  statements: [
    'CREATE TABLE reminder_marks (days integer PRIMARY KEY, through bigint NOT NULL)',
    `CREATE INDEX tickets_by_close_limit ON tickets (((clocks -> 'close' ->> 'dueAt')::bigint))
      WHERE unit IS NOT NULL AND (clocks ->> 'metAt') IS NULL AND (clocks ->> 'pausedSince') IS NULL AND (clocks ->> 'stage') <> 'done'`,
  ],
};
