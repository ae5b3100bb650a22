import type { Migration } from '../db/migrate.ts';

/** 班组: the part of a centre somebody works in. Not frozen into tickets: who looks at a 班组 means those who are in it now. */
export const migration: Migration = {
  id: 200,
  name: 'teams',
  statements: ['ALTER TABLE users ADD COLUMN team text'],
};
