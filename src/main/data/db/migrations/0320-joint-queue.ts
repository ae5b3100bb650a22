import type { Migration } from '../migrate.ts';

/**
 * tickets.joint_at: since when a ticket waits for its 联席研判, or when that is to be held; null for what waits for none. Their queue is read off its
 * index. What is there already waits since it came, or since it was marked as nobody's.
 */
export const jointQueue: Migration = {
  version: 320,
  name: 'joint-queue',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN joint_at INTEGER;
      UPDATE tickets SET joint_at = coalesce(doc ->> '$.handling.ownership.since', accepted_at, created_at)
        WHERE status = 'joint_review' OR (status NOT IN ('closed_direct', 'rejected', 'handed_off', 'merged', 'closed', 'archived')
          AND doc ->> '$.handling.ownership.since' IS NOT NULL AND doc ->> '$.handling.ownership.owner' IS NULL);
      CREATE INDEX tickets_by_joint ON tickets (joint_at) WHERE joint_at IS NOT NULL;
    `);
  },
};
