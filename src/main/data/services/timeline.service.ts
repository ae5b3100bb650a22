import type { TimelineEntry, TimelineRequest } from '#shared/contract/citizen.contract.ts';
import { summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { promiseState } from '#shared/domain/promise.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { DataError } from '../errors.ts';
import { findCitizen } from '../repositories/citizen.repository.ts';
import { listTickets } from '../repositories/ticket.repository.ts';
import { listIdsByPhones } from '../repositories/ticket-list.repository.ts';
import { listFormerTickets, personOf, showPerson } from './person.service.ts';
import {
  callsOf,
  listFurtherCalls,
  listOpenCalls,
  listOpenFurtherCalls,
  listOwnCalls,
  type PersonCall,
  toCardCall,
} from './person-calls.ts';
import type { WorkContext } from './work-context.ts';

/** Tickets and calls of one person that are merged: more than anybody scrolls through. */
const MOST_TICKETS = 1_000;
const MOST_CALLS = 1_000;

/**
 * Everything a person had to do with the hotline, newest first: calls this console took, calls of other seats that came to a
 * ticket, tickets, and what was promised or called back. Records that were merged are one person.
 * @throws DataError NOT_FOUND
 */
export function listTimeline(
  ctx: WorkContext,
  { uid, phone, kinds, limit, skip }: TimelineRequest,
): { readonly entries: TimelineEntry[]; readonly more: boolean } {
  const { db } = ctx;
  const citizen = uid === null ? null : findCitizen(db, uid);
  if (uid !== null && !citizen) throw new DataError('NOT_FOUND', 'no such citizen');
  const asked = normalizePhone(phone);
  const known = citizen ? personOf(db, citizen).phones : [];
  const phones = [...new Set([asked, ...known])].filter((each) => each !== '');
  const wanted = new Set(kinds);
  const entries: TimelineEntry[] = [];
  // Nothing of a secret caller is led back to a name; whoever asks by number knows the caller.
  const isHiding = asked === '' && !(citizen && showPerson(personOf(db, citizen), ctx.user.role).masked);
  const current = listTickets(db, listIdsByPhones(db, phones, MOST_TICKETS));
  const former = citizen ? listFormerTickets(db, personOf(db, citizen), MOST_TICKETS) : [];
  const tickets = [...new Map([...current, ...former].map((one) => [one.id, one])).values()].map(({ ticket }) =>
    showTicket(ticket, ctx.user.role),
  );
  if (wanted.has('call')) {
    const calls = isHiding
      ? [...listOpenCalls(ctx, phones, MOST_CALLS), ...listOpenFurtherCalls(ctx, phones, tickets)]
      : [...listOwnCalls(db, phones, MOST_CALLS), ...listFurtherCalls(db, phones, callsOf(tickets))];
    entries.push(...calls.map(toCallEntry));
  }
  for (const shown of tickets) {
    if (shown.masked && isHiding) continue;
    if (wanted.has('ticket')) entries.push(toTicketEntry(shown));
    if (wanted.has('callback')) entries.push(...shown.row.events.flatMap((event) => toCallback(shown.row, event)));
  }
  entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  return { entries: entries.slice(skip, skip + limit), more: entries.length > skip + limit };
}

function toCallEntry(call: PersonCall): TimelineEntry {
  return { kind: 'call', id: call.callId, at: call.ringAt, call: toCardCall(call) };
}

function toTicketEntry({ row }: Shown<Ticket>): TimelineEntry {
  const { title, content, type, categoryCode } = row.fields;
  return {
    kind: 'ticket',
    id: row.uid,
    at: row.createdAt,
    ticketUid: row.uid,
    title: title || content.slice(0, 60),
    status: row.status,
    type,
    categoryCode,
    clock: summarizeClocks(row.clocks),
  };
}

/** Calls to the citizen, promises, and the state changes of a 回访. */
function toCallback(ticket: Ticket, event: TicketEvent): readonly TimelineEntry[] {
  const isCallback = event.from === 'to_callback' || event.to === 'to_callback';
  const what = event.kind === 'called' || event.kind === 'promise' ? event.kind : isCallback ? 'status' : null;
  if (what === null) return [];
  const promise = what === 'promise' ? promiseState(event.id, ticket.events) : null;
  if (promise === 'withdrawn') return [];
  return [
    {
      kind: 'callback',
      id: event.id,
      at: event.at,
      ticketUid: ticket.uid,
      title: ticket.fields.title,
      event: what,
      to: event.to,
      text: event.text,
      byName: event.actorName,
      // What was kept is not due any more.
      dueAt: promise === 'kept' ? null : (event.dueAt ?? null),
    },
  ];
}
