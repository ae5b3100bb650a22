import type { Migration } from '../migrate.ts';

/** tickets.due_at: for the queue of what is overdue. No ticket had a due time before, so there is nothing to fill in. */
export const dueIndex: Migration = {
  version: 200,
  name: 'due-index',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN due_at INTEGER;
      CREATE INDEX tickets_by_due ON tickets (due_at, status) WHERE due_at IS NOT NULL;
    `);
  },
};
