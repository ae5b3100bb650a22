import type { Migration } from '../migrate.ts';

/**
 * - tickets.due_at: until when a list shows the ticket in time, null while nothing runs out. The queue of what is overdue is read off its index.
 * - status_counts: how many tickets are in each state. Counting them for the queues took tens of milliseconds at a million tickets.
 *
 * Rows whose limits a build without clocks passed over have none until the next step has their scopes pulled from the start.
 */
export const dueIndex: Migration = {
  version: 200,
  name: 'due-index',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN due_at INTEGER;
      UPDATE tickets SET due_at = doc ->> '$.clocks.dueAt' WHERE instr(doc, '"clocks":') > 0;
      CREATE INDEX tickets_by_due ON tickets (due_at) WHERE due_at IS NOT NULL;

      CREATE TABLE status_counts (status TEXT PRIMARY KEY, tickets INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO status_counts (status, tickets) SELECT status, count(*) FROM tickets GROUP BY status;
      CREATE TRIGGER tickets_counted AFTER INSERT ON tickets BEGIN
        INSERT INTO status_counts (status, tickets) VALUES (new.status, 1)
          ON CONFLICT (status) DO UPDATE SET tickets = tickets + 1;
      END;
      CREATE TRIGGER tickets_recounted AFTER UPDATE OF status ON tickets WHEN new.status <> old.status BEGIN
        UPDATE status_counts SET tickets = tickets - 1 WHERE status = old.status;
        INSERT INTO status_counts (status, tickets) VALUES (new.status, 1)
          ON CONFLICT (status) DO UPDATE SET tickets = tickets + 1;
      END;
      CREATE TRIGGER tickets_uncounted AFTER DELETE ON tickets BEGIN
        UPDATE status_counts SET tickets = tickets - 1 WHERE status = old.status;
      END;
    `);
  },
};
