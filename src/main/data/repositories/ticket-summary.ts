import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { summarizeCoOrders } from '#shared/domain/co-order.ts';
import { lastStepOf } from '#shared/domain/last-step.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import { awaitedUntil, openFlowOf } from '#shared/domain/overlay/elsewhere.ts';
import { summarizeOrders } from '#shared/domain/overlay/oversight.ts';
import { openStage } from '#shared/domain/overlay/ownership.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { headOf } from '#shared/kernel/text.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countChildrenOf } from './cluster.repository.ts';
import { findStandings, UNTOUCHED } from './row-standing.repository.ts';
import { listSeenAmong } from './seen-ticket.repository.ts';
import { isProposed, listTickets } from './ticket.repository.ts';

const EXCERPT_LENGTH = 120;

/** Who brought a ticket into its state, and what they wrote. */
function stepOf(ticket: Ticket): TicketSummary['step'] {
  const step = lastStepOf(ticket);
  if (!step) return null;
  const { at, actorName: byName, text } = step;
  return { at, byName, text: headOf(text, EXCERPT_LENGTH), days: handlingOf(ticket).request?.days ?? null };
}

/** Why and until when a ticket is on account now. */
function accountOf(ticket: Ticket): TicketSummary['account'] {
  const { account } = handlingOf(ticket);
  if (!account || ticket.status !== 'on_account') return null;
  return { cause: account.cause ?? null, reviewAt: account.reviewAt };
}

/** A ticket as somebody may see it, to be shown as one line. */
export interface SummarySource extends Shown<Ticket> {
  /** From a search: stands for the start of the content. */
  readonly passage?: string;
}

/** The list line of a single ticket. */
export function toSummary(db: ReadableDb, source: SummarySource): TicketSummary {
  return forceUnwrap('a line for each ticket', toSummaries(db, [source])[0]);
}

/** List lines of tickets, in their order. What is not in the tickets themselves is asked for all of them at once. */
export function toSummaries(db: ReadableDb, sources: readonly SummarySource[]): TicketSummary[] {
  const uids = sources.map(({ row }) => row.uid);
  const children = countChildrenOf(db, uids);
  const standings = findStandings(db, uids);
  const seen = listSeenAmong(db, uids);
  return sources.map((source) => {
    const { uid } = source.row;
    return {
      ...lineOf(source),
      children: children.get(uid) ?? 0,
      ...(standings.get(uid) ?? UNTOUCHED),
      outside: seen.has(uid),
    };
  });
}

function lineOf({ row: ticket, masked, passage }: SummarySource) {
  const { fields } = ticket;
  return {
    uid: ticket.uid,
    number: ticket.number,
    provisionalNo: ticket.provisionalNo,
    status: ticket.status,
    type: fields.type,
    categoryCode: fields.categoryCode,
    title: fields.title,
    excerpt: headOf(passage ?? (fields.content || fields.originalWords || fields.answer || ''), EXCERPT_LENGTH),
    callerName: fields.caller.name,
    callerPhone: fields.caller.phone,
    divisionCode: fields.place.divisionCode,
    address: fields.place.address,
    urgency: fields.urgency,
    line: fields.line,
    createdAt: ticket.createdAt,
    acceptedAt: ticket.acceptedAt,
    createdByName: ticket.createdByName,
    dueAt: ticket.dueAt,
    clock: summarizeClocks(ticket.clocks),
    unit: ticket.unit,
    returnedBy: [...handlingOf(ticket).returnedBy],
    proposedUnder: isProposed(ticket) ? (ticket.link?.parentUid ?? null) : null,
    attempts: handlingOf(ticket).attempts.length,
    callFrom: handlingOf(ticket).nextCall?.from ?? null,
    step: stepOf(ticket),
    orders: summarizeOrders(ticket.events),
    coOrders: summarizeCoOrders(ticket),
    flow: openFlowOf(ticket),
    account: accountOf(ticket),
    awaitedUntil: awaitedUntil(ticket),
    stage: openStage(handlingOf(ticket).ownership),
    masked,
  };
}

/** List lines of row ids as a role sees them; rows that are gone are left out. */
export function listSummaries(db: ReadableDb, ids: readonly number[], role: Role): TicketSummary[] {
  return toSummaries(
    db,
    listTickets(db, ids).map(({ ticket }) => showTicket(ticket, role)),
  );
}
