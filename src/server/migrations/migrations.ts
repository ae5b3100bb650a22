import type { Migration } from '../db/migrate.ts';
import { migration as foundation } from './0010-foundation.ts';

/** All migrations in order. A released one is never edited; a change is a new file with a larger number. */
export const MIGRATIONS: readonly Migration[] = [foundation];
