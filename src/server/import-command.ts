import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock } from '#shared/kernel/clock.ts';
import { readClockSets } from './config.ts';
import { migrate } from './db/migrate.ts';
import { connectOnce } from './db/pool.ts';
import type { ServerIdentity } from './db/server-meta.ts';
import { type ImportCounts, importFile } from './import/import-file.ts';
import { type ImportMap, importMapSchema } from './import/import-map.ts';
import { describeError, silentLog } from './log.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { openDatabase } from './postgres/database.ts';
import { StartupError } from './startup-error.ts';

const USAGE = 'Usage: npm run import -- FILE --map MAP.json [--data DIR]   (DATABASE_URL names an existing PostgreSQL)';
const PROGRESS_MS = 1_000;

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof StartupError) {
    print({ event: 'import.failed', code: error.code });
    process.stderr.write(`${error.message}\n`);
  } else {
    print({ event: 'import.failed', ...describeError(error) });
    process.stderr.write(
      'The import stopped because of an unexpected error; what was imported stays, run it again to go on.\n',
    );
  }
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const { file, mapFile, dataDir } = readArguments();
  const map = await readMap(mapFile);
  const clockSet = readClockSets(process.env.HOTLINE_CLOCKS ?? '').get(map.centre);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const database = await openDatabase({ url: process.env.DATABASE_URL || null, dir: dataDir, share: true }, silentLog);
  const client = await connectOnce(database.url);
  try {
    await migrate(client, MIGRATIONS);
    let printedAt = 0;
    const known = await client.query<Pick<ServerIdentity, 'mode'>>('SELECT mode FROM server_meta');
    const counts = await importFile(client, {
      file,
      map,
      mode: known.rows[0]?.mode ?? 'production',
      clockSet,
      now: systemClock.now(),
      signal: interrupt.signal,
      onProgress: (progress) => {
        if (performance.now() - printedAt < PROGRESS_MS) return;
        printedAt = performance.now();
        print({ event: 'import.progress', ...progress });
      },
    });
    return finish(counts, file, interrupt.signal.aborted);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EACCES')) {
      throw new StartupError('FILE_UNREADABLE', `The file ${file} cannot be read.`, { cause });
    }
    throw cause;
  } finally {
    await client.end();
    await database.close();
  }
}

function finish(counts: ImportCounts, file: string, wasInterrupted: boolean): number {
  print({ event: wasInterrupted ? 'import.interrupted' : 'import.done', ...counts });
  if (wasInterrupted) {
    process.stderr.write('Interrupted; what was imported stays. Run the same command again to go on.\n');
    return 130;
  }
  if (counts.rejected > 0)
    process.stderr.write(`${counts.rejected} records were refused; see ${file}.rejected.jsonl.\n`);
  return 0;
}

function readArguments(): { readonly file: string; readonly mapFile: string; readonly dataDir: string } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { map: { type: 'string' }, data: { type: 'string', default: '.server-data' } },
    });
    const [file] = positionals;
    if (file && positionals.length === 1 && values.map) return { file, mapFile: values.map, dataDir: values.data };
  } catch {
    // Told like missing arguments.
  }
  throw new StartupError('BAD_ARGUMENTS', USAGE);
}

async function readMap(path: string): Promise<ImportMap> {
  try {
    return importMapSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const where =
      cause instanceof z.ZodError
        ? `: ${cause.issues.map((issue) => `${issue.path.join('.') || 'map'} (${issue.message})`).join('; ')}`
        : '';
    throw new StartupError('BAD_MAP', `The map ${path} cannot be used${where}.`, { cause });
  }
}

function print(line: ({ readonly event: string } & Partial<ImportCounts>) | Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
