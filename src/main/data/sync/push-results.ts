import { type applyOpToTicket, isTicketOp } from '#shared/sync/apply-op.ts';
import type { OpResult, PushResponse } from '#shared/sync/wire.ts';
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
  removeOutboxEntry,
  setOutboxRefused,
} from '../repositories/outbox.repository.ts';
import { deleteTicketBase, findTicket, findTicketBase, saveTicket } from '../repositories/ticket.repository.ts';
import { replayCitizen, replayTicket } from '../services/replay.service.ts';
import type { SyncContext } from './sync-context.ts';

/**
 * Takes over the answers to pushed operations in one durable transaction: what was applied leaves the outbox and its row learns
 * number and state; what was refused stays, with the reason, for the person. Answers that were taken over before change nothing.
 * @returns ids of the operations that left the outbox
 */
export function applyPushResults(
  ctx: Pick<SyncContext, 'db' | 'actor' | 'clock'>,
  incarnation: number,
  response: PushResponse,
): readonly string[] {
  const { db } = ctx;
  return db.transaction(() => {
    const done: string[] = [];
    for (const result of response.results) {
      const entry = findWaiting(db, incarnation, result.s);
      if (!entry) continue;
      if (result.code === 'rejected' || result.code === 'blocked') {
        setOutboxRefused(db, entry.op.opId, result.code, result.reason ?? result.code, ctx.clock.now());
        showServerRow(ctx, entry);
      } else {
        removeOutboxEntry(db, entry.op.opId);
        confirmRow(ctx, entry, result);
        done.push(entry.op.opId);
      }
    }
    const identity = getIdentity(db);
    if (identity.incarnation === incarnation && response.ack > identity.lastAck) {
      saveIdentity(db, { ...identity, lastAck: Math.min(response.ack, identity.nextOp - 1) });
    }
    return done;
  });
}

function confirmRow(ctx: Pick<SyncContext, 'db' | 'actor'>, entry: OutboxEntry, result: OpResult): void {
  const { db } = ctx;
  const pending = listOutboxOf(db, entry.op.uid);
  if (entry.op.kind === 'citizen.upsert') {
    const citizen = findCitizen(db, entry.op.uid);
    const state = findCitizenState(db, entry.op.uid);
    if (!citizen || !state) return;
    saveCitizen(db, { ...citizen, version: Math.max(citizen.version, result.version) }, state);
    if (pending.length === 0) deleteCitizenBase(db, state.id);
    return;
  }
  const stored = findTicket(db, entry.op.uid);
  if (!stored) return;
  const { ticket } = stored;
  const facts = result.ticket;
  saveTicket(db, {
    ...ticket,
    version: Math.max(ticket.version, result.version),
    ...(facts
      ? {
          number: facts.number,
          status: facts.status,
          acceptedAt: facts.acceptedAt,
          closedAt: facts.closedAt,
          dueAt: facts.dueAt,
        }
      : {}),
  });
  if (pending.length === 0) deleteTicketBase(db, stored.id);
}

/** After a refusal the row shows what the server holds, with the operations that still wait on top. */
function showServerRow(ctx: Pick<SyncContext, 'db' | 'actor'>, entry: OutboxEntry): void {
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
