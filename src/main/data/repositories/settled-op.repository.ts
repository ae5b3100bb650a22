import type { OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import type { OutboxEntry } from './outbox.repository.ts';

/** What somebody decided about an operation that the server had refused. */
export type Decision = 'theirs' | 'mine' | 'merged';

/** A refused operation that is decided. */
export interface SettledOp {
  readonly opId: OpId;
  readonly kind: string;
  readonly uid: string;
  readonly label: string;
  readonly at: number;
  readonly op: Op;
  readonly reason: { readonly code: string; readonly detail: string };
  readonly decision: Decision;
  readonly decidedAt: number;
}

interface SettledRow {
  readonly op_id: string;
  readonly kind: string;
  readonly uid: string;
  readonly label: string;
  readonly at: number;
  readonly op: string;
  readonly reason: string;
  readonly detail: string;
  readonly decision: Decision;
  readonly decided_at: number;
}

/** How long decisions are kept: as long as the server keeps what was refused, twice. */
const KEEP_MS = 180 * 86_400_000;

/** Keeps a refused operation with what was decided about it. */
export function saveSettled(
  db: WritableDb,
  { op, label, lastError }: OutboxEntry,
  decision: Decision,
  now: number,
): void {
  db.run(
    `INSERT OR REPLACE INTO settled_ops (op_id, kind, uid, label, at, op, reason, detail, decision, decided_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    op.opId,
    op.kind,
    op.uid,
    label,
    op.at,
    JSON.stringify(op),
    lastError?.code ?? '',
    lastError?.detail ?? '',
    decision,
    now,
  );
  db.run('DELETE FROM settled_ops WHERE decided_at < ?', now - KEEP_MS);
}

/** Decisions, the last one first. */
export function listSettled(db: ReadableDb, limit: number): readonly SettledOp[] {
  return db
    .all<SettledRow>('SELECT * FROM settled_ops ORDER BY decided_at DESC, op_id DESC LIMIT ?', limit)
    .map((row) => ({
      opId: row.op_id as OpId,
      kind: row.kind,
      uid: row.uid,
      label: row.label,
      at: row.at,
      op: JSON.parse(row.op) as Op,
      reason: { code: row.reason, detail: row.detail },
      decision: row.decision,
      decidedAt: row.decided_at,
    }));
}

/** Takes away what was decided about a row. */
export function forgetSettled(db: WritableDb, uid: string): void {
  db.run('DELETE FROM settled_ops WHERE uid = ?', uid);
}
