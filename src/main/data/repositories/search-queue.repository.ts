import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Rows put back into a queue per transaction when the index is built anew; a tenth of a second for ten times as many. */
const REQUEUE_CHUNK = 2_000;

/** A row that waits for the index. It leaves the queue only in the turn it was read in: a later change is indexed, too. */
export interface QueuedRow {
  readonly id: number;
  readonly turn: number;
}

/** A ticket that waits for the index: with a new text, or only with new values to filter by. */
export interface QueuedTicket extends QueuedRow {
  readonly hasNewText: boolean;
}

/** Queues a ticket; a new text is never forgotten by a later change of values alone. */
export function enqueueTicket(db: WritableDb, id: number, hasNewText: boolean): void {
  db.run(
    `INSERT INTO search_queue (ticket_id, new_text) VALUES (?, ?)
     ON CONFLICT (ticket_id) DO UPDATE SET new_text = max(new_text, excluded.new_text), turn = turn + 1`,
    id,
    hasNewText ? 1 : 0,
  );
}

/** Row ids waiting for the index, newest first. Tickets without a number stay here until the server gave one. */
export function listQueued(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT ticket_id FROM search_queue ORDER BY ticket_id DESC LIMIT ?', limit);
}

/** Tickets in the queue that can be indexed, and those that are gone. */
const INDEXABLE = `FROM search_queue q LEFT JOIN tickets t ON t.id = q.ticket_id WHERE (t.id IS NULL OR t.number IS NOT NULL)`;

/** Tickets that can be indexed now, newest first. @param below row ids smaller than this */
export function listIndexable(db: ReadableDb, limit: number, below = Number.MAX_SAFE_INTEGER): readonly QueuedTicket[] {
  return db
    .all<{ ticket_id: number; new_text: number; turn: number }>(
      `SELECT q.ticket_id, q.new_text, q.turn ${INDEXABLE} AND q.ticket_id < ? ORDER BY q.ticket_id DESC LIMIT ?`,
      below,
      limit,
    )
    .map(({ ticket_id: id, new_text, turn }) => ({ id, turn, hasNewText: new_text === 1 }));
}

/** How many wait with a new text, counted up to a limit. */
export function countQueuedTexts(db: ReadableDb, limit: number): number {
  return db.value<number>('SELECT count(*) FROM (SELECT 1 FROM search_queue WHERE new_text = 1 LIMIT ?)', limit) ?? 0;
}

/** Takes indexed tickets out that did not change since. */
export function dequeueTickets(db: WritableDb, rows: readonly QueuedRow[]): void {
  dequeue(db, 'search_queue', 'ticket_id', rows);
}

function dequeue(db: WritableDb, table: string, id: string, rows: readonly QueuedRow[]): void {
  db.run(
    `DELETE FROM ${table} WHERE ${id} IN (SELECT q.${id} FROM json_each(?) AS done CROSS JOIN ${table} q
       ON q.${id} = done.value ->> 0 AND q.turn = done.value ->> 1)`,
    JSON.stringify(rows.map((row) => [row.id, row.turn])),
  );
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
  return requeue(db, below, 'tickets', {
    insert: 'INSERT INTO search_queue (ticket_id, new_text) SELECT id, 1',
    again: 'ON CONFLICT (ticket_id) DO UPDATE SET new_text = 1, turn = turn + 1',
  });
}

/** Queues a citizen for the index. */
export function enqueueCitizen(db: WritableDb, id: number): void {
  db.run(
    'INSERT INTO citizen_queue (citizen_id) VALUES (?) ON CONFLICT (citizen_id) DO UPDATE SET turn = turn + 1',
    id,
  );
}

/** Row ids of citizens waiting for the index, newest first. */
export function listQueuedCitizens(db: ReadableDb, limit: number): readonly number[] {
  return db.values<number>('SELECT citizen_id FROM citizen_queue ORDER BY citizen_id DESC LIMIT ?', limit);
}

/** Citizens waiting for the index with their turns, newest first. @param below row ids smaller than this */
export function listIndexableCitizens(
  db: ReadableDb,
  limit: number,
  below = Number.MAX_SAFE_INTEGER,
): readonly QueuedRow[] {
  return db.all<QueuedRow & object>(
    'SELECT citizen_id AS id, turn FROM citizen_queue WHERE citizen_id < ? ORDER BY citizen_id DESC LIMIT ?',
    below,
    limit,
  );
}

/** Whether at least so many rows that can be indexed wait in one of the queues. */
export function hasManyQueued(db: ReadableDb, many: number): boolean {
  const isReached = (rows: string) => (db.value<number>(`SELECT count(*) FROM (${rows} LIMIT ?)`, many) ?? 0) >= many;
  if (isReached('SELECT 1 FROM citizen_queue')) return true;
  // Tickets without a number wait as well, but hardly ever many: nobody looks them up before that is asked.
  return isReached('SELECT 1 FROM search_queue') && isReached(`SELECT 1 ${INDEXABLE}`);
}

/** Takes indexed citizens out that did not change since. */
export function dequeueCitizens(db: WritableDb, rows: readonly QueuedRow[]): void {
  dequeue(db, 'citizen_queue', 'citizen_id', rows);
}

/** Puts the next chunk of all citizens into the queue; see {@link requeueTickets}. */
export function requeueCitizens(db: WritableDb, below: number): number | null {
  return requeue(db, below, 'citizens', {
    insert: 'INSERT INTO citizen_queue (citizen_id) SELECT id',
    again: 'ON CONFLICT (citizen_id) DO UPDATE SET turn = turn + 1',
  });
}

function requeue(
  db: WritableDb,
  below: number,
  table: 'tickets' | 'citizens',
  { insert, again }: { readonly insert: string; readonly again: string },
): number | null {
  return db.transaction(() => {
    const from = db.value<number>(
      `SELECT min(id) FROM (SELECT id FROM ${table} WHERE id < ? ORDER BY id DESC LIMIT ?)`,
      below,
      REQUEUE_CHUNK,
    );
    if (from === undefined || from === null) return null;
    db.run(`${insert} FROM ${table} WHERE id >= ? AND id < ? ${again}`, from, below);
    return from;
  });
}
