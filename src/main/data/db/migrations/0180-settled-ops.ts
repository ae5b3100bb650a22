import type { Migration } from '../migrate.ts';

/** settled_ops: refused operations that a person has decided about, with what was decided; `op` is the operation as it was refused. */
export const settledOps: Migration = {
  version: 180,
  name: 'settled-ops',
  up(db) {
    db.exec(`
      CREATE TABLE settled_ops (
        op_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        uid TEXT NOT NULL,
        label TEXT NOT NULL,
        at INTEGER NOT NULL,
        op TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('theirs', 'mine', 'merged')),
        decided_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX settled_ops_by_time ON settled_ops (decided_at);
    `);
  },
};
