import type { Line } from '#shared/domain/roles.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Columns of the facts of a call. */
export interface CallRow {
  readonly call_id: string;
  readonly ani: string;
  readonly line: string;
  readonly ring_at: number;
  readonly answered_at: number | null;
  readonly ended_at: number | null;
  readonly held_ms: number;
  /** JSON of the rest of its record. */
  readonly doc: string;
}

/** Keeps the facts of a call. A late message with fewer facts never erases known ones. */
export function upsertCall(db: WritableDb, call: CallFacts, now: number): void {
  db.run(
    `INSERT INTO calls (call_id, ani, line, ring_at, answered_at, ended_at, held_ms, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (call_id) DO UPDATE SET
       answered_at = coalesce(excluded.answered_at, answered_at),
       ended_at = coalesce(excluded.ended_at, ended_at),
       held_ms = max(excluded.held_ms, held_ms),
       updated_at = excluded.updated_at`,
    call.callId,
    call.ani,
    call.line,
    call.ringAt,
    call.answeredAt,
    call.endedAt,
    call.heldMs,
    now,
  );
}

const COLUMNS = 'call_id, ani, line, ring_at, answered_at, ended_at, held_ms, doc';
function isOutbound({ doc }: CallRow): boolean {
  return (JSON.parse(doc) as { readonly direction?: string }).direction === 'out';
}

/** A row's facts. */
export function toFacts(row: CallRow): CallFacts {
  return {
    callId: row.call_id as CallId,
    ani: row.ani,
    line: row.line as Line,
    ringAt: row.ring_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    heldMs: row.held_ms,
    ...(isOutbound(row) ? { direction: 'out' } : {}),
  };
}

/** All that is known of a call. */
export function findCall(db: ReadableDb, callId: string): CallFacts | null {
  const row = db.get<CallRow>(`SELECT ${COLUMNS} FROM calls WHERE call_id = ?`, callId);
  return row ? toFacts(row) : null;
}

/** The last calls of some numbers this console has seen, newest first. */
export function listCallsByNumbers(db: ReadableDb, numbers: readonly string[], limit: number): readonly CallFacts[] {
  const rows = numbers.flatMap((ani) =>
    db.all<CallRow>(
      `SELECT ${COLUMNS} FROM calls WHERE ani = ? AND ani <> '' ORDER BY ring_at DESC LIMIT ?`,
      ani,
      limit,
    ),
  );
  rows.sort((a, b) => b.ring_at - a.ring_at);
  return rows.slice(0, limit).map(toFacts);
}

/** Calls of a number this console has seen. */
export function countCallsByNumber(db: ReadableDb, ani: string): number {
  if (ani === '') return 0;
  return db.value<number>(`SELECT count(*) FROM calls WHERE ani = ? AND ani <> ''`, ani) ?? 0;
}
