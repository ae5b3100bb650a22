import type { Migration } from '../db/migrate.ts';

/** Where the systems of units want to be told that a ticket changed, and what is still to be told. */
export const migration: Migration = {
  id: 131,
  name: 'unit webhooks',
  statements: [
    `CREATE TABLE unit_webhooks (
      id uuid PRIMARY KEY,
      key_id uuid NOT NULL REFERENCES unit_keys (id),
      url text NOT NULL,
      secret bytea NOT NULL,
      created_at bigint NOT NULL,
      removed_at bigint
    )`,
    `CREATE TABLE unit_deliveries (
      id uuid PRIMARY KEY,
      webhook_id uuid NOT NULL REFERENCES unit_webhooks (id),
      body text NOT NULL,
      made_at bigint NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      next_at bigint,
      delivered_at bigint,
      last_status integer
    )`,
    'CREATE INDEX unit_deliveries_due ON unit_deliveries (next_at) WHERE next_at IS NOT NULL',
    'CREATE INDEX unit_deliveries_by_age ON unit_deliveries (made_at)',
  ],
};
