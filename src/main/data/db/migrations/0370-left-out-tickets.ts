import type { Migration } from '../migrate.ts';

/**
 * account_teams: the 班组 each account was in when the seats were told last, also of those who have left since. left_out_takers: whose tickets are not
 * kept here, because they are of a 班组 that was not chosen. left_out_tickets: what takes the place of such a ticket, so that count and digest of its
 * month stay what the server's are. scopes.left_out: how many of a scope's rows those are.
 */
export const leftOutTickets: Migration = {
  version: 370,
  name: 'left-out-tickets',
  up(db) {
    db.exec(`
      CREATE TABLE account_teams (user_id TEXT PRIMARY KEY, team TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE left_out_takers (user_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      CREATE TABLE left_out_tickets (
        scope_id INTEGER NOT NULL REFERENCES scopes(id),
        uid TEXT NOT NULL,
        version INTEGER NOT NULL,
        pull_round INTEGER NOT NULL,
        taken_by TEXT NOT NULL,
        PRIMARY KEY (scope_id, uid)
      ) STRICT, WITHOUT ROWID;
      ALTER TABLE scopes ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
    `);
  },
};
