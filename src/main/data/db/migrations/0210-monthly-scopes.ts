import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import type { Migration } from '../migrate.ts';

interface OldScope {
  readonly id: number;
  readonly scope: string;
  readonly epoch: number;
  readonly pull_round: number;
  readonly deletes_held: number;
  readonly is_granted: number;
}

/** Month (Beijing time) in which a ticket was taken in. */
const MONTH = `strftime('%Y-%m', coalesce(accepted_at, created_at) / 1000 + 28800, 'unixepoch')`;

/**
 * Scopes of tickets get a month. Rows stay readable where they are and count in their month from now on; each month is pulled from the start
 * once, as after every restart of a cursor.
 * - tickets.seen_at: when a ticket outside of the held months was looked at last. It belongs to no scope and goes when that is long ago.
 */
export const monthlyScopes: Migration = {
  version: 210,
  name: 'monthly-scopes',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN seen_at INTEGER;
      CREATE INDEX tickets_seen ON tickets (seen_at) WHERE seen_at IS NOT NULL;
      CREATE INDEX tickets_by_scope ON tickets (scope_id);
    `);
    const old = db.all<OldScope>(
      `SELECT id, scope, epoch, pull_round, deletes_held, is_granted FROM scopes
       WHERE scope GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]:[0-9][0-9][0-9][0-9][0-9]'`,
    );
    for (const scope of old) {
      const months = db.values<string>(`SELECT DISTINCT ${MONTH} FROM tickets WHERE scope_id = ?`, scope.id);
      const ids = months.map((month) => {
        const { lastId } = db.run(
          `INSERT INTO scopes (scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held, pull_round, swept_round, is_granted)
           VALUES (?, ?, 0, 0, 0, 0, 'unknown', ?, ?, ?, ?)`,
          `${scope.scope}:${month}`,
          scope.epoch,
          scope.deletes_held,
          scope.pull_round + 1,
          scope.pull_round,
          scope.is_granted,
        );
        return lastId;
      });
      // Every row once, however many months there are: a million of them while somebody waits for the unlocked screen.
      db.run(
        `UPDATE tickets SET scope_id = (SELECT s.id FROM scopes s WHERE s.scope = ? || ':' || ${MONTH}) WHERE scope_id = ?`,
        scope.scope,
        scope.id,
      );
      db.run(
        `UPDATE held_deletes SET scope = (SELECT s.scope FROM tickets t JOIN scopes s ON s.id = t.scope_id WHERE t.uid = held_deletes.uid)
         WHERE scope = ? AND uid IN (SELECT uid FROM tickets WHERE scope_id IS NOT NULL)`,
        scope.scope,
      );
      for (const id of ids) {
        let digest = EMPTY_DIGEST;
        let count = 0;
        for (const { uid, base_version } of db.all<{ uid: string; base_version: number }>(
          'SELECT uid, base_version FROM tickets WHERE scope_id = ? AND base_version > 0',
          id,
        )) {
          digest = addToDigest(digest, uid, base_version);
          count++;
        }
        db.run(
          'UPDATE scopes SET row_count = ?, digest_hi = ?, digest_lo = ? WHERE id = ?',
          count,
          digest.hi,
          digest.lo,
          id,
        );
      }
      db.run('DELETE FROM parked_rows WHERE scope = ?', scope.scope);
      db.run('DELETE FROM held_deletes WHERE scope = ?', scope.scope);
      db.run('DELETE FROM scopes WHERE id = ?', scope.id);
    }
  },
};
