import type { Migration } from '../migrate.ts';

/** tickets.order_due_at: when the first open 督办 or 批示 is due, null for what nobody supervises. Their queue is read off its index. */
export const supervised: Migration = {
  version: 240,
  name: 'supervised',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN order_due_at INTEGER;
      CREATE INDEX tickets_by_order ON tickets (order_due_at) WHERE order_due_at IS NOT NULL;
    `);
  },
};
