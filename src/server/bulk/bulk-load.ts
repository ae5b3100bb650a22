import type pg from 'pg';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { citizenScope, monthOfTicket, ticketScope } from '#shared/sync/protocol.ts';
import { copyRows } from '../db/copy.ts';
import { raiseClocks, ScopeChanges, takeNumbers } from '../sync/clocks.ts';
import {
  CITIZEN_TARGET,
  EVENT_TARGET,
  PHONE_TARGET,
  RECORD_TARGET,
  TICKET_TARGET,
  toCitizenValues,
  toEventValues,
  toPhoneValues,
  toRecordValues,
  toTicketValues,
} from '../sync/rows.ts';
import { scopeOfRecord } from '../sync/scope-of-record.ts';

/**
 * Writes many new tickets in the caller's transaction: numbers, seqs, counts and digests as for any other, at COPY speed.
 * The uids must not exist yet.
 * @param now server time of the load, epoch ms
 * @param hashOf fingerprint of a ticket's source (hex), kept to recognise it
 * @returns seq each touched scope reached
 */
export async function loadTickets(
  client: pg.ClientBase,
  tickets: readonly Ticket[],
  now: number,
  hashOf: (uid: string) => string | null = () => null,
): Promise<ReadonlyMap<string, number>> {
  const events = tickets.flatMap((ticket) =>
    ticket.events.map((event, position) => ({ ticketUid: ticket.uid, version: ticket.version, position, event })),
  );
  await copyRows(
    client,
    'ticket_events',
    EVENT_TARGET,
    events.map((insert) => toEventValues(insert, now)),
  );
  const changes = new ScopeChanges();
  for (const ticket of tickets) {
    changes.addRow(scopeOf(ticket), ticket.uid, 0, ticket.version);
  }
  const nextSeq = await raiseClocks(client, changes);
  const numbers = await takeNumbers(client, tickets.length);
  const reached = new Map<string, number>();
  const rows = tickets.map((ticket, index) => {
    const scope = scopeOf(ticket);
    const number = forceUnwrap('fewer numbers than tickets', numbers[index]);
    const seq = nextSeq(scope);
    reached.set(scope, seq);
    return toTicketValues(ticket, scope, seq, number, hashOf(ticket.uid));
  });
  await copyRows(client, 'tickets', TICKET_TARGET, rows);
  return reached;
}

function scopeOf(ticket: Ticket): string {
  return ticketScope(ticket.centre, ticket.fields.line, monthOfTicket(ticket));
}

/** Writes many new citizens in the caller's transaction, see {@link loadTickets}. */
export async function loadCitizens(
  client: pg.ClientBase,
  citizens: readonly Citizen[],
): Promise<ReadonlyMap<string, number>> {
  await copyRows(client, 'citizen_phones', PHONE_TARGET, citizens.flatMap(toPhoneValues));
  const changes = new ScopeChanges();
  for (const { centre, uid, version } of citizens) changes.addRow(citizenScope(centre), uid, 0, version);
  const nextSeq = await raiseClocks(client, changes);
  const reached = new Map<string, number>();
  const rows = citizens.map((citizen) => {
    const scope = citizenScope(citizen.centre);
    const seq = nextSeq(scope);
    reached.set(scope, seq);
    return toCitizenValues(citizen, scope, seq);
  });
  await copyRows(client, 'citizens', CITIZEN_TARGET, rows);
  return reached;
}

/**
 * Adds the documents that are not there yet in the caller's transaction; those that are stay as they are, whatever became of them.
 * @returns how many were added, and the seq each touched scope reached
 */
export async function loadRecords(
  client: pg.ClientBase,
  records: readonly SyncedRecord[],
): Promise<{ readonly added: number; readonly scopes: ReadonlyMap<string, number> }> {
  const found = await client.query<{ uid: string }>('SELECT uid FROM records WHERE uid = ANY($1::uuid[])', [
    records.map(({ uid }) => uid),
  ]);
  const known = new Set(found.rows.map(({ uid }) => uid));
  const fresh = records.filter(({ uid }) => !known.has(uid));
  const changes = new ScopeChanges();
  for (const record of fresh) changes.addRow(scopeOfRecord(record), record.uid, 0, record.version);
  const nextSeq = await raiseClocks(client, changes);
  const reached = new Map<string, number>();
  const rows = fresh.map((record) => {
    const scope = scopeOfRecord(record);
    const seq = nextSeq(scope);
    reached.set(scope, seq);
    return toRecordValues(record, scope, seq);
  });
  await copyRows(client, 'records', RECORD_TARGET, rows);
  return { added: fresh.length, scopes: reached };
}

/** Runs one step of a load in its own transaction. */
export async function inLoadTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
