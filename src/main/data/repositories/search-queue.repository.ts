import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Rows put back into the queue per transaction when the index is built anew. */
const REQUEUE_CHUNK = 20_000;

/** Row ids waiting for the index, newest first. Tickets without a number stay here until the server gave one. */
export function listQueued(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT ticket_id FROM search_queue ORDER BY ticket_id DESC LIMIT ?', limit);
}

/** Row ids that can be indexed now, newest first. */
export function listIndexable(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT q.ticket_id FROM search_queue q LEFT JOIN tickets t ON t.id = q.ticket_id
     WHERE t.id IS NULL OR t.number IS NOT NULL ORDER BY q.ticket_id DESC LIMIT ?`,
    limit,
  );
}

/** How many wait, counted up to a limit. */
export function countQueued(db: ReadableDb, limit: number): number {
  return db.value<number>('SELECT count(*) FROM (SELECT 1 FROM search_queue LIMIT ?)', limit) ?? 0;
}

/** Takes indexed tickets out. */
export function dequeue(db: WritableDb, ids: readonly number[]): void {
  db.run('DELETE FROM search_queue WHERE ticket_id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
}

/**
 * Puts the next chunk of all tickets into the queue.
 * @param below row ids smaller than this
 * @returns where to go on, null when all are in
 */
export function requeueChunk(db: WritableDb, below: number): number | null {
  return db.transaction(() => {
    const from = db.value<number>(
      'SELECT min(id) FROM (SELECT id FROM tickets WHERE id < ? ORDER BY id DESC LIMIT ?)',
      below,
      REQUEUE_CHUNK,
    );
    if (from === undefined || from === null) return null;
    db.run(
      'INSERT OR IGNORE INTO search_queue (ticket_id) SELECT id FROM tickets WHERE id >= ? AND id < ?',
      from,
      below,
    );
    return from;
  });
}
