import { z } from 'zod';
import { LOST_NOTE_KINDS, type Ticket } from '#shared/domain/ticket.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { addToDigest } from '#shared/kernel/row-hash.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import { type PullResponse, type WireRow, wireRowSchema } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { forgetLostNote, keepLostNote, releaseDelete } from '../repositories/held-delete.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { parkRow, type ScopeState } from '../repositories/scope.repository.ts';
import { markAsCome } from '../repositories/scope-rows.repository.ts';
import { forgetErasedCaller } from '../services/forget-person.ts';
import { takeHandover } from '../services/handover.service.ts';
import { leaveOut } from '../services/leave-out.ts';
import { leaveOldScope, withoutLeftOut } from '../services/leave-scope.ts';
import { CITIZENS, RECORDS, type RowState, type SyncedTable, TICKETS } from '../services/synced-table.ts';
import { applyGone } from './remove-rows.ts';

/** A pulled row before it was checked: one that this build does not understand must not stop the others. */
export const rawRowSchema = z.looseObject({ scope: z.string(), seq: z.number().int().nonnegative() });
const uidSchema = z.looseObject({ uid: z.string() });
export type RawRow = z.infer<typeof rawRowSchema>;
export type GoneRow = PullResponse['gone'][number];

/** One change of a scope in the order of its server numbers. */
export type Change =
  | { readonly kind: 'row'; readonly seq: number; readonly raw: RawRow }
  | { readonly kind: 'gone'; readonly seq: number; readonly gone: GoneRow };

let compiled: ReadonlyMap<unknown, z.ZodType<WireRow>> = new Map();

/**
 * From now on rows are checked by compiled code: the same results sooner. Compiling takes as long as checking thousands of rows, which nobody should wait for who
 * applies a few.
 */
export function compileRowChecks(): void {
  compiled = new Map(wireRowSchema.options.map((option) => [option.shape.table.value, z.compile(option)]));
}

/** Whether a row is one that this build understands. */
export function checkRow(raw: RawRow): z.ZodSafeParseResult<WireRow> {
  return (compiled.get(raw.table) ?? wireRowSchema).safeParse(raw);
}

/**
 * Applies one change and returns the scope's new count and digest (the cursor moves with them, in the caller's transaction).
 * A row of an unknown shape is parked, a delete waits for a person while deletes are held: nothing that was received is dropped.
 */
export function applyChange(
  db: WritableDb,
  scope: ScopeState,
  change: Change,
  actor: OpActor,
  now: number,
): ScopeState {
  if (change.kind === 'gone') return { ...applyGone(db, scope, change.gone.uid, now), seq: change.seq };
  const parsed = checkRow(change.raw);
  if (!parsed.success) {
    parkRow(db, scope.scope, change.seq, JSON.stringify(change.raw), now);
    const uid = uidSchema.safeParse(change.raw.row);
    if (uid.success) markAsCome(db, scope, uid.data.uid);
    return { ...scope, seq: change.seq };
  }
  const applied = applyRow(db, scope, parsed.data, actor, now);
  if (parsed.data.table === 'records' && parsed.data.row.kind === 'handover') {
    takeHandover(db, parsed.data.row, actor.seat, now);
  }
  return { ...applied, seq: change.seq };
}

function applyRow(db: WritableDb, scope: ScopeState, wire: WireRow, actor: OpActor, now: number): ScopeState {
  switch (wire.table) {
    case 'tickets':
      if (scope.held === 'server-restored') keepLostNotes(db, wire.row, actor);
      forgetErasedCaller(db, wire.row);
      return (
        leaveOut(db, scope, wire.row, actor, now) ??
        withoutLeftOut(db, applyTo(TICKETS, db, scope, wire.row, actor), wire.row.uid)
      );
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

function applyTo<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  db: WritableDb,
  scope: ScopeState,
  row: Row,
  actor: OpActor,
): ScopeState {
  const old = table.findState(db, row.uid);
  leaveOldScope(db, scope, row.uid, old);
  const received = { scopeId: scope.id, version: row.version, round: scope.round };
  if (scope.held !== null) releaseDelete(db, row.uid);
  const newer = old && isNewerHere(scope, old, row.version) ? table.find(db, row.uid) : null;
  if (old && newer) {
    table.save(db, newer, old, received);
    return replaceInDigest(scope, row.uid, old, row.version);
  }
  // Also of a row that is new here: what the journal brought back after the cache was lost waits for rows that have yet to come.
  const pending = listOutboxOf(db, row.uid);
  if (pending.length > 0) {
    const shown = table.replay(row, pending, actor) ?? row;
    table.saveBase(db, table.save(db, shown, old ?? null, received), row);
  } else {
    const id = table.save(db, row, old ?? null, received);
    if (old) table.deleteBase(db, id);
  }
  return replaceInDigest(scope, row.uid, old, row.version);
}

/**
 * A segment, or an answer that was under way, holds a row as it was when it was made. Of one that was fetched for a caller, or confirmed to this seat,
 * a newer version is shown here: it stays, with its server's row beside it, until the pull brings that or a newer one, and nobody sees the row go
 * back. A server out of a backup is believed.
 */
function isNewerHere({ held }: ScopeState, { scope_id, version }: RowState, arriving: number): boolean {
  return scope_id === null && version > arriving && held === null;
}

/** Own notes that this console shows as confirmed and a restored server does not have: they can be sent again. */
function keepLostNotes(db: WritableDb, row: Ticket, actor: OpActor): void {
  const known = TICKETS.find(db, row.uid);
  if (!known || actor.id === null) return;
  const there = new Set<string>(row.events.map(({ id }) => id));
  for (const id of there) forgetLostNote(db, id);
  const queued = new Set<string>(
    listOutboxOf(db, row.uid).flatMap(({ op }) => (op.kind === 'ticket.note' ? [op.args.eventId] : [])),
  );
  for (const { id, kind: written, actorId, text, at, ref, dueAt = null } of known.events) {
    const kind = LOST_NOTE_KINDS.find((each) => each === written);
    if (!kind || actorId !== actor.id || there.has(id) || queued.has(id)) continue;
    keepLostNote(db, { eventId: id, ticketUid: row.uid, kind, text, at, ref, dueAt });
  }
}
