import type { OpId } from '#shared/kernel/ids.ts';
import { attachmentsOfOp } from '#shared/sync/op-attachments.ts';
import { readReason, type Stumble } from '#shared/sync/refusals.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { releaseAttachments, wantAttachments } from './attachment.repository.ts';

export type OutboxState = 'waiting' | 'rejected' | 'blocked';

/** An operation as it lies in the outbox. */
export interface OutboxEntry {
  readonly op: Op;
  readonly incarnation: number;
  readonly schema: number;
  readonly label: string;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly lastTryAt: number | null;
  /** What stopped it last; null when nothing has. */
  readonly lastError: Stumble | null;
}

interface OutboxRow {
  readonly incarnation: number;
  readonly s: number;
  readonly op_id: string;
  readonly kind: string;
  readonly uid: string;
  readonly label: string;
  readonly at: number;
  readonly base_version: number;
  readonly depends_on: string | null;
  readonly args: string;
  readonly hash: string;
  readonly schema: number;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly last_try_at: number | null;
  readonly last_error: string | null;
  readonly last_detail: string;
}

function toEntry(row: OutboxRow): OutboxEntry {
  const op = {
    s: row.s,
    opId: row.op_id as OpId,
    at: row.at,
    baseVersion: row.base_version,
    ...(row.depends_on === null ? {} : { dependsOn: row.depends_on as OpId }),
    hash: row.hash,
    kind: row.kind,
    uid: row.uid,
    args: JSON.parse(row.args),
  } as Op;
  return {
    op,
    incarnation: row.incarnation,
    schema: row.schema,
    label: row.label,
    state: row.state,
    attempts: row.attempts,
    lastTryAt: row.last_try_at,
    lastError: row.last_error === null ? null : { code: row.last_error, detail: row.last_detail },
  };
}

