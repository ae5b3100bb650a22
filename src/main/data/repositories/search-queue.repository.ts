import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Rows put back into a queue per transaction when the index is built anew; a tenth of a second for ten times as many. */
const REQUEUE_CHUNK = 2_000;

/** A ticket that waits for the index: with a new text, or only with new values to filter by. */
export interface QueuedTicket {
  readonly id: number;
  readonly hasNewText: boolean;
}

/** Queues a ticket; a new text is never forgotten by a later change of values alone. */
export function enqueueTicket(db: WritableDb, id: number, hasNewText: boolean): void {
  db.run(
    `INSERT INTO search_queue (ticket_id, new_text) VALUES (?, ?)
     ON CONFLICT (ticket_id) DO UPDATE SET new_text = max(new_text, excluded.new_text)`,
    id,
    hasNewText ? 1 : 0,
  );
}

/** Row ids waiting for the index, newest first. Tickets without a number stay here until the server gave one. */
export function listQueued(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT ticket_id FROM search_queue ORDER BY ticket_id DESC LIMIT ?', limit);
}

/** Tickets that can be indexed now, newest first. */
export function listIndexable(db: ReadableDb, limit: number): readonly QueuedTicket[] {
  return db
    .all<{ ticket_id: number; new_text: number }>(
      `SELECT q.ticket_id, q.new_text FROM search_queue q LEFT JOIN tickets t ON t.id = q.ticket_id
       WHERE t.id IS NULL OR t.number IS NOT NULL ORDER BY q.ticket_id DESC LIMIT ?`,
      limit,
    )
    .map((row) => ({ id: row.ticket_id, hasNewText: row.new_text === 1 }));
}

/** How many wait with a new text, counted up to a limit. */
export function countQueuedTexts(db: ReadableDb, limit: number): number {
  return db.value<number>('SELECT count(*) FROM (SELECT 1 FROM search_queue WHERE new_text = 1 LIMIT ?)', limit) ?? 0;
}

/** Takes indexed tickets out. */
export function dequeueTickets(db: WritableDb, ids: readonly number[]): void {
  db.run('DELETE FROM search_queue WHERE ticket_id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
}

/** Numbers of removed tickets that may still be in the index. */
export function listGone(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT number FROM search_gone ORDER BY number LIMIT ?', limit);
}

/** The index has forgotten them. */
export function dequeueGone(db: WritableDb, numbers: readonly number[]): void {
  db.run('DELETE FROM search_gone WHERE number IN (SELECT value FROM json_each(?))', JSON.stringify(numbers));
}

/**
 * Puts the next chunk of all tickets into the queue.
 * @param below row ids smaller than this
 * @returns where to go on, null when all are in
 */
export function requeueTickets(db: WritableDb, below: number): number | null {
  return requeue(db, below, 'tickets', 'INSERT OR REPLACE INTO search_queue (ticket_id, new_text) SELECT id, 1');
}

/** Queues a citizen for the index. */
export function enqueueCitizen(db: WritableDb, id: number): void {
  db.run('INSERT OR IGNORE INTO citizen_queue (citizen_id) VALUES (?)', id);
}

/** Row ids of citizens waiting for the index, newest first. */
export function listQueuedCitizens(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT citizen_id FROM citizen_queue ORDER BY citizen_id DESC LIMIT ?', limit);
}

/** Takes indexed citizens out. */
export function dequeueCitizens(db: WritableDb, ids: readonly number[]): void {
  db.run('DELETE FROM citizen_queue WHERE citizen_id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
}

/** Puts the next chunk of all citizens into the queue; see {@link requeueTickets}. */
export function requeueCitizens(db: WritableDb, below: number): number | null {
  return requeue(db, below, 'citizens', 'INSERT OR IGNORE INTO citizen_queue (citizen_id) SELECT id');
}

function requeue(db: WritableDb, below: number, table: 'tickets' | 'citizens', insert: string): number | null {
  return db.transaction(() => {
    const from = db.value<number>(
      `SELECT min(id) FROM (SELECT id FROM ${table} WHERE id < ? ORDER BY id DESC LIMIT ?)`,
      below,
      REQUEUE_CHUNK,
    );
    if (from === undefined || from === null) return null;
    db.run(`${insert} FROM ${table} WHERE id >= ? AND id < ?`, from, below);
    return from;
  });
}
