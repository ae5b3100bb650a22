import type { Migration } from '../migrate.ts';

/** Queues whose limits run out first: read off one index per state instead of sorting the whole queue for every page. */
export const queueOrder: Migration = {
  version: 280,
  name: 'queue-order',
  up(db) {
    db.exec('CREATE INDEX tickets_by_status_due ON tickets (status, due_at) WHERE due_at IS NOT NULL');
  },
};
