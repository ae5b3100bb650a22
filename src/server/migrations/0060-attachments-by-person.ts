import type { Migration } from '../db/migrate.ts';

/** What one person sent is counted before every further file of theirs. */
export const migration: Migration = {
  id: 60,
  name: 'attachments by person',
  statements: ['CREATE INDEX attachments_by_person ON attachments (uploaded_by)'],
};
