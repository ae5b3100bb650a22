import type pg from 'pg';
import type { TicketEvent } from '#shared/domain/ticket.ts';
import { type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { PullResponse, WireRow } from '#shared/sync/wire.ts';
import {
  type CitizenRow,
  type EventRow,
  RECORD_COLUMNS,
  type RecordRow,
  SELECT_EVENTS,
  TICKET_COLUMNS,
  type TicketRow,
  toCitizen,
  toEvent,
  toRecord,
  toTicket,
} from './rows.ts';

export type Gone = PullResponse['gone'][number];

/** Changes of one scope, ordered by seq in each list; complete up to `seq`. */
export interface Page {
  readonly rows: readonly WireRow[];
  readonly gone: readonly Gone[];
  readonly seq: number;
}

/** Which changes of a scope are wanted: after `after`, not beyond `until`. */
export interface Range {
  readonly scope: string;
  readonly after: number;
  readonly until: number;
}

/**
 * Up to `limit` changes of one scope, in the caller's transaction, which has to be a snapshot: rows and removals belong together.
 * @param removals whether rows that left the scope are wanted, too
 */
export async function readPage(
  client: pg.ClientBase,
  { scope, after, until }: Range,
  limit: number,
  removals: 'with-removals' | 'rows-only',
): Promise<Page> {
  const values = [scope, after, until, limit];
  const rows = await READERS[tableOfScope(scope)](client, values);
  const gone =
    removals === 'rows-only'
      ? []
      : (
          await client.query<Gone>({
            name: 'read-gone',
            text: `SELECT kind AS table, scope, seq, uid FROM scope_gone
              WHERE scope = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
            values,
          })
        ).rows;
  // A full page may hide later changes of the other kind: cut both where the shorter knowledge ends.
  const seqs = [...rows, ...gone].map((change) => change.seq).sort((a, b) => a - b);
  const seq = seqs.length < limit ? until : (seqs[limit - 1] ?? until);
  return {
    rows: rows.filter((row) => row.seq <= seq),
    gone: gone.filter((row) => row.seq <= seq),
    seq,
  };
}

async function readTickets(client: pg.ClientBase, values: readonly unknown[]): Promise<readonly WireRow[]> {
  const found = await client.query<TicketRow>({
    name: 'read-tickets',
    text: `SELECT ${TICKET_COLUMNS} FROM tickets WHERE scope = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
    values: [...values],
  });
  const events = await loadTicketEvents(
    client,
    found.rows.map((row) => row.uid),
  );
  return found.rows.map((row) => ({
    table: 'tickets',
    scope: row.scope,
    seq: row.seq,
    row: toTicket(row, events.get(row.uid) ?? []),
  }));
}

/** Events of many tickets, one query. */
export async function loadTicketEvents(
  client: pg.ClientBase | pg.Pool,
  uids: readonly string[],
): Promise<ReadonlyMap<string, readonly TicketEvent[]>> {
  if (uids.length === 0) return new Map();
  const found = await client.query<EventRow>({ name: 'read-events', text: SELECT_EVENTS, values: [uids] });
  const byTicket = new Map<string, TicketEvent[]>();
  for (const row of found.rows) {
    const events = byTicket.get(row.ticket_uid);
    if (events) events.push(toEvent(row));
    else byTicket.set(row.ticket_uid, [toEvent(row)]);
  }
  return byTicket;
}

async function readCitizens(client: pg.ClientBase, values: readonly unknown[]): Promise<readonly WireRow[]> {
  const found = await client.query<CitizenRow & { scope: string }>({
    name: 'read-citizens',
    text: `SELECT uid, scope, seq, version, centre, created_at, updated_at, merged_into, fields FROM citizens
      WHERE scope = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
    values: [...values],
  });
  return found.rows.map((row) => ({ table: 'citizens', scope: row.scope, seq: row.seq, row: toCitizen(row) }));
}

async function readRecords(client: pg.ClientBase, values: readonly unknown[]): Promise<readonly WireRow[]> {
  const found = await client.query<RecordRow & { scope: string }>({
    name: 'read-records',
    text: `SELECT ${RECORD_COLUMNS} FROM records WHERE scope = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
    values: [...values],
  });
  return found.rows.map((row) => ({ table: 'records', scope: row.scope, seq: row.seq, row: toRecord(row) }));
}

/** How the rows of a scope are read, by the table they are in. */
const READERS: Readonly<
  Record<SyncTable, (client: pg.ClientBase, values: readonly unknown[]) => Promise<readonly WireRow[]>>
> = { tickets: readTickets, citizens: readCitizens, records: readRecords };
