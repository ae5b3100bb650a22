import type { Migration } from '../migrate.ts';

/**
 * tickets.due_at: when an unfinished ticket is due, for the queue of what is overdue; of a finished one nothing, so that the index holds work
 * only. No ticket had a due time before, so there is nothing to fill in.
 */
export const dueIndex: Migration = {
  version: 200,
  name: 'due-index',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN due_at INTEGER;
      CREATE INDEX tickets_by_due ON tickets (due_at, created_at) WHERE due_at IS NOT NULL;
    `);
  },
};
