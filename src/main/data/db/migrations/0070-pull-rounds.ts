import type { Migration } from '../migrate.ts';

/**
 * What tells rows that the server no longer has from rows that it has.
 * - scopes.pull_round: how often the scope was pulled from the start; a row carries the round in which it was received last.
 * - scopes.swept_round: the round after which rows of former rounds were looked for.
 * - scopes.is_granted: 0 for a scope the server no longer names while a person decides about its rows. It is not pulled.
 * - scopes.deletes_held: 1 the server was restored or replaced, 2 it deletes suspiciously much; 0 deletes are applied.
 * - held_deletes: rows the server no longer has, until a person decides. They were among the parked rows before.
 * - lost_notes: own 补充 and 催办 that the server had confirmed and lost in a restore.
 * - search_gone: numbers of removed tickets that are still in the search index.
 */
export const pullRounds: Migration = {
  version: 70,
  name: 'pull-rounds',
  up(db) {
    db.exec(`
      ALTER TABLE scopes ADD COLUMN pull_round INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE scopes ADD COLUMN swept_round INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE scopes ADD COLUMN is_granted INTEGER NOT NULL DEFAULT 1 CHECK (is_granted IN (0, 1));
      ALTER TABLE tickets ADD COLUMN pull_round INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE citizens ADD COLUMN pull_round INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE records ADD COLUMN pull_round INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE held_deletes (
        uid TEXT PRIMARY KEY,
        scope TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX held_deletes_by_scope ON held_deletes (scope, uid);
      INSERT OR IGNORE INTO held_deletes (uid, scope, at)
        SELECT raw ->> 'uid', scope, at FROM parked_rows WHERE reason <> 'unknown-data';
      DELETE FROM parked_rows WHERE reason <> 'unknown-data';
      -- Rows that such a server no longer has were not looked for before.
      UPDATE scopes SET seq = 0, pull_round = 1 WHERE deletes_held <> 0;

      CREATE TABLE lost_notes (
        event_id TEXT PRIMARY KEY,
        ticket_uid TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('note', 'remind')),
        text TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE search_gone (number INTEGER PRIMARY KEY) STRICT;
    `);
  },
};
