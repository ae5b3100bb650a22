import type pg from 'pg';
import { StartupError } from '../startup-error.ts';

/** One numbered step of the schema; `statements` and then `work`, for what SQL cannot say, run in one transaction. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly statements: readonly string[];
  readonly work?: (client: pg.ClientBase) => Promise<void>;
}

/** Advisory lock: servers that start together migrate one after the other. */
const MIGRATE_LOCK = 0x12345_02;

/**
 * Brings the database to the newest schema, each step in its own transaction together with its record.
 * @returns names of the migrations that ran
 * @throws StartupError DATABASE_NEWER when the database knows a migration this build does not
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATE_LOCK]);
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
        id integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    const known = await client.query<{ id: number; name: string }>(
      'SELECT id, name FROM schema_migrations ORDER BY id',
    );
    const done = new Map(known.rows.map((row) => [row.id, row.name]));
    refuseNewer(done, migrations);
    const applied: string[] = [];
    for (const migration of migrations) {
      if (done.has(migration.id)) continue;
      await applyMigration(client, migration);
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATE_LOCK]);
  }
}

function refuseNewer(done: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  for (const [id, name] of done) {
    if (migrations.some((migration) => migration.id === id && migration.name === name)) continue;
    throw new StartupError(
      'DATABASE_NEWER',
      `The database was made by a newer version of this server (migration ${id} "${name}"); update the server.`,
    );
  }
}

async function applyMigration(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const statement of migration.statements) await client.query(statement);
    await migration.work?.(client);
    await client.query('INSERT INTO schema_migrations (id, name) VALUES ($1, $2)', [migration.id, migration.name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
