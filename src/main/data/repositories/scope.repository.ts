import type { SyncStatus } from '#shared/contract/data.contract.ts';
import type { Digest } from '#shared/kernel/row-hash.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Replication state of one scope. */
export interface ScopeState {
  readonly id: number;
  readonly scope: string;
  readonly epoch: number;
  /** Cursor: everything up to here was applied. */
  readonly seq: number;
  readonly count: number;
  readonly digest: Digest;
  readonly parity: SyncStatus['parity'];
  /** Deletes are parked, not applied, until a person agreed (restored or replaced server, mass delete). */
  readonly deletesHeld: boolean;
}

interface ScopeRow {
  readonly id: number;
  readonly scope: string;
  readonly epoch: number;
  readonly seq: number;
  readonly row_count: number;
  readonly digest_hi: number;
  readonly digest_lo: number;
  readonly parity: SyncStatus['parity'];
  readonly deletes_held: number;
}

function toState(row: ScopeRow): ScopeState {
  return {
    id: row.id,
    scope: row.scope,
    epoch: row.epoch,
    seq: row.seq,
    count: row.row_count,
    digest: { hi: row.digest_hi, lo: row.digest_lo },
    parity: row.parity,
    deletesHeld: row.deletes_held === 1,
  };
}

/** All scopes this console replicates. */
export function listScopes(db: ReadableDb): readonly ScopeState[] {
  return db.all<ScopeRow>('SELECT * FROM scopes ORDER BY scope').map(toState);
}

/** Starts to replicate a scope. */
export function insertScope(db: WritableDb, scope: string, epoch: number): void {
  db.run(
    `INSERT INTO scopes (scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held)
     VALUES (?, ?, 0, 0, 0, 0, 'unknown', 0) ON CONFLICT (scope) DO NOTHING`,
    scope,
    epoch,
  );
}

/** Stores cursor, count, digest and flags of a scope. */
export function saveScope(db: WritableDb, state: ScopeState): void {
  db.run(
    `UPDATE scopes SET epoch = ?, seq = ?, row_count = ?, digest_hi = ?, digest_lo = ?, parity = ?, deletes_held = ? WHERE id = ?`,
    state.epoch,
    state.seq,
    state.count,
    state.digest.hi,
    state.digest.lo,
    state.parity,
    state.deletesHeld ? 1 : 0,
    state.id,
  );
}

export type ParkReason = 'unknown-data' | 'delete-after-epoch-change' | 'mass-delete';

/** Keeps what cannot be applied now. */
export function parkRow(
  db: WritableDb,
  scope: string,
  seq: number,
  reason: ParkReason,
  raw: string,
  now: number,
): void {
  db.run('INSERT INTO parked_rows (scope, seq, reason, raw, at) VALUES (?, ?, ?, ?, ?)', scope, seq, reason, raw, now);
}

/** Forgets the rows of a scope that were parked for their shape: the scope is about to be pulled again from the start. */
export function unparkUnknown(db: WritableDb, scope: string): void {
  db.run(`DELETE FROM parked_rows WHERE scope = ? AND reason = 'unknown-data'`, scope);
}

/** Rows of the cache by kind, out of the counters of the scopes. */
export function countCached(db: ReadableDb): { readonly tickets: number; readonly citizens: number } {
  const row = db.get<{ tickets: number | null; citizens: number | null }>(
    `SELECT sum(CASE WHEN scope GLOB '*:[0-9]*' THEN row_count END) AS tickets,
            sum(CASE WHEN scope LIKE '%:citizens' THEN row_count END) AS citizens FROM scopes`,
  );
  return { tickets: row?.tickets ?? 0, citizens: row?.citizens ?? 0 };
}
