import type { Migration } from '../migrate.ts';

/**
 * Lists across the states (超期 督办 联席研判 待市民补充 流转移交 待回访) by when their tickets were made: one index over everything that lies in any of
 * them. It is small, because most of a cache is closed, and holds the moments, so that no ticket is read to leave out those of other lists.
 */
export const acrossByCreation: Migration = {
  version: 350,
  name: 'across-by-creation',
  up(db) {
    db.exec(`
      CREATE INDEX tickets_across ON tickets (created_at, id, due_at, order_due_at, joint_at, awaited_until, flow_at, call_due)
        WHERE due_at IS NOT NULL OR order_due_at IS NOT NULL OR joint_at IS NOT NULL OR awaited_until IS NOT NULL
          OR flow_at IS NOT NULL OR call_due IS NOT NULL;
    `);
  },
};
