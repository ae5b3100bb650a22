import type { Migration } from '../migrate.ts';

/**
 * - tickets.awaited_until: until when a ticket waits for its citizen (等待市民补充), null for one that waits for nobody.
 * - tickets.flow_at: since when a 流转 or 移交 of it has no result, null when nothing of it lies elsewhere.
 *
 * Each has a queue that is read off its index.
 */
export const waitingAndElsewhere: Migration = {
  version: 330,
  name: 'waiting-and-elsewhere',
  up(db) {
    db.exec(`
      ALTER TABLE tickets ADD COLUMN awaited_until INTEGER;
      ALTER TABLE tickets ADD COLUMN flow_at INTEGER;
      UPDATE tickets SET awaited_until = doc ->> '$.handling.waiting.until'
        WHERE status NOT IN ('closed_direct', 'rejected', 'handed_off', 'merged', 'closed', 'archived') AND instr(doc, '"waiting":') > 0;
      UPDATE tickets SET flow_at = (
          SELECT min(b.value ->> '$.at') FROM json_each(tickets.doc, '$.events') b
          WHERE ((b.value ->> '$.kind' = 'handed_off' AND b.value ->> '$.text' IN ('110', '119', '120', '122'))
              OR (b.value ->> '$.overlay.step' = 'flow' AND b.value ->> '$.overlay.isEnabled' = 1))
            AND NOT EXISTS (SELECT 1 FROM json_each(tickets.doc, '$.events') r WHERE r.value ->> '$.overlay.step' = 'flow_result'
              AND r.value ->> '$.overlay.receiver' = coalesce(b.value ->> '$.overlay.receiver', b.value ->> '$.text')))
        WHERE status NOT IN ('closed_direct', 'rejected', 'merged', 'closed', 'archived')
          AND (instr(doc, '"handed_off"') > 0 OR instr(doc, '"step":"flow"') > 0);
      CREATE INDEX tickets_awaited ON tickets (awaited_until) WHERE awaited_until IS NOT NULL;
      CREATE INDEX tickets_elsewhere ON tickets (flow_at) WHERE flow_at IS NOT NULL;
    `);
  },
};
