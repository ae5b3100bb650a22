import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';

/** More rows of a table than this help nobody. */
const MAX_ROWS = 20_000;

/** Chromium's caches: large, and no part of what the console keeps. */
const CHROMIUM = 'chromium';

/**
 * Keeps what a console left in its profile folder: a list of all files, the encrypted files themselves and the log in the
 * clear. The console has to be closed, or the copy is of a moment between two writes.
 * @param name of the copy below `artifacts`
 */
export function keepProfile(profileDir: string, artifacts: string, name: string): void {
  if (!existsSync(profileDir)) return;
  const files = readdirSync(profileDir, { recursive: true, encoding: 'utf8' }).sort();
  const lines = files.map((file) => {
    const status = statSync(path.join(profileDir, file), { throwIfNoEntry: false });
    return status ? `${status.mode.toString(8)} ${status.size} ${status.mtime.toISOString()} ${file}` : `? ${file}`;
  });
  writeFileSync(path.join(artifacts, `${name}-files.txt`), `${profileDir}\n${lines.join('\n')}\n`);
  cpSync(profileDir, path.join(artifacts, name), {
    recursive: true,
    filter: (source) => path.relative(profileDir, source).split(path.sep)[0] !== CHROMIUM,
  });
  const log = path.join(profileDir, 'logs', 'console.log');
  if (existsSync(log)) copyFileSync(log, path.join(artifacts, `${name}.log`));
}

/** Keeps the rows of every table of a test's database, a file of JSON lines each: the database itself is dropped. */
export async function keepDatabase(pool: pg.Pool, artifacts: string): Promise<void> {
  const folder = path.join(artifacts, 'database');
  mkdirSync(folder, { recursive: true });
  const { rows } = await pool.query<{ name: string; database: string }>(
    "SELECT tablename AS name, current_database() AS database FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  writeFileSync(path.join(folder, 'name.txt'), `${rows[0]?.database ?? ''}\n`);
  for (const { name } of rows) {
    const found = await pool.query<{ line: string }>(
      `SELECT to_jsonb(t)::text AS line FROM "${name}" AS t LIMIT ${MAX_ROWS}`,
    );
    writeFileSync(path.join(folder, `${name}.jsonl`), found.rows.map(({ line }) => `${line}\n`).join(''));
  }
}
