import type { Migration } from '../migrate.ts';

/**
 * - reminder_acks: reminders of limits that this person took note of, by the due time they were about.
 * - tickets_by_close_due: limits for 办结 that run, read off the documents of open tickets, which are few among all.
 */
export const reminders: Migration = {
  version: 300,
  name: 'reminders',
  up(db) {
    db.exec(`
      CREATE TABLE reminder_acks (
        ticket_uid TEXT NOT NULL,
        days INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        acked_at INTEGER NOT NULL,
        PRIMARY KEY (ticket_uid, days, due_at)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tickets_by_close_due ON tickets (doc ->> '$.clocks.close.dueAt') WHERE status IN
        ('accepted', 'review', 'to_dispatch', 'to_sign', 'handling', 'return_review', 'extension_review', 'joint_review', 'redo');
    `);
  },
};
