import type { Migration } from '../migrate.ts';

/** Every form written about a call is found from it: the call's own one, and those for its further matters. */
export const draftsByCall: Migration = {
  version: 170,
  name: 'drafts-by-call',
  up(db) {
    db.exec(`CREATE INDEX drafts_by_call ON drafts (call ->> '$.callId') WHERE ticket_uid IS NOT NULL`);
  },
};
