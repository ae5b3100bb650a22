import type { Migration } from '../db/migrate.ts';

/**
 * What consoles tell of their seats: the last report of each person at each console, and what became of the calls of each day, which a console always
 * tells whole. Figures of the day find what was accepted and decided on it, alarms what runs out and what was not dispatched, without reading more.
 */
export const migration: Migration = {
  id: 160,
  name: 'board',
  statements: [
    `CREATE TABLE seat_reports (
      user_id uuid NOT NULL,
      console uuid NOT NULL,
      centre text NOT NULL,
      sent_at bigint NOT NULL,
      reported_at bigint NOT NULL,
      position text NOT NULL,
      reason text,
      since bigint NOT NULL,
      call_line text,
      call_since bigint,
      waiting json NOT NULL,
      PRIMARY KEY (user_id, console)
    ) WITH (fillfactor = 50)`,
    'CREATE INDEX seat_reports_by_centre ON seat_reports (centre)',
    `CREATE TABLE seat_days (
      user_id uuid NOT NULL,
      console uuid NOT NULL,
      day date NOT NULL,
      line text NOT NULL,
      centre text NOT NULL,
      offered integer NOT NULL,
      answered integer NOT NULL,
      answered_quickly integer NOT NULL,
      wait_ms bigint NOT NULL,
      PRIMARY KEY (user_id, console, day, line)
    ) WITH (fillfactor = 70)`,
    'CREATE INDEX seat_days_by_day ON seat_days (centre, day)',
    'CREATE INDEX tickets_by_acceptance ON tickets (centre, accepted_at)',
    `CREATE INDEX tickets_undispatched ON tickets (centre, accepted_at) WHERE status IN ('accepted', 'review', 'to_dispatch')`,
    `CREATE INDEX tickets_by_limit ON tickets (centre, ((clocks ->> 'dueAt')::bigint)) WHERE (clocks ->> 'dueAt') IS NOT NULL`,
    `CREATE INDEX tickets_by_reply ON tickets (centre, ((clocks ->> 'metAt')::bigint)) WHERE (clocks ->> 'metAt') IS NOT NULL AND unit IS NOT NULL`,
    'CREATE INDEX ticket_events_by_act ON ticket_events (at) WHERE act IS NOT NULL',
  ],
};
