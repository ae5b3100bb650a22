import type { Migration } from '../migrate.ts';

/** outbox.last_detail: what exactly was wrong, beside the code in last_error; both were one text before. */
export const outboxReasons: Migration = {
  version: 100,
  name: 'outbox-reasons',
  up(db) {
    db.exec(`
      ALTER TABLE outbox ADD COLUMN last_detail TEXT NOT NULL DEFAULT '';
      UPDATE outbox SET last_detail = trim(substr(last_error, instr(last_error, ':') + 1)),
        last_error = substr(last_error, 1, instr(last_error, ':') - 1) WHERE instr(last_error, ':') > 0;
    `);
  },
};
