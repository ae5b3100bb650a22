import { type ActRefusal, actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { type MergeRefusal, refuseMerge } from '#shared/domain/merge-tickets.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type ActAction, type ActOf, actsOf, type TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { COUNTED_QUEUES, type CountedQueue, WORK_QUEUES } from '#shared/domain/work-queue.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import { type ClusterCount, countChildren, countProposed, listClusters } from '../repositories/cluster.repository.ts';
import { findStanding } from '../repositories/row-standing.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import {
  countAwaited,
  countByStatus,
  countElsewhere,
  countJoint,
  countOverdue,
  countSupervised,
} from '../repositories/ticket-list.repository.ts';
import { displayNumber } from './attention/compare-ticket.ts';
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
  readonly refused: ActRefusal | MergeRefusal | 'NOT_FOUND' | 'STATUS_CHANGED' | 'REFUSED_BEFORE' | null;
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
  const unmergeable = act.action === 'merge' ? refuseMergeHere(ctx, ticket, act) : null;
  if (unmergeable) return unmergeable;
  const now = ctx.clock.now();
  const acted = actOnTicket(ticket, act, words, actorOf(ctx), now);
  if (!acted.ok) return acted.error;
  const args = { eventId: newId<EventId>(now), from, act: nameParent(ctx, ticket, act), words };
  ops.push(queueTicketOp(ctx, ticket, { kind: 'ticket.act', args }));
  return null;
}

function refuseMergeHere({ db }: WorkContext, ticket: Ticket, act: ActOf<'merge'>): MergeRefusal | null {
  const parent = findTicket(db, act.parentUid)?.ticket;
  const of = (one: Ticket) => ({ uid: one.uid, link: one.link, line: one.fields.line });
  const target = parent ? { ...of(parent), status: parent.status } : null;
  return refuseMerge(of(ticket), act, target, countChildren(db, ticket.uid) > 0);
}

/** A history names the 母单 by its number as long as this console knows it. */
function nameParent({ db }: WorkContext, { link }: Ticket, act: TicketAct): TicketAct {
  if (act.action !== 'merge' && act.action !== 'unmerge') return act;
  const parent = findTicket(db, act.action === 'merge' ? act.parentUid : (link?.parentUid ?? ''))?.ticket;
  return parent ? { ...act, parentNo: displayNumber(parent) } : act;
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
    if (name === 'joint') return countJoint(db);
    if (name === 'waiting') return countAwaited(db);
    if (name === 'elsewhere') return countElsewhere(db);
    if (name === 'merges') return countProposed(db);
    return WORK_QUEUES[name].reduce((sum, status) => sum + (counts.get(status) ?? 0), 0);
  };
  return Object.fromEntries(COUNTED_QUEUES.map((name) => [name, of(name)])) as Record<CountedQueue, number>;
}

/** How many tickets are worked on as part of the 母单 in each work queue of this cache. */
export function countQueueChildren({ db, clock }: WorkContext): Readonly<Record<CountedQueue, number>> {
  const clusters = listClusters(db, clock.now());
  const of = (name: CountedQueue) => {
    const statuses: readonly TicketStatus[] = WORK_QUEUES[name];
    const isIn = ({ status, isOverdue, isSupervised, isJoint, isAwaited, isElsewhere }: ClusterCount) =>
      (name === 'overdue' && isOverdue === 1) ||
      (name === 'supervised' && isSupervised === 1) ||
      (name === 'joint' && isJoint === 1) ||
      (name === 'waiting' && isAwaited === 1) ||
      (name === 'elsewhere' && isElsewhere === 1) ||
      statuses.includes(status);
    return clusters.filter(isIn).reduce((sum, { children }) => sum + children, 0);
  };
  return Object.fromEntries(COUNTED_QUEUES.map((name) => [name, of(name)])) as Record<CountedQueue, number>;
}
