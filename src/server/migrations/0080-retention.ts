import type { Migration } from '../db/migrate.ts';

/**
 * What is kept for a time only is found by its age: op_log grows in the order of time, so a BRIN index of a few pages does. Erasures are
 * remembered without saying who was erased.
 */
export const migration: Migration = {
  id: 80,
  name: 'retention',
  statements: [
    'CREATE INDEX op_log_by_time ON op_log USING brin (received_at)',
    'CREATE INDEX scope_gone_by_time ON scope_gone (at)',
    `CREATE TABLE erasures (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      centre text NOT NULL,
      at bigint NOT NULL,
      reason text NOT NULL,
      citizens integer NOT NULL,
      tickets integer NOT NULL
    )`,
  ],
};
