import type { Migration } from '../db/migrate.ts';

/** Keys of those who report and read through Open311; only their hashes are kept. */
export const migration: Migration = {
  id: 132,
  name: 'open311',
  statements: [
    `CREATE TABLE open311_keys (
      id uuid PRIMARY KEY,
      hash bytea NOT NULL UNIQUE,
      centre text NOT NULL,
      holder text NOT NULL,
      reads_details boolean NOT NULL,
      created_at bigint NOT NULL,
      revoked_at bigint
    )`,
  ],
};
