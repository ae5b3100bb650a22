import type { Migration } from '../db/migrate.ts';

/** Keys by which consoles sign work that is carried to another seat by hand. A console that lost its profile gets another one. */
export const migration: Migration = {
  id: 90,
  name: 'console keys',
  statements: [
    `CREATE TABLE console_keys (
      console uuid NOT NULL,
      public_key bytea NOT NULL,
      user_id uuid NOT NULL,
      registered_at bigint NOT NULL,
      PRIMARY KEY (console, public_key)
    )`,
  ],
};
