import type { Migration } from '../migrate.ts';

/**
 * Tables of the console's cache.
 * - tickets: hot columns + `doc` (JSON of the rest). `base_version` is the version last received by pull (0 = never); row count
 *   and digest of a scope are over base_version, so a result that arrives before its row cannot fake parity.
 * - is_mine: made by the user of this profile. An index over all authors would be touched at random places by every pulled row.
 * - ticket_bases: the server's row beside one that shows unconfirmed operations.
 * - outbox: operations by (incarnation, s); `id` keeps the order for ever.
 * - parked_rows: data of a newer server and deletes that wait for a person; nothing pulled is dropped.
 */
export const firstTables: Migration = {
  version: 10,
  name: 'first tables',
  up(db) {
    db.exec(`
      CREATE TABLE identity (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        console_id TEXT NOT NULL,
        incarnation INTEGER NOT NULL,
        next_op INTEGER NOT NULL,
        last_ack INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE session (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        user_id TEXT NOT NULL,
        user TEXT NOT NULL,
        refresh_token TEXT,
        refresh_key TEXT,
        server_id TEXT,
        signed_in_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE scopes (
        id INTEGER PRIMARY KEY,
        scope TEXT NOT NULL UNIQUE,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        row_count INTEGER NOT NULL,
        digest_hi INTEGER NOT NULL,
        digest_lo INTEGER NOT NULL,
        parity TEXT NOT NULL CHECK (parity IN ('unknown', 'equal', 'different')),
        deletes_held INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE tickets (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        scope_id INTEGER REFERENCES scopes(id),
        number INTEGER,
        provisional_no TEXT NOT NULL,
        centre TEXT NOT NULL,
        status TEXT NOT NULL,
        caller_phone TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT,
        is_mine INTEGER NOT NULL CHECK (is_mine IN (0, 1)),
        accepted_at INTEGER,
        updated_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        base_version INTEGER NOT NULL,
        text_hash INTEGER NOT NULL,
        doc TEXT NOT NULL
      ) STRICT;
      CREATE INDEX tickets_by_number ON tickets (number);
      CREATE INDEX tickets_by_phone ON tickets (caller_phone, created_at, status) WHERE caller_phone <> '';
      CREATE INDEX tickets_mine ON tickets (created_at) WHERE is_mine = 1;
      CREATE INDEX tickets_by_status ON tickets (status, created_at);

      CREATE TABLE ticket_bases (
        ticket_id INTEGER PRIMARY KEY REFERENCES tickets(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        row TEXT NOT NULL
      ) STRICT;

      CREATE TABLE citizens (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        scope_id INTEGER REFERENCES scopes(id),
        centre TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        base_version INTEGER NOT NULL,
        doc TEXT NOT NULL
      ) STRICT;
      CREATE TABLE citizen_bases (
        citizen_id INTEGER PRIMARY KEY REFERENCES citizens(id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        row TEXT NOT NULL
      ) STRICT;
      CREATE TABLE citizen_phones (
        phone TEXT NOT NULL,
        citizen_id INTEGER NOT NULL REFERENCES citizens(id) ON DELETE CASCADE,
        PRIMARY KEY (phone, citizen_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX citizen_phones_by_citizen ON citizen_phones (citizen_id);

      CREATE TABLE drafts (
        id TEXT PRIMARY KEY,
        call_id TEXT UNIQUE,
        call TEXT,
        revision INTEGER NOT NULL,
        content TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'discarded')),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        ticket_uid TEXT
      ) STRICT;
      CREATE INDEX drafts_open ON drafts (updated_at) WHERE state = 'open';

      CREATE TABLE calls (
        call_id TEXT PRIMARY KEY,
        ani TEXT NOT NULL,
        line TEXT NOT NULL,
        ring_at INTEGER NOT NULL,
        answered_at INTEGER,
        ended_at INTEGER,
        held_ms INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX calls_by_ani ON calls (ani, ring_at) WHERE ani <> '';

      CREATE TABLE provisional_numbers (
        day TEXT PRIMARY KEY,
        running INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        incarnation INTEGER NOT NULL,
        s INTEGER NOT NULL,
        op_id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        uid TEXT NOT NULL,
        label TEXT NOT NULL,
        at INTEGER NOT NULL,
        base_version INTEGER NOT NULL,
        depends_on TEXT,
        args TEXT NOT NULL,
        hash TEXT NOT NULL,
        schema INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'rejected', 'blocked')),
        attempts INTEGER NOT NULL DEFAULT 0,
        last_try_at INTEGER,
        last_error TEXT,
        UNIQUE (incarnation, s)
      ) STRICT;
      CREATE INDEX outbox_by_uid ON outbox (uid);
      CREATE INDEX outbox_waiting ON outbox (s) WHERE state = 'waiting';

      CREATE TABLE parked_rows (
        id INTEGER PRIMARY KEY,
        scope TEXT NOT NULL,
        seq INTEGER NOT NULL,
        reason TEXT NOT NULL CHECK (reason IN ('unknown-data', 'delete-after-epoch-change', 'mass-delete')),
        raw TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE search_queue (ticket_id INTEGER PRIMARY KEY) STRICT;
    `);
  },
};
