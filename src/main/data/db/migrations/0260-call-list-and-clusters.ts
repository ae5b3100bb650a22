import type { Migration } from '../migrate.ts';

/**
 * - tickets.call_due, call_from: until when the citizen of an answered ticket is to be called, and from when on (0: at once); null for what
 *   waits for no 回访. The call list is read off their index.
 * - tickets.is_proposed: 提议并单 that waits for a decision; its queue.
 * - tickets_merged: tickets that are worked on as part of their 母单, for the number of 诉求 behind each 事件.
 */
export const callListAndClusters: Migration = {
  version: 260,
  name: 'call-list-and-clusters',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN call_due INTEGER;
      ALTER TABLE tickets ADD COLUMN call_from INTEGER;
      ALTER TABLE tickets ADD COLUMN is_proposed INTEGER NOT NULL DEFAULT 0 CHECK (is_proposed IN (0, 1));
      UPDATE tickets SET call_due = coalesce(due_at, created_at), call_from = 0 WHERE status IN ('replied', 'to_callback');
      UPDATE tickets SET is_proposed = 1 WHERE parent_uid IS NOT NULL AND doc ->> '$.link.state' = 'proposed'
        AND status NOT IN ('closed_direct', 'rejected', 'handed_off', 'merged', 'closed', 'archived');
      CREATE INDEX tickets_to_call ON tickets (call_due, call_from) WHERE call_due IS NOT NULL;
      CREATE INDEX tickets_proposed ON tickets (created_at) WHERE is_proposed = 1;
      CREATE INDEX tickets_merged ON tickets (parent_uid) WHERE parent_uid IS NOT NULL AND status = 'merged';
    `);
  },
};
