import type { Migration } from '../migrate.ts';

/**
 * - checks_by_ticket: which tickets were checked, for the queue of those that were not.
 * - checks_appealed: appeals that wait for a second checker.
 * - check_drafts: marks that were begun and not given, by the record they are for.
 */
export const checks: Migration = {
  version: 270,
  name: 'checks',
  up(db) {
    db.exec(`
      CREATE INDEX checks_by_ticket ON records (doc ->> '$.ticketUid') WHERE kind = 'check';
      CREATE INDEX checks_appealed ON records (updated_at)
        WHERE kind = 'check' AND doc ->> '$.appeal.id' IS NOT NULL AND doc ->> '$.settled.id' IS NULL;
      CREATE TABLE check_drafts (
        uid TEXT PRIMARY KEY,
        marks TEXT NOT NULL,
        words TEXT NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
