import type { HeldReason, SyncStatus } from '#shared/contract/sync.contract.ts';
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
  /** How many of the counted rows are only known by uid and version ({@link leaveOut}). */
  readonly leftOut: number;
  /** Whether there is anybody whose tickets are not kept. */
  readonly leavesOut: boolean;
  readonly parity: SyncStatus['parity'];
  /** How often the scope was pulled from the start, and after which of these rounds rows of former ones were looked for. */
  readonly round: number;
  readonly swept: number;
  /** Why deletes wait for a person instead of being applied; null when they are applied. */
  readonly held: HeldReason | null;
  /** False while the server no longer names the scope and a person decides about its rows. */
  readonly isGranted: boolean;
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
  readonly pull_round: number;
  readonly swept_round: number;
  readonly deletes_held: number;
  readonly is_granted: number;
  readonly left_out: number;
  readonly leaves_out: number;
}

/** By what `deletes_held` holds. */
const HELD: readonly (HeldReason | null)[] = [null, 'server-restored', 'mass-delete'];

function toState(row: ScopeRow): ScopeState {
  return {
    id: row.id,
    scope: row.scope,
    epoch: row.epoch,
    seq: row.seq,
    count: row.row_count,
    digest: { hi: row.digest_hi, lo: row.digest_lo },
    leftOut: row.left_out,
    leavesOut: row.leaves_out === 1,
    parity: row.parity,
    round: row.pull_round,
    swept: row.swept_round,
    held: HELD[row.deletes_held] ?? null,
    isGranted: row.is_granted === 1,
  };
}

const SELECT = 'SELECT *, EXISTS (SELECT 1 FROM left_out_takers) AS leaves_out FROM scopes';

/** All scopes this console holds rows of. */
export function listScopes(db: ReadableDb): readonly ScopeState[] {
  return db.all<ScopeRow>(`${SELECT} ORDER BY scope`).map(toState);
}

/** The state of one scope. */
export function findScope(db: ReadableDb, id: number): ScopeState | null {
  const row = db.get<ScopeRow>(`${SELECT} WHERE id = ?`, id);
  return row ? toState(row) : null;
}

/** Starts to replicate a scope, or goes on with one that was withdrawn. */
export function insertScope(db: WritableDb, scope: string, epoch: number): void {
  db.run(
    `INSERT INTO scopes (scope, epoch, seq, row_count, digest_hi, digest_lo, parity, deletes_held)
     VALUES (?, ?, 0, 0, 0, 0, 'unknown', 0) ON CONFLICT (scope) DO UPDATE SET is_granted = 1`,
    scope,
    epoch,
  );
}

/** Stores cursor, count, digest and flags of a scope. */
export function saveScope(db: WritableDb, state: ScopeState): void {
  db.run(
    `UPDATE scopes SET epoch = ?, seq = ?, row_count = ?, digest_hi = ?, digest_lo = ?, parity = ?, pull_round = ?, swept_round = ?,
       deletes_held = ?, is_granted = ?, left_out = ? WHERE id = ?`,
    state.epoch,
    state.seq,
    state.count,
    state.digest.hi,
    state.digest.lo,
    state.parity,
    state.round,
    state.swept,
    HELD.indexOf(state.held),
    state.isGranted ? 1 : 0,
    state.leftOut,
    state.id,
  );
}

/** Forgets a scope that no row belongs to any more, with everything that was kept for it. */
export function deleteScope(db: WritableDb, { id, scope }: Pick<ScopeState, 'id' | 'scope'>): void {
  db.run('DELETE FROM parked_rows WHERE scope = ?', scope);
  db.run('DELETE FROM held_deletes WHERE scope = ?', scope);
  db.run('DELETE FROM left_out_tickets WHERE scope_id = ?', id);
  db.run('DELETE FROM scopes WHERE id = ?', id);
}

/** Keeps a row of a shape that this build does not understand. */
export function parkRow(db: WritableDb, scope: string, seq: number, raw: string, now: number): void {
  db.run(
    `INSERT INTO parked_rows (scope, seq, reason, raw, at) VALUES (?, ?, 'unknown-data', ?, ?)`,
    scope,
    seq,
    raw,
    now,
  );
}

/** True while rows of a scope are kept that this build does not understand. */
export function hasParked(db: ReadableDb, scope: string): boolean {
  return db.value<number>('SELECT 1 FROM parked_rows WHERE scope = ? LIMIT 1', scope) !== undefined;
}

/** Forgets the parked rows of a scope: it is about to be pulled again from the start, and they come again. */
export function unpark(db: WritableDb, scope: string): void {
  db.run('DELETE FROM parked_rows WHERE scope = ?', scope);
}

/** Rows received by kind. */
export interface CachedCounts {
  readonly tickets: number;
  /** Of the tickets those that are only known by uid and version. */
  readonly leftOut: number;
  readonly citizens: number;
}

/** Counts them out of the counters of the scopes. */
export function countCached(db: ReadableDb): CachedCounts {
  const row = db.get<{ [K in keyof CachedCounts]: number | null }>(
    `SELECT sum(CASE WHEN scope GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]:[0-9]*' THEN row_count END) AS tickets,
            sum(CASE WHEN scope LIKE '%:citizens' THEN row_count END) AS citizens,
            sum(left_out) AS leftOut FROM scopes`,
  );
  return { tickets: row?.tickets ?? 0, leftOut: row?.leftOut ?? 0, citizens: row?.citizens ?? 0 };
}
