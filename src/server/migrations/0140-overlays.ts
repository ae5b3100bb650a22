import type { Migration } from '../db/migrate.ts';

/** What exactly was laid over a ticket with an event: 督办, 批示, 权属. */
export const migration: Migration = {
  id: 140,
  name: 'overlays',
  statements: ['ALTER TABLE ticket_events ADD COLUMN overlay json'],
};
