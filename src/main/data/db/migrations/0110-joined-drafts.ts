import type { Migration } from '../migrate.ts';

/**
 * - drafts.joined_events: a draft whose words were added to an existing ticket (并入): ids of the notes, as a JSON list. It counts as
 *   submitted, with that ticket.
 * - drafts.parent_uid: the 母单 under which the ticket of this draft is to be proposed when it is submitted.
 */
export const joinedDrafts: Migration = {
  version: 110,
  name: 'joined-drafts',
  up(db) {
    db.exec(`
      ALTER TABLE drafts ADD COLUMN joined_events TEXT;
      ALTER TABLE drafts ADD COLUMN parent_uid TEXT;
      CREATE INDEX drafts_joined ON drafts (ticket_uid) WHERE joined_events IS NOT NULL;
    `);
  },
};
