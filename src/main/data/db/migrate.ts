import { DataError } from '../errors.ts';
import type { OpenDb, WritableDb } from './sqlite.ts';

/** One frozen step of the schema. Never edited after a release: a later step changes what it left. */
export interface Migration {
  /** Grows by ten, so that a fix can be put between two released steps of a branch. */
  readonly version: number;
  readonly name: string;
  up(db: WritableDb): void;
}

/**
 * Brings a database to the newest version, one IMMEDIATE transaction per step: a kill leaves it before or after a step,
 * never inside. `user_version` holds the last step done.
 * @throws DataError DATABASE_NEWER when a newer program has written the file
 */
export function migrate(db: OpenDb, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const current = Number(db.pragma('user_version'));
  if (current > newest) {
    throw new DataError('DATABASE_NEWER', `database version ${current} is newer than ${newest}`);
  }
  for (const migration of migrations) {
    if (migration.version <= current) continue;
    db.transaction(() => {
      migration.up(db);
      db.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}
