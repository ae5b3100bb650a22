import { z } from 'zod';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { addToDigest } from '#shared/kernel/row-hash.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { SyncTable } from '#shared/sync/protocol.ts';
import { type PullResponse, type WireRow, wireRowSchema } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { parkRow, type ScopeState } from '../repositories/scope.repository.ts';
import { CITIZENS, RECORDS, type RowState, type SyncedTable, TICKETS } from '../services/synced-table.ts';

/** A pulled row before it was checked: one that this build does not understand must not stop the others. */
export const rawRowSchema = z.looseObject({ scope: z.string(), seq: z.number().int().nonnegative() });
export type RawRow = z.infer<typeof rawRowSchema>;
export type GoneRow = PullResponse['gone'][number];

/** One change of a scope in the order of its server numbers. */
export type Change =
  | { readonly kind: 'row'; readonly seq: number; readonly raw: RawRow }
  | { readonly kind: 'gone'; readonly seq: number; readonly gone: GoneRow };

/**
 * Applies one change and returns the scope's new count and digest (the cursor moves with them, in the caller's transaction).
 * A row of an unknown shape is parked, a delete while deletes are held is parked too: nothing that was received is dropped.
 */
export function applyChange(
  db: WritableDb,
  scope: ScopeState,
  change: Change,
  actor: OpActor,
  now: number,
): ScopeState {
  if (change.kind === 'gone') return { ...applyGone(db, scope, change.gone, now), seq: change.seq };
  const parsed = wireRowSchema.safeParse(change.raw);
  if (!parsed.success) {
    parkRow(db, scope.scope, change.seq, 'unknown-data', JSON.stringify(change.raw), now);
    return { ...scope, seq: change.seq };
  }
  return { ...applyRow(db, scope, parsed.data, actor), seq: change.seq };
}

function applyRow(db: WritableDb, scope: ScopeState, wire: WireRow, actor: OpActor): ScopeState {
  switch (wire.table) {
    case 'tickets':
      return applyTo(TICKETS, db, scope, wire.row, actor);
    case 'citizens':
      return applyTo(CITIZENS, db, scope, wire.row, actor);
    case 'records':
      return applyTo(RECORDS, db, scope, wire.row, actor);
    default:
      return assertNever(wire, 'table');
  }
}

type OldBase = Pick<RowState, 'base_version' | 'scope_id'>;

/** Count and digest after a row version replaced the one received before. */
function replaceInDigest(scope: ScopeState, uid: string, old: OldBase | undefined, version: number): ScopeState {
  const had = old !== undefined && old.base_version > 0 && old.scope_id === scope.id;
  const without = had ? addToDigest(scope.digest, uid, old.base_version, -1) : scope.digest;
  return { ...scope, count: had ? scope.count : scope.count + 1, digest: addToDigest(without, uid, version) };
}

/** Count and digest after a row left. */
function removeFromDigest(scope: ScopeState, uid: string, old: OldBase): ScopeState {
  if (old.base_version === 0) return scope;
  return { ...scope, count: scope.count - 1, digest: addToDigest(scope.digest, uid, old.base_version, -1) };
}

/** A row that came from another scope of this console leaves that one's count at once. */
function leaveOldScope(db: WritableDb, scope: ScopeState, uid: string, old: OldBase | undefined): void {
  if (!old || old.scope_id === null || old.scope_id === scope.id || old.base_version === 0) return;
  const row = db.get<{ row_count: number; digest_hi: number; digest_lo: number }>(
    'SELECT row_count, digest_hi, digest_lo FROM scopes WHERE id = ?',
    old.scope_id,
  );
  if (!row) return;
  const digest = addToDigest({ hi: row.digest_hi, lo: row.digest_lo }, uid, old.base_version, -1);
  db.run(
    'UPDATE scopes SET row_count = ?, digest_hi = ?, digest_lo = ? WHERE id = ?',
    row.row_count - 1,
    digest.hi,
    digest.lo,
    old.scope_id,
  );
}

function applyTo<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  db: WritableDb,
  scope: ScopeState,
  row: Row,
  actor: OpActor,
): ScopeState {
  const old = table.findState(db, row.uid);
  leaveOldScope(db, scope, row.uid, old);
  const received = { scopeId: scope.id, version: row.version };
  const pending = old ? listOutboxOf(db, row.uid) : [];
  if (pending.length > 0) {
    const shown = table.replay(row, pending, actor) ?? row;
    table.saveBase(db, table.save(db, shown, old ?? null, received), row);
  } else {
    const id = table.save(db, row, old ?? null, received);
    if (old) table.deleteBase(db, id);
  }
  return replaceInDigest(scope, row.uid, old, row.version);
}

/** What removing a row needs of its table, whichever it is. */
const REMOVABLE: Readonly<
  Record<SyncTable, Pick<SyncedTable<never, RowState>, 'findState' | 'remove' | 'clearBase' | 'deleteBase'>>
> = { tickets: TICKETS, citizens: CITIZENS, records: RECORDS };

function applyGone(db: WritableDb, scope: ScopeState, gone: GoneRow, now: number): ScopeState {
  if (scope.deletesHeld) {
    parkRow(db, scope.scope, gone.seq, 'delete-after-epoch-change', JSON.stringify(gone), now);
    return scope;
  }
  const table = REMOVABLE[gone.table];
  const old = table.findState(db, gone.uid);
  // A row that has meanwhile arrived in another scope belongs to that one.
  if (!old || old.scope_id !== scope.id) return scope;
  if (listOutboxOf(db, gone.uid).length > 0) {
    table.clearBase(db, old.id);
    table.deleteBase(db, old.id);
  } else table.remove(db, old.id);
  return removeFromDigest(scope, gone.uid, old);
}
