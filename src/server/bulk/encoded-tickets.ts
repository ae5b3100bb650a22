import type pg from 'pg';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { monthOfTicket, ticketScope } from '#shared/sync/protocol.ts';
import { copyEncoded, encodeRows } from '../db/copy.ts';
import { raiseClocks, ScopeChanges, takeNumbers } from '../sync/clocks.ts';
import { EVENT_TARGET, TICKET_TARGET, toEventValues, toTicketLines, toTicketValues } from '../sync/rows.ts';

/** Tickets as COPY takes them, but for number and seq, which are given in the transaction. It can be handed from thread to thread. */
export interface EncodedTickets {
  readonly rows: readonly { readonly uid: string; readonly scope: string; readonly version: number }[];
  /** A line a ticket, and where each one ends. */
  readonly lines: Uint8Array;
  readonly ends: Uint32Array;
  readonly events: Uint8Array;
  readonly eventCount: number;
}

/** Encodes new tickets; see `loadTickets` for the arguments. */
export function encodeTickets(
  tickets: readonly Ticket[],
  now: number,
  hashOf: (uid: string) => string | null,
): EncodedTickets {
  const events = encodeRows(
    tickets.flatMap(({ uid, version, events }) =>
      events.map((event, position) => toEventValues({ ticketUid: uid, version, position, event }, now)),
    ),
  );
  const rows = tickets.map((ticket) => ({ uid: ticket.uid, scope: scopeOf(ticket), version: ticket.version }));
  const lines = encodeRows(tickets.map((ticket) => toTicketValues(ticket, scopeOf(ticket), hashOf(ticket.uid))));
  return { rows, lines: lines.bytes, ends: lines.ends, events: events.bytes, eventCount: events.ends.length };
}

function scopeOf(ticket: Ticket): string {
  return ticketScope(ticket.centre, ticket.fields.line, monthOfTicket(ticket));
}

/**
 * Writes encoded tickets in the caller's transaction with the numbers and seqs that are due.
 * @returns seq each touched scope reached
 */
export async function loadEncodedTickets(
  client: pg.ClientBase,
  { rows, lines, ends, events, eventCount }: EncodedTickets,
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  if (eventCount > 0) {
    const lines = Buffer.from(events.buffer, events.byteOffset, events.length);
    await copyEncoded(client, 'ticket_events', EVENT_TARGET, eventCount, lines);
  }
  const changes = new ScopeChanges();
  for (const { scope, uid, version } of rows) changes.addRow(scope, uid, 0, version);
  const nextSeq = await raiseClocks(client, changes);
  const numbers = await takeNumbers(client, rows.length);
  const reached = new Map<string, number>();
  const given = rows.map(({ scope }, index) => {
    const seq = nextSeq(scope);
    reached.set(scope, seq);
    return { number: forceUnwrap('fewer numbers than tickets', numbers[index]), seq };
  });
  await copyEncoded(client, 'tickets', TICKET_TARGET, rows.length, toTicketLines(given, { bytes: lines, ends }));
  return reached;
}
