import type { Migration } from '../migrate.ts';

/**
 * - calls.outcome: how a call ended, null while it goes on; `doc` (JSON) the rest of its record. Calls kept by an older program
 *   get the outcome their facts tell.
 * - drafts.handed_from: the colleague whose form it was, and handover_uid the document it came with; handed_to: the colleague it
 *   went to. hand_off: the emergency service the call was handed over to.
 */
export const calls: Migration = {
  version: 80,
  name: 'calls',
  up(db) {
    db.exec(`
      ALTER TABLE calls ADD COLUMN outcome TEXT;
      ALTER TABLE calls ADD COLUMN doc TEXT NOT NULL DEFAULT '{}';
      UPDATE calls SET outcome = CASE WHEN answered_at IS NULL THEN 'missed' ELSE 'answered' END WHERE ended_at IS NOT NULL;
      CREATE INDEX calls_by_time ON calls (ring_at);
      CREATE INDEX calls_missed ON calls (ring_at) WHERE outcome = 'missed';

      ALTER TABLE drafts ADD COLUMN handed_from TEXT;
      ALTER TABLE drafts ADD COLUMN handover_uid TEXT;
      ALTER TABLE drafts ADD COLUMN handed_to TEXT;
      ALTER TABLE drafts ADD COLUMN hand_off TEXT;
      CREATE UNIQUE INDEX drafts_by_handover ON drafts (handover_uid) WHERE handover_uid IS NOT NULL;
    `);
  },
};
