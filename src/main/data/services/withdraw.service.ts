import type { Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { DataError } from '../errors.ts';
import { getIdentity, saveIdentity } from '../repositories/identity.repository.ts';
import { deleteUnsent, listOutboxOf, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { deleteTicketBase, findTicketBase, findTicketState, saveTicket } from '../repositories/ticket.repository.ts';
import { settleOp } from './attention/settle-op.ts';
import { forgetLeft } from './leave-scope.ts';
import { startIncarnation } from './numbering.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/** `removed`: it never left this console, nothing of it stays. `noted`: a further note says that it is taken back. */
export type Withdrawal = 'removed' | 'noted';

/** What has to be told after the transaction in which notes were taken back. */
export interface WithdrawEffects {
  readonly ops: TicketOp[];
  readonly dropped: string[];
  incarnation: number | null;
}

/** Nothing to tell yet. */
export function noEffects(): WithdrawEffects {
  return { ops: [], dropped: [], incarnation: null };
}

/** Tells journal, sync and windows what was done. */
export function tellEffects(ctx: WorkContext, { ops, dropped, incarnation }: WithdrawEffects): void {
  if (incarnation !== null) ctx.renumbered(incarnation);
  if (dropped.length > 0) ctx.dropped(dropped);
  if (ops.length > 0) ctx.queued(ops);
  ctx.announce(['tickets', 'drafts', 'outbox', 'sync']);
}

/**
 * Takes a 补充, 催办 or file of this user back. One that was never sent leaves the outbox as if it had not been written; the server may know
 * any other, so a visible note takes it back.
 * @param text words of that note
 * @throws DataError NOT_FOUND when the ticket has no such note of this user, or it is taken back already
 */
export function withdrawNote(ctx: WorkContext, uid: string, eventId: EventId, text: string): Withdrawal {
  const effects = noEffects();
  const withdrawal = ctx.write(() =>
    ctx.db.transaction(() => withdrawInside(ctx, needTicket(ctx, uid), eventId, text, effects)),
  );
  tellEffects(ctx, effects);
  return withdrawal;
}

/** The same, or for a promise of which the caller has made sure, inside a transaction of the caller, who tells the effects afterwards. */
export function withdrawInside(
  ctx: WorkContext,
  ticket: Ticket,
  eventId: EventId,
  text: string,
  effects: WithdrawEffects,
): Withdrawal {
  const entry = listOutboxOf(ctx.db, ticket.uid).find(
    ({ op }) => op.kind === 'ticket.note' && op.args.eventId === eventId,
  );
  if (entry && takeOut(ctx, entry, effects)) {
    showWithout(ctx, ticket, eventId);
    return 'removed';
  }
  const isPromise = ticket.events.some(({ id, kind }) => id === eventId && kind === 'promise');
  if (!isPromise && !canWithdraw(ticket, eventId, ctx.user.id))
    throw new DataError('NOT_FOUND', 'no note to take back');
  const kind = isPromise ? 'promise_withdrawn' : 'note';
  const args = { eventId: newId<EventId>(ctx.clock.now()), kind, text, ref: eventId } as const;
  effects.ops.push(queueTicketOp(ctx, ticket, { kind: 'ticket.note', args }));
  return 'noted';
}

/** True for a note, reminder or file of this user that nothing has taken back. */
export function canWithdraw(ticket: Ticket, eventId: string, userId: string): boolean {
  const event = ticket.events.find(({ id }) => id === eventId);
  if (!event || event.actorId !== userId || event.ref !== '') return false;
  if (event.kind !== 'note' && event.kind !== 'remind' && event.kind !== 'attached') return false;
  return !ticket.events.some((other) => other.kind === 'note' && other.ref === eventId);
}

/** False for a note, file or promise that is gone from a ticket, or was taken back or settled already. */
export function isWithdrawable({ db }: WorkContext, { uid, events }: Ticket, eventId: EventId): boolean {
  const settling = ['note', 'promise_kept', 'promise_withdrawn'];
  if (events.some(({ kind, ref }) => ref === eventId && settling.includes(kind))) return false;
  if (events.some(({ id }) => id === eventId)) return true;
  return listOutboxOf(db, uid).some(({ op }) => op.kind === 'ticket.note' && op.args.eventId === eventId);
}

/** @returns false when the server may know the operation */
function takeOut(ctx: WorkContext, entry: OutboxEntry, effects: WithdrawEffects): boolean {
  const { db } = ctx;
  const { op, state } = entry;
  if (state !== 'waiting') {
    settleOp(ctx, entry, 'theirs');
    effects.dropped.push(op.opId);
    return true;
  }
  if (!ctx.isUnsent(op.opId) || !deleteUnsent(db, op.opId)) return false;
  effects.dropped.push(op.opId);
  const identity = getIdentity(db);
  // Numbers on the wire have no gaps: the last one is given to the next operation, before others a new numbering begins.
  if (op.s === identity.nextOp - 1) saveIdentity(db, { ...identity, nextOp: op.s });
  else effects.incarnation = startIncarnation(db);
  return true;
}

/** The ticket as if the note had not been written. */
function showWithout(ctx: WorkContext, ticket: Ticket, eventId: EventId): void {
  const { db } = ctx;
  const state = findTicketState(db, ticket.uid);
  if (!state) return;
  const base = findTicketBase(db, state.id);
  const events = ticket.events.filter(({ id }) => id !== eventId);
  const known = new Set(base?.events.map(({ id }) => id));
  const added = events.filter(({ id }) => !known.has(id));
  const updatedAt = Math.max(base?.updatedAt ?? ticket.createdAt, ...added.map(({ at }) => at));
  saveTicket(db, { ...ticket, events, updatedAt }, state);
  if (listOutboxOf(db, ticket.uid).length === 0) deleteTicketBase(db, state.id);
  forgetLeft(db, 'tickets', ticket.uid);
}
