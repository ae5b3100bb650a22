import type { Migration } from '../db/migrate.ts';

/** What handling left on a ticket (协办, rounds, requests, 回访), and what exactly was decided with an event. */
export const migration: Migration = {
  id: 100,
  name: 'decisions',
  statements: ['ALTER TABLE tickets ADD COLUMN handling json', 'ALTER TABLE ticket_events ADD COLUMN act json'],
};