/** Adds an operation under its number. The files it speaks of are wanted at the server from now on. */
export function insertOutboxEntry(
  db: WritableDb,
  entry: Pick<OutboxEntry, 'op' | 'incarnation' | 'schema' | 'label'>,
): void {
  const { op } = entry;
  db.run(
    `INSERT INTO outbox (incarnation, s, op_id, kind, uid, label, at, base_version, depends_on, args, hash, schema, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    entry.incarnation,
    op.s,
    op.opId,
    op.kind,
    op.uid,
    entry.label,
    op.at,
    op.baseVersion,
    op.dependsOn ?? null,
    JSON.stringify(op.args),
    op.hash,
    entry.schema,
  );
  wantAttachments(
    db,
    attachmentsOfOp(op).map(({ sha256 }) => sha256),
    op.uid,
  );
}

/** Everything in the outbox, oldest first. */
export function listOutbox(db: ReadableDb): readonly OutboxEntry[] {
  return db.all<OutboxRow>('SELECT * FROM outbox ORDER BY id').map(toEntry);
}

/** Operations still to be sent, from number `after` on, oldest first. */
export function listWaiting(db: ReadableDb, after: number, limit: number): readonly OutboxEntry[] {
  return db
    .all<OutboxRow>(`SELECT * FROM outbox WHERE state = 'waiting' AND s > ? ORDER BY s LIMIT ?`, after, limit)
    .map(toEntry);
}

/** Unconfirmed operations on one row, oldest first. */
export function listOutboxOf(db: ReadableDb, uid: string): readonly OutboxEntry[] {
  return db.all<OutboxRow>('SELECT * FROM outbox WHERE uid = ? ORDER BY id', uid).map(toEntry);
}

/** True when operations on a row are not confirmed. */
export function hasOutboxOf(db: ReadableDb, uid: string): boolean {
  return db.value<number>('SELECT 1 FROM outbox WHERE uid = ? LIMIT 1', uid) !== undefined;
}

/** An operation by its id. */
export function findOutboxEntry(db: ReadableDb, opId: string): OutboxEntry | null {
  const row = db.get<OutboxRow>('SELECT * FROM outbox WHERE op_id = ?', opId);
  return row ? toEntry(row) : null;
}

/** An operation still waiting under a number. */
export function findWaiting(db: ReadableDb, incarnation: number, s: number): OutboxEntry | null {
  const row = db.get<OutboxRow>(
    `SELECT * FROM outbox WHERE incarnation = ? AND s = ? AND state = 'waiting'`,
    incarnation,
    s,
  );
  return row ? toEntry(row) : null;
}

/** Number, id and wire text of an operation, byte for byte what {@link OutboxEntry} holds; its arguments are not parsed for it. */
export interface WaitingText {
  readonly s: number;
  readonly opId: string;
  readonly text: string;
}

/** Operations still to be sent as JSON, from number `after` on, oldest first. */
export function listWaitingTexts(db: ReadableDb, after: number, limit: number): readonly WaitingText[] {
  return db
    .all<OutboxRow>(
      `SELECT s, op_id, at, base_version, depends_on, hash, kind, uid, args FROM outbox
       WHERE state = 'waiting' AND s > ? ORDER BY s LIMIT ?`,
      after,
      limit,
    )
    .map((row) => {
      const head = JSON.stringify({
        s: row.s,
        opId: row.op_id,
        at: row.at,
        baseVersion: row.base_version,
        ...(row.depends_on === null ? {} : { dependsOn: row.depends_on }),
        hash: row.hash,
        kind: row.kind,
        uid: row.uid,
      });
      return { s: row.s, opId: row.op_id, text: `${head.slice(0, -1)},"args":${row.args}}` };
    });
}

/** What is left of an operation that the server has applied. */
export interface AppliedEntry {
  readonly op_id: string;
  readonly kind: Op['kind'];
  readonly uid: string;
}

/** Takes a waiting operation out that the server has applied; undefined when it was taken out before. */
export function takeApplied(db: WritableDb, incarnation: number, s: number): AppliedEntry | undefined {
  return db.get<AppliedEntry>(
    `DELETE FROM outbox WHERE incarnation = ? AND s = ? AND state = 'waiting' RETURNING op_id, kind, uid`,
    incarnation,
    s,
  );
}

/** Takes an operation out that was never sent. @returns false when it is gone */
export function deleteUnsent(db: WritableDb, opId: string): boolean {
  return deleteWithFiles(db, `DELETE FROM outbox WHERE op_id = ? AND state = 'waiting' RETURNING *`, opId);
}

/** Files that only this operation wanted at the server are not wanted any more. */
function deleteWithFiles(db: WritableDb, sql: string, opId: string): boolean {
  const row = db.get<OutboxRow>(sql, opId);
  if (!row) return false;
  const { op } = toEntry(row);
  const hashes = attachmentsOfOp(op).map(({ sha256 }) => sha256);
  if (hashes.length === 0) return true;
  const others = new Set(
    listOutboxOf(db, op.uid).flatMap((other) => attachmentsOfOp(other.op).map(({ sha256 }) => sha256)),
  );
  releaseAttachments(
    db,
    hashes.filter((sha256) => !others.has(sha256)),
    op.uid,
  );
  return true;
}

/** Takes a refused operation out for good: a person has read the reason and decided. */
export function deleteRefused(db: WritableDb, opId: string): void {
  deleteWithFiles(db, `DELETE FROM outbox WHERE op_id = ? AND state <> 'waiting' RETURNING *`, opId);
}

export interface OutboxCounts {
  readonly waiting: number;
  readonly needsAttention: number;
}

/** How much is not confirmed. */
export function countOutbox(db: ReadableDb): OutboxCounts {
  const waiting = db.value<number>(`SELECT count(*) FROM outbox WHERE state = 'waiting'`) ?? 0;
  const all = db.value<number>('SELECT count(*) FROM outbox') ?? 0;
  return { waiting, needsAttention: all - waiting };
}

/** Keeps an operation the server did not apply, with the reason (a code, perhaps with a detail behind a colon), for the person. */
export function setOutboxRefused(
  db: WritableDb,
  opId: string,
  state: 'rejected' | 'blocked',
  reason: string,
  now: number,
): void {
  const { code, detail } = readReason(reason);
  db.run(
    `UPDATE outbox SET state = ?, last_error = ?, last_detail = ?, last_try_at = ?, attempts = attempts + 1 WHERE op_id = ?`,
    state,
    code,
    detail,
    now,
    opId,
  );
}

/** Notes a try without an answer for the operations from `first` to `last`. */
export function noteOutboxTry(db: WritableDb, first: number, last: number, error: Stumble, now: number): void {
  db.run(
    `UPDATE outbox SET attempts = attempts + 1, last_try_at = ?, last_error = ?, last_detail = ?
     WHERE state = 'waiting' AND s BETWEEN ? AND ?`,
    now,
    error.code,
    error.detail,
    first,
    last,
  );
}

/**
 * Gives the waiting operations new numbers from 1 under a new incarnation.
 * @param order their ids as they are to be sent; the order of their numbers when left out
 * @returns how many there are
 */
export function renumberWaiting(
  db: WritableDb,
  incarnation: number,
  order: readonly string[] = db.values<string>(
    `SELECT op_id FROM outbox WHERE state = 'waiting' ORDER BY incarnation, s`,
  ),
): number {
  order.forEach((opId, index) => {
    db.run('UPDATE outbox SET incarnation = ?, s = ? WHERE op_id = ?', incarnation, index + 1, opId);
  });
  return order.length;
}
