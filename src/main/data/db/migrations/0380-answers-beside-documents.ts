import type { Migration } from '../migrate.ts';

/**
 * - tickets.answered: the limits that the server's answer gave a ticket, JSON, until its row is written again. Thousands of answers after an outage
 *   change a few columns each: no document is taken apart and put together for them, and no index over documents looks at one.
 * - tickets.close_due: when the limit for 办结 runs out, null while none runs. Its index read two documents for every ticket that was written.
 */
export const answersBesideDocuments: Migration = {
  version: 380,
  name: 'answers-beside-documents',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN answered TEXT;
      ALTER TABLE tickets ADD COLUMN close_due INTEGER;
      DROP INDEX tickets_by_close_due;
      UPDATE tickets SET close_due = doc ->> '$.clocks.close.dueAt' WHERE status IN
          ('accepted', 'review', 'to_dispatch', 'to_sign', 'handling', 'return_review', 'extension_review', 'joint_review', 'redo')
        AND doc ->> '$.clocks.metAt' IS NULL AND doc ->> '$.clocks.pausedSince' IS NULL;
      CREATE INDEX tickets_by_close_due ON tickets (close_due) WHERE close_due IS NOT NULL;
    `);
  },
};
