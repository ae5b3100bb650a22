import type { Ticket } from '#shared/domain/ticket.ts';
import { undoAmendment } from '#shared/domain/ticket-amendment.ts';
import { isTicketOp } from '#shared/sync/apply-op.ts';
import type { OpResult, PushResponse } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import {
  findWaiting,
  listOutboxOf,
  type OutboxEntry,
  setOutboxRefused,
  takeApplied,
} from '../repositories/outbox.repository.ts';
import { findScope } from '../repositories/scope.repository.ts';
import { type ConfirmedTicket, confirmTicket, hasTicketBases } from '../repositories/ticket.repository.ts';
import { forgetLeft } from '../services/leave-scope.ts';
import { CITIZENS, RECORDS, type RowState, type SyncedTable, TICKETS, tableOfOp } from '../services/synced-table.ts';
import type { SyncContext } from './sync-context.ts';

type ResultContext = Pick<SyncContext, 'db' | 'actor' | 'clock' | 'elapsed'>;

/** What the answers of one batch say about one row. */
interface Confirmed extends ConfirmedTicket {
  readonly kind: OutboxEntry['op']['kind'];
}

/** One slice of taking over answers; nobody at the seat waits longer for it. */
const SLICE_MS = 8;

export interface TakenOver {
  /** Index of the first answer not yet taken over. */
  readonly next: number;
  /** Ids of the operations that left the outbox. */
  readonly done: readonly string[];
}

/**
 * Takes over answers to pushed operations, from the given one on, in one short transaction: what was applied leaves the outbox
 * and its row learns number and state; what was refused stays, with the reason, for the person. Answers that were taken over
 * before change nothing, and after a kill between two slices the rest is simply sent again.
 */
export function applyPushResults(
  ctx: ResultContext,
  incarnation: number,
  response: PushResponse,
  from: number,
): TakenOver {
  const { db } = ctx;
  const { results } = response;
  return db.transaction(() => {
    const done: string[] = [];
    const confirmed = new Map<string, Confirmed>();
    const begun = ctx.elapsed();
    let next = from;
    while (next < results.length && (next === from || ctx.elapsed() - begun < SLICE_MS)) {
      const result = results[next++];
      if (!result) continue;
      if (result.code === 'rejected' || result.code === 'blocked') {
        refuse(ctx, incarnation, result);
        continue;
      }
      const gone = takeApplied(db, incarnation, result.s);
      if (!gone) continue;
      done.push(gone.op_id);
      const before = confirmed.get(gone.uid);
      confirmed.set(gone.uid, {
        uid: gone.uid,
        kind: gone.kind,
        applied: (before?.applied ?? 0) + 1,
        version: Math.max(before?.version ?? 0, result.version),
        facts: result.ticket ?? before?.facts,
      });
    }
    // Asked once: server rows are kept beside few tickets, mostly none, and nothing here adds one.
    const mayHaveBases = hasTicketBases(db);
    for (const each of confirmed.values()) confirmRow(ctx, each, mayHaveBases);
    if (next === results.length) noteAcknowledged(db, incarnation, response.ack);
    return { next, done };
  });
}

function noteAcknowledged(db: WritableDb, incarnation: number, ack: number): void {
  const identity = getIdentity(db);
  if (identity.incarnation !== incarnation || ack <= identity.lastAck) return;
  saveIdentity(db, { ...identity, lastAck: Math.min(ack, identity.nextOp - 1) });
}

function refuse(ctx: ResultContext, incarnation: number, result: OpResult): void {
  const { db, clock } = ctx;
  const entry = findWaiting(db, incarnation, result.s);
  if (!entry) return;
  const state = result.code === 'blocked' ? 'blocked' : 'rejected';
  setOutboxRefused(db, entry.op.opId, state, result.reason ?? result.code, clock.now());
  showServerRow(ctx, entry);
}

function confirmRow(ctx: ResultContext, row: Confirmed, mayHaveBases: boolean): void {
  const { db } = ctx;
  const table = tableOfOp(row.kind);
  if (table === 'tickets') {
    if (!mayHaveBases || !showPulled(TICKETS, ctx, row)) confirmTicket(db, row, mayHaveBases);
  } else if (table === 'citizens') {
    if (!showPulled(CITIZENS, ctx, row)) confirmVersion(CITIZENS, db, row);
  } else if (table === 'records') {
    if (!showPulled(RECORDS, ctx, row)) confirmVersion(RECORDS, db, row);
  }
  if (table !== null) forgetLeft(db, table, row.uid);
}

