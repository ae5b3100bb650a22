import type { Migration } from '../migrate.ts';

/**
 * - search_queue.turn, citizen_queue.turn: grows whenever a row that waits for the index changes again. What the index took in is taken out of the queue only
 *   in the turn it was read in: a change that came between the two was never found.
 * - outbox_new_rows: counts rows that are on this computer alone without reading the operations.
 */
export const queueTurns: Migration = {
  version: 310,
  name: 'queue turns',
  up(db) {
    db.exec(`
      ALTER TABLE search_queue ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE citizen_queue ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX outbox_new_rows ON outbox (kind, uid) WHERE base_version = 0;
    `);
  },
};
