import type { Migration } from '../migrate.ts';

/** Forms that were given up after something had been written, the last one first; those nobody wrote into are most of them. */
export const discardedDrafts: Migration = {
  version: 220,
  name: 'discarded-drafts',
  up(db) {
    db.exec(`CREATE INDEX drafts_discarded ON drafts (updated_at) WHERE state = 'discarded' AND revision > 0`);
  },
};
