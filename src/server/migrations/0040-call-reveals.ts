import type { Migration } from '../db/migrate.ts';

/** reveals.subject: a number or name of the call log can be looked at behind the mask too. */
export const migration: Migration = {
  id: 40,
  name: 'call reveals',
  statements: [
    'ALTER TABLE reveals DROP CONSTRAINT reveals_subject_check',
    "ALTER TABLE reveals ADD CONSTRAINT reveals_subject_check CHECK (subject IN ('ticket', 'citizen', 'call'))",
  ],
};
