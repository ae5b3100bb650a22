import type { OpActor } from '#shared/sync/apply-op.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { DataError, toDataError } from '../errors.ts';
import { findScope, type ScopeState, saveScope } from '../repositories/scope.repository.ts';
import { applyChange, type Change } from './apply-rows.ts';
import { giveWay, type SyncContext } from './sync-context.ts';

/**
 * A transaction of pulled rows ends after this long, or after the first rows if they took longer; a caller lookup never waits longer
 * than one slice. Every commit writes the last pages of all indices again, so that very short ones triple the work.
 */
const SLICE_MS = 12;
const SLICE_LEAST = 50;

/** Changes in the order of their server numbers; one is read when its turn comes. */
export type Changes = Pick<readonly Change[], 'length' | 'at'>;

/** Why changes could not be applied to their end. */
export interface ApplyFailure {
  readonly code: string;
  readonly detail: string;
}

/** How one transaction of changes is made. */
export interface Slice {
  readonly actor: OpActor;
  /** Epoch ms. */
  readonly now: number;
  /** Asked after every row: whether the transaction should end. */
  isEnough(rows: number): boolean;
}

/**
 * Applies changes in short transactions; rows and cursor commit together. A row that fails stops the cursor of this scope right
 * before it, and this scope only.
 */
export async function applyChanges(
  ctx: SyncContext,
  start: ScopeState,
  changes: Changes,
  signal: AbortSignal,
): Promise<ApplyFailure | null> {
  const slices = applyInSlices(start, changes, (from, mostRows) => {
    const begun = ctx.elapsed();
    return ctx.write(() =>
      applySlice(ctx.bulk, start, changes, from, {
        actor: ctx.actor,
        now: ctx.clock.now(),
        isEnough: (rows) => rows >= mostRows || (rows >= SLICE_LEAST && ctx.elapsed() - begun >= SLICE_MS),
      }),
    );
  });
  while (!signal.aborted) {
    const step = slices.next();
    if (step.done) return step.value;
    await giveWay();
  }
  return null;
}

/**
 * Goes through changes slice by slice, and after one that fails row by row.
 * @param slice applies changes from one on, at most so many. @returns how many it applied
 * @yields how many changes are done
 */
export function* applyInSlices(
  start: ScopeState,
  changes: Changes,
  slice: (from: number, mostRows: number) => number,
): Generator<number, ApplyFailure | null, void> {
  let done = 0;
  let mostRows = Number.POSITIVE_INFINITY;
  while (done < changes.length) {
    try {
      done += slice(done, mostRows);
    } catch (error) {
      const known = toDataError(error);
      const isStorage = known instanceof DataError;
      if (isStorage || mostRows === 1) {
        const code = isStorage ? known.code : 'INTERNAL';
        const detail = known instanceof Error ? known.message : 'row does not apply';
        return { code, detail: `${start.scope}: ${detail}` };
      }
      mostRows = 1;
    }
    yield done;
  }
  return null;
}

/** Applies changes from one on in one transaction. @returns how many */
export function applySlice(
  db: WritableDb,
  start: ScopeState,
  changes: Changes,
  from: number,
  { actor, now, isEnough }: Slice,
): number {
  return db.transaction(() => {
    const state = findScope(db, start.id);
    if (!state) return changes.length;
    let scope: ScopeState = { ...state, held: state.held ?? start.held };
    let index = from;
    while (index < changes.length && !isEnough(index - from)) {
      const change = changes.at(index);
      if (change) scope = applyChange(db, scope, change, actor, now);
      index++;
    }
    // Inside an answer the cursor stands at the last applied change: everything before it is in this answer or older.
    saveScope(db, { ...scope, seq: Math.max(state.seq, scope.seq) });
    return index - from;
  });
}

/** The changes behind a cursor that may stand inside of them; null when they cannot be read. */
export function behindCursor(changes: Changes, seq: number): Changes | null {
  let [low, high] = [0, changes.length];
  try {
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes.at(middle)?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
  } catch {
    return null;
  }
  return { length: changes.length - low, at: (index: number) => changes.at(low + index) };
}
