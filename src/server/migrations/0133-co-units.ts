import type { Migration } from '../db/migrate.ts';

/** Tickets by their 协办; those with none, nearly all, are not in it. */
export const migration: Migration = {
  id: 133,
  name: 'co-units',
  statements: [
    `CREATE INDEX tickets_by_co_unit ON tickets USING gin (((handling -> 'coUnits')::jsonb))
      WHERE unit IS NOT NULL AND (handling -> 'coUnits')::text <> '[]'`,
  ],
};
