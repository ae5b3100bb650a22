import type { Migration } from '../migrate.ts';

/**
 * tickets.is_open: 1 while somebody has work left to do (none of `FINISHED_STATUSES`). The index over callers holds it in the place of the state: a
 * ticket that goes from one open state to another stays where it is in it. Its place there is as good as random, and each such step read and wrote
 * a page of its own.
 */
export const openByPhone: Migration = {
  version: 390,
  name: 'open-by-phone',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1));
      DROP INDEX tickets_by_phone;
      UPDATE tickets SET is_open = 1 WHERE status IN (SELECT status FROM status_counts
        WHERE status NOT IN ('closed_direct', 'rejected', 'handed_off', 'merged', 'closed', 'archived'));
      CREATE INDEX tickets_by_phone ON tickets (caller_phone, created_at, is_open) WHERE caller_phone <> '';
    `);
  },
};
