import type { Migration } from '../migrate.ts';

/** Lists of many states are read off one index: merging one walk per state would read most of the tickets for every page. */
export const listIndex: Migration = {
  version: 50,
  name: 'list-index',
  up(db) {
    db.exec('CREATE INDEX tickets_by_creation ON tickets (created_at, status)');
  },
};
