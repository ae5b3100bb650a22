import type { Migration } from '../migrate.ts';

/** How many open tickets a unit has: asked for every unit that a dispatch may go to, off the few tickets that lie with one. */
export const unitLoads: Migration = {
  version: 290,
  name: 'unit-loads',
  up(db) {
    db.exec(`
      CREATE INDEX tickets_with_unit ON tickets (doc ->> '$.unit')
        WHERE status IN ('to_sign', 'handling', 'return_review', 'extension_review', 'on_account', 'redo');
    `);
  },
};
