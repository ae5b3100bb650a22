import type { TicketEvent, TicketFields, TicketLink } from '#shared/domain/ticket.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { KnownEvent } from './batch.ts';
import type { Deciding, Verdict, WorkingTicket } from './deciding.ts';

/** A ticket as earlier operations of the batch left it, or as it is stored. */
export function findTicket(uid: string, deciding: Deciding): WorkingTicket | null {
  const working = deciding.tickets.get(uid);
  if (working) return working;
  const stored = deciding.state.tickets.get(uid);
  if (!stored) return null;
  const { scope, version, createHash } = stored;
  return { uid, scope, fromVersion: version, version, createHash, insert: null, stored };
}

/** The answer to an operation whose effect is there already. */
export function toDuplicate(existing: WorkingTicket): Verdict {
  const row = { table: 'tickets', uid: existing.uid } as const;
  const { stored, insert, version } = existing;
  const facts = stored ?? insert?.ticket;
  if (!facts) return { code: 'duplicate', version, seq: null, row };
  const { number, acceptedAt } = facts;
  const { status, closedAt } = existing.moved ?? facts;
  const { dueAt, clocks } = existing.moved ?? existing.limits ?? facts;
  const ticket = { number, status, acceptedAt: acceptedAt ?? 0, closedAt, dueAt, clocks };
  return { code: 'duplicate', version, seq: stored?.seq ?? null, row, ticket };
}

/** True when the ticket has an event of this id, stored or from earlier in the batch. */
export function hasEvent(deciding: Deciding, uid: string, id: string): boolean {
  return findEvent(deciding, uid, id) !== null;
}

/** The event of this id that the ticket has, stored or from earlier in the batch. */
export function findEvent(deciding: Deciding, uid: string, id: string): KnownEvent | null {
  const made = deciding.eventsOf.get(uid)?.find((insert) => insert.event.id === id);
  return deciding.state.events.get(`${uid}/${id}`) ?? made?.event ?? null;
}

/** The state of a ticket as earlier operations of the batch left it. */
export function statusOf({ moved, stored, insert }: WorkingTicket): TicketStatus | undefined {
  return moved?.status ?? stored?.status ?? insert?.ticket.status;
}

/** What people wrote on a ticket as earlier operations of the batch left it; null when it was not read for this batch. */
export function fieldsOf({ uid, fields, insert }: WorkingTicket, { state }: Deciding): TicketFields | null {
  return fields ?? state.ticketTexts.get(uid)?.fields ?? insert?.ticket.fields ?? null;
}

/** The link of a ticket as earlier operations of the batch left it. */
export function linkOf(ticket: WorkingTicket): TicketLink | null {
  return ticket.link === undefined ? (ticket.stored?.link ?? null) : ticket.link;
}

/** Tickets that stand under one, stored or from earlier in the batch: proposed and merged ones, or those of one state. */
export function childrenOf(uid: string, deciding: Deciding, which?: TicketLink['state']): readonly string[] {
  const { state, tickets } = deciding;
  const fits = (link: Pick<TicketLink, 'parentUid' | 'state'> | null | undefined) =>
    link?.parentUid === uid && (which === undefined || link.state === which);
  const here = [...tickets.values()].filter(({ link }) => fits(link)).map((ticket) => ticket.uid);
  const stored = [...state.children]
    .filter(([child, link]) => tickets.get(child)?.link === undefined && fits(link))
    .map(([child]) => child);
  return [...stored, ...here].sort();
}

type NewEvent = Pick<TicketEvent, 'id' | 'at' | 'kind'> &
  Partial<Pick<TicketEvent, 'from' | 'to' | 'text' | 'ref' | 'act' | 'overlay'>> & {
    readonly isByRule?: boolean;
    readonly dueAt?: number | undefined;
  };

/** Adds an event to a ticket; `position` orders the events of one version. */
export function addEvent(
  deciding: Deciding,
  ticketUid: string,
  version: number,
  position: number,
  { id, at, kind, from = null, to = null, text = '', ref = '', isByRule = false, dueAt, act, overlay }: NewEvent,
): void {
  const actorId = isByRule ? null : deciding.actor.id;
  const actorName = isByRule ? '' : deciding.actor.name;
  const due = dueAt === undefined ? {} : { dueAt };
  const what = { ...(act ? { act } : {}), ...(overlay ? { overlay } : {}) };
  const event: TicketEvent = { id, at, kind, actorId, actorName, text, from, to, ref, ...due, ...what };
  const insert = { ticketUid, version, position, event };
  deciding.events.push(insert);
  const earlier = deciding.eventsOf.get(ticketUid);
  if (earlier) earlier.push(insert);
  else deciding.eventsOf.set(ticketUid, [insert]);
}
