import type pg from 'pg';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import { copyRows } from '../db/copy.ts';
import { raiseClocks, ScopeChanges } from '../sync/clocks.ts';
import {
  CITIZEN_TARGET,
  PHONE_TARGET,
  RECORD_TARGET,
  toCitizenValues,
  toPhoneValues,
  toRecordValues,
} from '../sync/rows.ts';
import { scopeOfRecord } from '../sync/scope-of-record.ts';
import { encodeTickets, loadEncodedTickets } from './encoded-tickets.ts';

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
  return loadEncodedTickets(client, encodeTickets(tickets, now, hashOf));
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
