import type { Migration } from '../db/migrate.ts';

/** Units that a 督办 or 批示 names read the ticket and are told of it, whoever handles it: found by the unit's name. */
export const migration: Migration = {
  id: 190,
  name: 'units of orders',
  statements: [
    `CREATE INDEX ticket_events_order_unit ON ticket_events ((overlay ->> 'unit')) WHERE overlay ->> 'step' = 'order'`,
  ],
};