/**
 * The answer came late: the row with what it confirms has been pulled already, perhaps with what others did after that. It is shown as the
 * server holds it, with the operations that still wait on top.
 * @returns false when the pull has still to bring it
 */
function showPulled<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  { db, actor }: ResultContext,
  { uid, version }: Confirmed,
): boolean {
  const state = table.findState(db, uid);
  const base = state ? table.findBase(db, state.id) : null;
  // A version of 0 says nothing: the answer is older than what the server keeps.
  if (!state || !base || version === 0 || base.version < version || isOfEarlierRound(db, state)) return false;
  const pending = listOutboxOf(db, uid);
  table.save(db, table.replay(base, pending, actor) ?? base, state);
  if (pending.length === 0) table.deleteBase(db, state.id);
  return true;
}

/** True for a row that came before its scope was started anew: a server out of a backup counts its versions from further back. */
function isOfEarlierRound(db: WritableDb, { scope_id, pull_round }: RowState): boolean {
  const scope = scope_id === null ? null : findScope(db, scope_id);
  return scope !== null && pull_round < scope.round;
}

/** The row's version is the server's, unless others changed it meanwhile and the pull has still to bring what they did. */
function confirmVersion<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  db: WritableDb,
  { uid, version, applied }: Confirmed,
): void {
  const shown = table.find(db, uid);
  const state = table.findState(db, uid);
  if (!shown || !state) return;
  const isNext = version > shown.version && version <= shown.version + applied;
  table.save(db, { ...shown, version: isNext ? version : shown.version }, state);
  if (listOutboxOf(db, uid).length === 0) table.deleteBase(db, state.id);
}

/** After a refusal the row shows what the server holds, with the operations that still wait on top. */
function showServerRow(ctx: ResultContext, entry: OutboxEntry): void {
  switch (tableOfOp(entry.op.kind)) {
    case 'tickets':
      // A note is only added to what is there: taking it off needs no server row, which may lack other notes just confirmed.
      if (entry.op.kind === 'ticket.note') hideNote(ctx, entry);
      else showBase(TICKETS, ctx, entry, withoutRefused);
      break;
    case 'citizens':
      showBase(CITIZENS, ctx, entry);
      break;
    case 'records':
      showBase(RECORDS, ctx, entry);
      break;
  }
}

function showBase<Row extends { readonly uid: string; readonly version: number }, State extends RowState>(
  table: SyncedTable<Row, State>,
  { db, actor }: ResultContext,
  entry: OutboxEntry,
  withoutBase: (shown: Row, entry: OutboxEntry) => Row | null = () => null,
): void {
  const { uid } = entry.op;
  const state = table.findState(db, uid);
  if (!state) return;
  const base = table.findBase(db, state.id);
  const current = base ? null : table.find(db, uid);
  const shown = base ? table.replay(base, listOutboxOf(db, uid), actor) : current && withoutBase(current, entry);
  if (shown) table.save(db, shown, state);
}

function hideNote({ db }: ResultContext, entry: OutboxEntry): void {
  const shown = TICKETS.find(db, entry.op.uid);
  const without = shown && withoutRefused(shown, entry);
  if (without) TICKETS.save(db, without, TICKETS.findState(db, without.uid) ?? null);
}

/** Without a kept server row the refused event is taken off the row that is shown; a refused creation stays visible. */
function withoutRefused(ticket: Ticket, { op }: OutboxEntry): Ticket | null {
  if (!isTicketOp(op) || op.kind === 'ticket.create') return null;
  const { eventId } = op.args;
  const link = op.kind === 'ticket.link' && ticket.link?.parentUid === op.args.parentUid ? null : ticket.link;
  const fields = op.kind === 'ticket.amend' ? undoAmendment(ticket.fields, op.args.changes) : ticket.fields;
  const plain = { ...ticket, link, fields, events: ticket.events.filter((event) => event.id !== eventId) };
  // The next pull brings the rest of what the decision had changed.
  return op.kind === 'ticket.act' ? { ...plain, status: op.args.from } : plain;
}
