import { type ActRefusal, actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { type ActAction, actsOf, type TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { COUNTED_QUEUES, type CountedQueue, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { findStanding } from '../repositories/row-standing.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { countByStatus, countOverdue, countSupervised } from '../repositories/ticket-list.repository.ts';
import { queueTicketOp } from './queue-ticket-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/** A decision about one ticket in the state the person saw. */
export interface Decision {
  readonly uid: TicketId;
  readonly from: TicketStatus;
  readonly act: TicketAct;
  readonly words: string;
}

/** What became of a decision here; `refused` says why it was not even queued. */
export interface DecisionOutcome {
  readonly uid: TicketId;
  readonly refused: ActRefusal | 'NOT_FOUND' | 'STATUS_CHANGED' | 'REFUSED_BEFORE' | null;
}

/**
 * Decides about tickets, at once here and queued for the server, which has the last word. What is against the rules, or no longer as the
 * person saw it, is left alone and named; the others are done.
 */
export function decideTickets(ctx: WorkContext, decisions: readonly Decision[]): readonly DecisionOutcome[] {
  const ops: TicketOp[] = [];
  const outcomes = ctx.write(() =>
    ctx.db.transaction(() =>
      decisions.map((decision) => ({ uid: decision.uid, refused: decideOne(ctx, decision, ops) })),
    ),
  );
  if (ops.length > 0) {
    ctx.queued(ops);
    ctx.announce(['tickets', 'outbox', 'sync']);
  }
  return outcomes;
}

function decideOne(ctx: WorkContext, { uid, from, act, words }: Decision, ops: TicketOp[]): DecisionOutcome['refused'] {
  const ticket = findTicket(ctx.db, uid)?.ticket;
  if (!ticket) return 'NOT_FOUND';
  // First the person decides about what the server refused: another decision on top would hide it.
  if (findStanding(ctx.db, uid).refused) return 'REFUSED_BEFORE';
  if (ticket.status !== from) return 'STATUS_CHANGED';
  const now = ctx.clock.now();
  const acted = actOnTicket(ticket, act, words, actorOf(ctx), now);
  if (!acted.ok) return acted.error;
  const args = { eventId: newId<EventId>(now), from, act, words };
  ops.push(queueTicketOp(ctx, ticket, { kind: 'ticket.act', args }));
  return null;
}

/** What this user may decide about a ticket now. */
export function listActs({ db, user }: WorkContext, uid: string, status: TicketStatus): readonly ActAction[] {
  return findStanding(db, uid).refused ? [] : actsOf(user.role, status);
}

/** How many tickets lie in each work queue of this cache. */
export function countQueues({ db, clock }: WorkContext): Readonly<Record<CountedQueue, number>> {
  const counts = countByStatus(db);
  const of = (name: CountedQueue) => {
    if (name === 'overdue') return countOverdue(db, clock.now());
    if (name === 'supervised') return countSupervised(db);
    return WORK_QUEUES[name].reduce((sum, status) => sum + (counts.get(status) ?? 0), 0);
  };
  return Object.fromEntries(COUNTED_QUEUES.map((name) => [name, of(name)])) as Record<CountedQueue, number>;
}
