import type { Migration } from '../migrate.ts';

/**
 * Queues whose limits run out first: read off an index per state instead of sorting the whole queue for every page. What is open and has no limit
 * comes last, off an index of its own, which is small because nearly everything open has one.
 */
export const queueOrder: Migration = {
  version: 280,
  name: 'queue-order',
  up(db) {
    db.exec(`
      CREATE INDEX tickets_by_status_due ON tickets (status, due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX tickets_without_limit ON tickets (status, created_at) WHERE due_at IS NULL
        AND status NOT IN ('closed_direct', 'rejected', 'handed_off', 'merged', 'closed', 'archived');
    `);
  },
};
