import type { Migration } from '../migrate.ts';

/**
 * What waits for the search index.
 * - search_queue.new_text: 0 when only values to filter by (state, unit) changed; such a ticket's text is not indexed again.
 * - citizen_queue: people to be found by name, reading and phone.
 */
export const searchQueues: Migration = {
  version: 40,
  name: 'search-queues',
  up(db) {
    db.exec(`
      ALTER TABLE search_queue ADD COLUMN new_text INTEGER NOT NULL DEFAULT 1;
      CREATE TABLE citizen_queue (citizen_id INTEGER PRIMARY KEY) STRICT;
    `);
  },
};
