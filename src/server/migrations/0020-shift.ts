import type { Migration } from '../db/migrate.ts';

/**
 * What an agent's whole shift needs: documents of many kinds in one table, links between tickets, persons merged without moving
 * anything, and the log of looks at masked values (only ever added to).
 */
export const migration: Migration = {
  id: 20,
  name: 'shift',
  statements: [
    `CREATE TABLE records (
      uid uuid PRIMARY KEY,
      kind text NOT NULL,
      scope text NOT NULL,
      seq bigint NOT NULL,
      version integer NOT NULL,
      centre text NOT NULL,
      updated_at bigint NOT NULL,
      doc json NOT NULL
    )`,
    'CREATE UNIQUE INDEX records_by_scope ON records (scope, seq)',

    'ALTER TABLE tickets ADD COLUMN link json',
    "ALTER TABLE tickets ADD COLUMN flags text[] NOT NULL DEFAULT '{}'",
    'ALTER TABLE tickets ADD COLUMN parent_uid uuid',
    'CREATE INDEX tickets_by_parent ON tickets (parent_uid) WHERE parent_uid IS NOT NULL',
    "ALTER TABLE ticket_events ADD COLUMN ref text NOT NULL DEFAULT ''",

    'ALTER TABLE citizens ADD COLUMN merged_into uuid',

    `CREATE TABLE reveals (
      id uuid PRIMARY KEY,
      subject text NOT NULL CHECK (subject IN ('ticket', 'citizen')),
      subject_uid uuid NOT NULL,
      field text NOT NULL,
      reason text NOT NULL,
      user_id uuid NOT NULL,
      console uuid NOT NULL,
      at bigint NOT NULL,
      received_at bigint NOT NULL
    )`,
    'CREATE INDEX reveals_by_subject ON reveals (subject_uid, at)',

    'ALTER TABLE scope_gone DROP CONSTRAINT scope_gone_kind_check',
    "ALTER TABLE scope_gone ADD CONSTRAINT scope_gone_kind_check CHECK (kind IN ('tickets', 'citizens', 'records'))",
  ],
};
