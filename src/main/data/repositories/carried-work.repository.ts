import type { CarriedPart, CarriedResults } from '#shared/sync/carried.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Work of another console that is handed in from here. */
export interface CarriedWork {
  /** Id of the file it came in. */
  readonly id: string;
  readonly console: string;
  readonly seat: string;
  readonly name: string;
  readonly savedAt: number;
  readonly importedAt: number;
  readonly operations: number;
  /** Signed texts; none any more once all are answered. */
  readonly parts: readonly CarriedPart[];
  readonly total: number;
  /** Parts the server has answered. */
  readonly done: number;
  readonly results: CarriedResults['results'];
  /** Error code that stops it; empty for none. */
  readonly problem: string;
  readonly triedAt: number | null;
  /** SHA-256 of the attachments that came with it. */
  readonly files: readonly string[];
}

interface CarriedRow {
  readonly id: string;
  readonly console: string;
  readonly seat: string;
  readonly name: string;
  readonly saved_at: number;
  readonly imported_at: number;
  readonly operations: number;
  readonly parts: string;
  readonly total: number;
  readonly done: number;
  readonly results: string;
  readonly problem: string;
  readonly tried_at: number | null;
  readonly files: string;
}

/** Files that were brought here, the last one first. */
export function listCarriedWork(db: ReadableDb): readonly CarriedWork[] {
  return db.all<CarriedRow>('SELECT * FROM carried_work ORDER BY imported_at DESC, id').map(toWork);
}

/** What of it still has to be handed in, the first file first. */
export function listToHandIn(db: ReadableDb): readonly CarriedWork[] {
  return db.all<CarriedRow>('SELECT * FROM carried_work WHERE done < total ORDER BY imported_at, id').map(toWork);
}

function toWork(row: CarriedRow): CarriedWork {
  return {
    id: row.id,
    console: row.console,
    seat: row.seat,
    name: row.name,
    savedAt: row.saved_at,
    importedAt: row.imported_at,
    operations: row.operations,
    parts: JSON.parse(row.parts) as CarriedPart[],
    total: row.total,
    done: row.done,
    results: JSON.parse(row.results) as CarriedResults['results'],
    problem: row.problem,
    triedAt: row.tried_at,
    files: JSON.parse(row.files) as string[],
  };
}

/** What a file brought that was taken in before; null for one that was not. */
export function findCarriedWork(db: ReadableDb, id: string): CarriedWork | null {
  const row = db.get<CarriedRow>('SELECT * FROM carried_work WHERE id = ?', id);
  return row ? toWork(row) : null;
}

/** Keeps what a file brought. */
export function insertCarriedWork(
  db: WritableDb,
  work: Pick<
    CarriedWork,
    'id' | 'console' | 'seat' | 'name' | 'savedAt' | 'importedAt' | 'operations' | 'parts' | 'files'
  >,
): void {
  db.run(
    `INSERT INTO carried_work (id, console, seat, name, saved_at, imported_at, operations, parts, total, files)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    work.id,
    work.console,
    work.seat,
    work.name,
    work.savedAt,
    work.importedAt,
    work.operations,
    JSON.stringify(work.parts),
    work.parts.length,
    JSON.stringify(work.files),
  );
}

/** Notes what the server answered to the next part. */
export function noteCarriedPart(
  db: WritableDb,
  { id, done, results }: Pick<CarriedWork, 'id' | 'done' | 'results'>,
  now: number,
): void {
  db.run(
    `UPDATE carried_work SET done = ?, results = ?, problem = '', tried_at = ?,
       parts = CASE WHEN total = ? THEN '[]' ELSE parts END WHERE id = ?`,
    done,
    JSON.stringify(results),
    now,
    done,
    id,
  );
}

/** Notes why the next part was not taken. */
export function noteCarriedProblem(db: WritableDb, id: string, problem: string, now: number): void {
  db.run('UPDATE carried_work SET problem = ?, tried_at = ? WHERE id = ?', problem, now, id);
}
