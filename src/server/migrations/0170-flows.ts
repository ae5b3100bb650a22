import type { Migration } from '../db/migrate.ts';

/**
 * What went on to others than the centre's units, one row per ticket and receiver: 公安 by rule, the services a call was handed over to. Keys say what
 * they are for: a unit's tickets, or what went to a receiver. Tickets that wait for their citizen are found without reading any other.
 */
export const migration: Migration = {
  id: 170,
  name: 'flows',
  statements: [
    "ALTER TABLE unit_keys ADD COLUMN kind text NOT NULL DEFAULT 'unit'",
    `CREATE TABLE flows (
      id uuid PRIMARY KEY,
      ticket_uid uuid NOT NULL,
      centre text NOT NULL,
      line text NOT NULL,
      receiver text NOT NULL,
      rule_id text,
      rule_version integer,
      sent_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      receipt text,
      receipt_at bigint,
      outcome text,
      result_at bigint,
      UNIQUE (ticket_uid, receiver)
    )`,
    'CREATE INDEX flows_by_receiver ON flows (centre, receiver, updated_at, id)',
    `INSERT INTO flows (id, ticket_uid, centre, line, receiver, sent_at, updated_at)
      SELECT gen_random_uuid(), uid, centre, line, doc #>> '{fields,handOff,service}', coalesce(accepted_at, created_at), updated_at
      FROM tickets WHERE status = 'handed_off' AND doc #>> '{fields,handOff,service}' IS NOT NULL
      ON CONFLICT DO NOTHING`,
    "CREATE INDEX tickets_waiting ON tickets (uid) WHERE handling ->> 'waiting' IS NOT NULL",
  ],
};
