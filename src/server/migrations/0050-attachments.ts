import type { Migration } from '../db/migrate.ts';

/**
 * Files of tickets. Their bytes lie in a folder, by centre and hash; here is what is known of them.
 * - attachments: files that are whole and were checked.
 * - attachment_refs: tickets and passed-on forms that name a file, whether it has arrived or not. Who may read the row may read the file.
 * - attachment_uploads: uploads under way, each of one person.
 */
export const migration: Migration = {
  id: 50,
  name: 'attachments',
  statements: [
    `CREATE TABLE attachments (
      centre text NOT NULL,
      sha256 bytea NOT NULL,
      size bigint NOT NULL,
      type text NOT NULL,
      uploaded_by uuid NOT NULL,
      console uuid NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (centre, sha256)
    )`,
    'CREATE INDEX attachments_by_age ON attachments (at)',
    `CREATE TABLE attachment_refs (
      sha256 bytea NOT NULL,
      uid uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('tickets', 'records')),
      at bigint NOT NULL,
      PRIMARY KEY (sha256, uid)
    )`,
    `CREATE TABLE attachment_uploads (
      id uuid PRIMARY KEY,
      centre text NOT NULL,
      user_id uuid NOT NULL,
      console uuid NOT NULL,
      sha256 bytea NOT NULL,
      size bigint NOT NULL,
      at bigint NOT NULL
    )`,
    'CREATE INDEX attachment_uploads_by_user ON attachment_uploads (user_id)',
  ],
};
