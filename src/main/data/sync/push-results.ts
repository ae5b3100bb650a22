import { type applyOpToTicket, isTicketOp } from '#shared/sync/apply-op.ts';
import type { OpResult, PushResponse } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import {
  deleteCitizenBase,
  findCitizen,
  findCitizenBase,
  findCitizenState,
  saveCitizen,
} from '../repositories/citizen.repository.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import {
  findWaiting,
  listOutboxOf,
  type OutboxEntry,
  setOutboxRefused,
  takeApplied,
} from '../repositories/outbox.repository.ts';
import {
  type ConfirmedTicket,
  confirmTicket,
  findTicket,
  findTicketBase,
  saveTicket,
} from '../repositories/ticket.repository.ts';
import { replayCitizen, replayTicket } from '../services/replay.service.ts';
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
 * Takes over answers to pushed operations, from the given one on, in one short durable transaction: what was applied leaves the outbox
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
    for (const each of confirmed.values()) confirmRow(db, each);
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

function confirmRow(db: WritableDb, row: Confirmed): void {
  if (row.kind !== 'citizen.upsert') {
    confirmTicket(db, row);
    return;
  }
  const citizen = findCitizen(db, row.uid);
  const state = findCitizenState(db, row.uid);
  if (!citizen || !state) return;
  const { version, applied } = row;
  const isNext = version > citizen.version && version <= citizen.version + applied;
  saveCitizen(db, { ...citizen, version: isNext ? version : citizen.version }, state);
  if (listOutboxOf(db, row.uid).length === 0) deleteCitizenBase(db, state.id);
}

/** After a refusal the row shows what the server holds, with the operations that still wait on top. */
function showServerRow(ctx: ResultContext, entry: OutboxEntry): void {
  const { db, actor } = ctx;
  const entries = listOutboxOf(db, entry.op.uid);
  if (entry.op.kind === 'citizen.upsert') {
    const state = findCitizenState(db, entry.op.uid);
    const base = state ? findCitizenBase(db, state.id) : null;
    const shown = base && replayCitizen(base, entries);
    if (shown) saveCitizen(db, shown);
    return;
  }
  const stored = findTicket(db, entry.op.uid);
  const base = stored ? findTicketBase(db, stored.id) : null;
  const shown = base ? replayTicket(base, entries, actor) : withoutRefused(stored?.ticket ?? null, entry);
  if (shown) saveTicket(db, shown);
}

/** Without a kept server row the refused note is taken off the row that is shown; a refused creation stays visible. */
function withoutRefused(ticket: ReturnType<typeof applyOpToTicket>, { op }: OutboxEntry): typeof ticket {
  if (!ticket || !isTicketOp(op) || op.kind !== 'ticket.note') return ticket;
  return { ...ticket, events: ticket.events.filter((event) => event.id !== op.args.eventId) };
}
