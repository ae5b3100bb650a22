import type { Migration } from '../db/migrate.ts';

/**
 * Every service a call was handed over to, from the history: the second and later ones of a call, and those of calls that went on after their form
 * was submitted, whatever became of the ticket. With the receipt and result that were noted on the ticket meanwhile, the first of each.
 */
export const migration: Migration = {
  id: 180,
  name: 'all hand-overs',
  statements: [
    `INSERT INTO flows (id, ticket_uid, centre, line, receiver, sent_at, updated_at, receipt, receipt_at, outcome, result_at)
      SELECT gen_random_uuid(), t.uid, t.centre, t.line, h.receiver, h.sent_at,
        greatest(h.sent_at, t.updated_at, receipt.at, result.at), receipt.number, receipt.at, result.outcome, result.at
      FROM (SELECT ticket_uid, body AS receiver, min(received_at) AS sent_at FROM ticket_events
          WHERE kind = 'handed_off' AND body IN ('110', '119', '120', '122') GROUP BY ticket_uid, body) h
        JOIN tickets t ON t.uid = h.ticket_uid
        LEFT JOIN LATERAL (SELECT e.overlay ->> 'number' AS number, e.received_at AS at FROM ticket_events e
          WHERE e.ticket_uid = t.uid AND e.overlay ->> 'step' = 'flow_receipt' AND e.overlay ->> 'receiver' = h.receiver
          ORDER BY e.version, e.position LIMIT 1) receipt ON true
        LEFT JOIN LATERAL (SELECT e.overlay ->> 'outcome' AS outcome, e.received_at AS at FROM ticket_events e
          WHERE e.ticket_uid = t.uid AND e.overlay ->> 'step' = 'flow_result' AND e.overlay ->> 'receiver' = h.receiver
          ORDER BY e.version, e.position LIMIT 1) result ON true
      ON CONFLICT (ticket_uid, receiver) DO NOTHING`,
    // Receivers ask for what has changed since they asked last: all of these are new to them.
    'UPDATE flows SET updated_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint',
  ],
};
