import type { Migration } from '../migrate.ts';

/**
 * - records: everything synchronised as one document (knowledge articles, forms on their way to another seat), by kind.
 * - tickets.parent_uid: the 母单 of a ticket, for the list of a 母单's children.
 * - citizens.merged_into: the record that stands for this one.
 * - reveals: who looked at a masked value and why; only ever added to.
 */
export const records: Migration = {
  version: 30,
  name: 'records',
  up(db) {
    db.exec(`
      CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        scope_id INTEGER REFERENCES scopes(id),
        centre TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        base_version INTEGER NOT NULL,
        doc TEXT NOT NULL
      ) STRICT;
      CREATE INDEX records_by_kind ON records (kind, updated_at);
      CREATE TABLE record_bases (
        record_id INTEGER PRIMARY KEY REFERENCES records(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        row TEXT NOT NULL
      ) STRICT;

      ALTER TABLE tickets ADD COLUMN parent_uid TEXT;
      CREATE INDEX tickets_by_parent ON tickets (parent_uid) WHERE parent_uid IS NOT NULL;

      ALTER TABLE citizens ADD COLUMN merged_into TEXT;
      CREATE INDEX citizens_merged ON citizens (merged_into) WHERE merged_into IS NOT NULL;

      CREATE TABLE reveals (
        id TEXT PRIMARY KEY,
        subject TEXT NOT NULL,
        subject_uid TEXT NOT NULL,
        field TEXT NOT NULL,
        reason TEXT NOT NULL,
        user_id TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
