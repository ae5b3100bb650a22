import type { Migration } from '../db/migrate.ts';

/**
 * Keys that handling units (承办单位) sign, return and answer with; only their hashes are kept. Tickets are found by unit in the order in which
 * they changed (apart: those that are not closed, which are few), and those whose 退单 waits for an answer without reading any other.
 */
export const migration: Migration = {
  id: 130,
  name: 'units',
  statements: [
    `CREATE TABLE unit_keys (
      id uuid PRIMARY KEY,
      hash bytea NOT NULL UNIQUE,
      centre text NOT NULL,
      lines text[] NOT NULL,
      units text[] NOT NULL,
      holder text NOT NULL,
      created_at bigint NOT NULL,
      revoked_at bigint
    )`,
    'CREATE INDEX tickets_by_unit ON tickets (unit, updated_at, uid) WHERE unit IS NOT NULL',
    'CREATE INDEX tickets_open_by_unit ON tickets (unit, updated_at, uid) WHERE unit IS NOT NULL AND closed_at IS NULL',
    "CREATE INDEX tickets_returned ON tickets (uid) WHERE status = 'return_review'",
  ],
};
