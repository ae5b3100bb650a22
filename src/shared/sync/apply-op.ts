import type { Citizen } from '../domain/citizen.ts';
import type { Ticket, TicketEvent } from '../domain/ticket.ts';
import { assertNever } from '../kernel/assert-never.ts';
import type { EventId, UserId } from '../kernel/ids.ts';
import type { Op } from './wire.ts';

/** Who did an operation and on which console. */
export interface OpActor {
  readonly id: UserId | null;
  readonly name: string;
  readonly consoleId: Ticket['consoleId'];
}

export type TicketOp = Extract<Op, { kind: 'ticket.create' | 'ticket.note' }>;
export type CitizenOp = Extract<Op, { kind: 'citizen.upsert' }>;

/** True for an operation on a ticket. */
export function isTicketOp(op: Op): op is TicketOp {
  return op.kind === 'ticket.create' || op.kind === 'ticket.note';
}

/**
 * What a ticket looks like after an operation. Pure: the console shows it at once and replays it on every row that arrives
 * from the server, so an operation that is already in the row changes nothing (events are recognised by their ids).
 * @returns null when there is nothing to apply it to (a note on a ticket that is not there)
 */
export function applyOpToTicket(ticket: Ticket | null, op: TicketOp, actor: OpActor): Ticket | null {
  switch (op.kind) {
    case 'ticket.create':
      return ticket ?? createTicket(op, actor);
    case 'ticket.note':
      return ticket && addNote(ticket, op, actor);
    default:
      return assertNever(op, 'ticket operation');
  }
}

function createTicket(op: Extract<TicketOp, { kind: 'ticket.create' }>, actor: OpActor): Ticket {
  const { args } = op;
  const direct = args.outcome === 'direct_answer';
  const created: TicketEvent = {
    id: args.eventId,
    at: args.createdAt,
    kind: 'created',
    actorId: actor.id,
    actorName: actor.name,
    text: '',
    from: null,
    to: 'submitted',
  };
  const answered: TicketEvent = {
    // Derived from the operation, so that every replay makes the same event.
    id: op.opId as unknown as EventId,
    at: op.at,
    kind: 'answered',
    actorId: actor.id,
    actorName: actor.name,
    text: args.fields.answer ?? '',
    from: 'submitted',
    to: 'closed_direct',
  };
  return {
    uid: op.uid,
    number: null,
    provisionalNo: args.provisionalNo,
    centre: args.centre,
    status: direct ? 'closed_direct' : 'submitted',
    fields: args.fields,
    unit: null,
    replies: [],
    createdAt: args.createdAt,
    createdById: actor.id,
    createdByName: actor.name,
    consoleId: actor.consoleId,
    madeOffline: args.madeOffline,
    acceptedAt: null,
    closedAt: direct ? op.at : null,
    dueAt: null,
    updatedAt: op.at,
    version: 0,
    events: direct ? [created, answered] : [created],
  };
}

/** Notes are an append-only set by event id: always applied, also to a closed ticket. */
function addNote(ticket: Ticket, op: Extract<TicketOp, { kind: 'ticket.note' }>, actor: OpActor): Ticket {
  if (ticket.events.some((event) => event.id === op.args.eventId)) return ticket;
  const event: TicketEvent = {
    id: op.args.eventId,
    at: op.at,
    kind: op.args.kind,
    actorId: actor.id,
    actorName: actor.name,
    text: op.args.text,
    from: null,
    to: null,
  };
  return { ...ticket, events: [...ticket.events, event], updatedAt: Math.max(ticket.updatedAt, op.at) };
}

/** What a citizen's record looks like after an operation: every field is replaced by what the person wrote. */
export function applyOpToCitizen(citizen: Citizen | null, op: CitizenOp): Citizen {
  return {
    uid: op.uid,
    centre: op.args.centre,
    fields: op.args.fields,
    createdAt: citizen?.createdAt ?? op.at,
    updatedAt: Math.max(citizen?.updatedAt ?? 0, op.at),
    version: citizen?.version ?? 0,
  };
}
