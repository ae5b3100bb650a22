import type { Migration } from '../db/migrate.ts';

/**
 * First tables. Written so that a province can partition them later without touching the code: no foreign key points at
 * the big tables, and nothing relies on a unique rule besides their primary keys (`number` and `(scope, seq)` are unique by
 * the way they are handed out; their indices are a safety net that a partitioned table keeps per partition).
 * - tickets, ticket_events: RANGE on uid (UUIDv7 starts with its time: a partition a month, imported history in the default one)
 * - op_log: HASH on console
 * A ticket's document is json, not jsonb: it is only ever read whole, keeps every character as it came, and costs half as
 * much to write (measured). What queries select by has its own column.
 */
export const migration: Migration = {
  id: 10,
  name: 'foundation',
  statements: [
    `CREATE TABLE server_meta (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      server_id uuid NOT NULL,
      mode text NOT NULL CHECK (mode IN ('demo', 'production')),
      token_secret bytea NOT NULL,
      created_at bigint NOT NULL
    )`,

    `CREATE TABLE users (
      id uuid PRIMARY KEY,
      account text NOT NULL,
      name text NOT NULL,
      seat text NOT NULL,
      role text NOT NULL,
      centre text NOT NULL,
      lines text[] NOT NULL,
      password_hash text NOT NULL,
      password_changed_at bigint NOT NULL,
      disabled boolean NOT NULL DEFAULT false,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL
    )`,
    'CREATE UNIQUE INDEX users_by_account ON users (lower(account))',
    'CREATE INDEX users_by_centre ON users (centre)',

    `CREATE TABLE refresh_tokens (
      token_hash bytea PRIMARY KEY,
      family uuid NOT NULL,
      user_id uuid NOT NULL REFERENCES users (id),
      console uuid NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      rotated_at bigint,
      rotation_key uuid,
      revoked_at bigint
    )`,
    'CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family)',
    'CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id, console)',
    'CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at)',

    `CREATE TABLE signing_keys (
      kid text PRIMARY KEY,
      public_key jsonb NOT NULL,
      private_key text NOT NULL,
      created_at bigint NOT NULL,
      signs_until bigint NOT NULL,
      verifies_until bigint NOT NULL
    )`,

    `CREATE TABLE sign_in_limits (
      key bytea PRIMARY KEY,
      failures integer NOT NULL,
      since bigint NOT NULL,
      blocked_until bigint NOT NULL
    )`,

    `CREATE TABLE consoles (
      id uuid NOT NULL,
      incarnation integer NOT NULL,
      centre text NOT NULL,
      user_id uuid NOT NULL,
      last_s bigint NOT NULL DEFAULT 0,
      schema_version integer NOT NULL,
      first_seen_at bigint NOT NULL,
      last_seen_at bigint NOT NULL,
      PRIMARY KEY (id, incarnation)
    ) WITH (fillfactor = 70)`,

    `CREATE TABLE clocks (
      scope text PRIMARY KEY,
      epoch integer NOT NULL DEFAULT 1,
      value bigint NOT NULL DEFAULT 0,
      count bigint NOT NULL DEFAULT 0,
      digest_hi bigint NOT NULL DEFAULT 0,
      digest_lo bigint NOT NULL DEFAULT 0,
      gone_floor bigint NOT NULL DEFAULT 0
    ) WITH (fillfactor = 20)`,

    'CREATE SEQUENCE ticket_numbers AS bigint',
    `CREATE TABLE tickets (
      uid uuid PRIMARY KEY,
      number bigint NOT NULL,
      scope text NOT NULL,
      seq bigint NOT NULL,
      version integer NOT NULL,
      centre text NOT NULL,
      line text NOT NULL,
      status text NOT NULL,
      type text NOT NULL,
      category_code text,
      caller_phone text NOT NULL,
      citizen_uid uuid,
      unit text,
      provisional_no text NOT NULL,
      created_at bigint NOT NULL,
      created_by uuid,
      console uuid,
      accepted_at bigint,
      closed_at bigint,
      due_at bigint,
      updated_at bigint NOT NULL,
      create_hash bytea,
      field_versions jsonb NOT NULL DEFAULT '{}',
      doc json NOT NULL
    )`,
    'CREATE UNIQUE INDEX tickets_by_number ON tickets (number)',
    'CREATE UNIQUE INDEX tickets_by_scope ON tickets (scope, seq)',
    "CREATE INDEX tickets_by_phone ON tickets (caller_phone, accepted_at) WHERE caller_phone <> ''",

    `CREATE TABLE ticket_events (
      ticket_uid uuid NOT NULL,
      id uuid NOT NULL,
      version integer NOT NULL,
      position integer NOT NULL,
      at bigint NOT NULL,
      received_at bigint NOT NULL,
      kind text NOT NULL,
      actor_id uuid,
      actor_name text NOT NULL,
      body text NOT NULL,
      from_status text,
      to_status text,
      PRIMARY KEY (ticket_uid, id)
    )`,

    `CREATE TABLE citizens (
      uid uuid PRIMARY KEY,
      scope text NOT NULL,
      seq bigint NOT NULL,
      version integer NOT NULL,
      centre text NOT NULL,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      fields jsonb NOT NULL
    )`,
    'CREATE UNIQUE INDEX citizens_by_scope ON citizens (scope, seq)',
    `CREATE TABLE citizen_phones (
      centre text NOT NULL,
      phone text NOT NULL,
      citizen_uid uuid NOT NULL,
      PRIMARY KEY (centre, phone, citizen_uid)
    )`,
    'CREATE INDEX citizen_phones_by_citizen ON citizen_phones (citizen_uid)',
    `CREATE TABLE citizen_history (
      citizen_uid uuid NOT NULL,
      version integer NOT NULL,
      fields jsonb NOT NULL,
      replaced_at bigint NOT NULL,
      replaced_by uuid,
      PRIMARY KEY (citizen_uid, version)
    )`,

    `CREATE TABLE scope_gone (
      scope text NOT NULL,
      seq bigint NOT NULL,
      kind text NOT NULL CHECK (kind IN ('tickets', 'citizens')),
      uid uuid NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (scope, seq, uid)
    )`,

    `CREATE TABLE op_log (
      op_id uuid NOT NULL,
      console uuid NOT NULL,
      incarnation integer NOT NULL,
      s bigint NOT NULL,
      kind text NOT NULL,
      uid uuid NOT NULL,
      hash bytea NOT NULL,
      user_id uuid NOT NULL,
      schema_version integer NOT NULL,
      at bigint NOT NULL,
      received_at bigint NOT NULL,
      result json NOT NULL,
      PRIMARY KEY (console, incarnation, s)
    )`,
    'CREATE INDEX op_log_by_op ON op_log (op_id)',

    `CREATE TABLE demo_seed (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      seed bigint NOT NULL,
      made_at bigint NOT NULL,
      citizens_done integer NOT NULL DEFAULT 0,
      tickets_done integer NOT NULL DEFAULT 0,
      finished_at bigint
    )`,
  ],
};
