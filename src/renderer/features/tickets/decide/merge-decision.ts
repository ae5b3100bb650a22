import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { PARENT_STATUSES } from '#shared/domain/merge-tickets.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { Decidable } from './written-decision.ts';

/** A ticket that may be the 母单. */
export type ParentLine = Pick<
  TicketSummary,
  'uid' | 'number' | 'provisionalNo' | 'acceptedAt' | 'createdAt' | 'title' | 'excerpt' | 'status' | 'unit' | 'children'
> &
  // What is decided about is handed on without it, and is never among the lines to choose from by itself.
  Partial<Pick<TicketSummary, 'clock'>>;

/** One 母单 for all of them, or for each the one a seat proposed; null while nobody chose. */
export type ParentChoice = TicketId | 'proposed' | null;

/** How far a ticket has come: the one that is furthest is the 母单, because somebody works on it already. */
const ORDER: readonly ParentLine['status'][] = [
  'handling',
  'extension_review',
  'on_account',
  'to_sign',
  'to_dispatch',
  'return_review',
  'joint_review',
  'review',
  'accepted',
];

/** The 母单 to begin with: as proposed when all of them are, the furthest of several otherwise. */
export function firstChoice(tickets: readonly Decidable[]): ParentChoice {
  if (tickets.every(({ proposedUnder }) => proposedUnder !== null)) return 'proposed';
  if (tickets.length === 1) return null;
  const able = tickets.filter(({ status }) => PARENT_STATUSES.includes(status));
  const [best] = able.toSorted(
    (a, b) => b.children - a.children || ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || a.createdAt - b.createdAt,
  );
  return best?.uid ?? null;
}

/** Tickets that may be a 母单, each once. */
export function parentLines(...lists: readonly (readonly ParentLine[])[]): readonly ParentLine[] {
  const able = lists.flat().filter(({ status }) => PARENT_STATUSES.includes(status));
  return [...new Map(able.map((line) => [line.uid, line])).values()];
}

/** The decision about one of the tickets, null for the one that is the 母单 or has none. */
export function toMergeAct(ticket: Decidable, choice: ParentChoice): TicketAct | null {
  const parentUid = choice === 'proposed' ? ticket.proposedUnder : choice;
  if (parentUid === null || parentUid === ticket.uid) return null;
  // The number is filled in where the decision is kept.
  return { action: 'merge', parentUid, parentNo: '', asProposed: ticket.proposedUnder === parentUid };
}
