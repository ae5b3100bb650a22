import type { Migration } from '../db/migrate.ts';

/**
 * What is kept for a time only is found by its age. (No BRIN index: pages whose rows were forgotten are filled with new ones, and soon every
 * range of pages would hold old and new.) Erasures are remembered with who did it and why, without saying who was erased.
 */
export const migration: Migration = {
  id: 80,
  name: 'retention',
  statements: [
    'CREATE INDEX op_log_by_time ON op_log (received_at)',
    'CREATE INDEX scope_gone_by_time ON scope_gone (at)',
    `CREATE TABLE erasures (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      centre text NOT NULL,
      at bigint NOT NULL,
      reason text NOT NULL,
      done_by text NOT NULL,
      citizens integer NOT NULL,
      tickets integer NOT NULL
    )`,
  ],
};
