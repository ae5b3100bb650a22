import type pg from 'pg';
import type { z } from 'zod';
import type { TicketEvent } from '#shared/domain/ticket.ts';
import { formatDigest } from '#shared/kernel/row-hash.ts';
import { type SyncTable, tableOfScope } from '#shared/sync/protocol.ts';
import type { PullResponse, pullRequestSchema, WireRow } from '#shared/sync/wire.ts';
import { type Actor, readableScopes } from '../auth/actor.ts';
import { inTransaction, SNAPSHOT } from '../db/transaction.ts';
import { ServiceError } from '../service-error.ts';
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

type Cursor = z.infer<typeof pullRequestSchema>['cursors'][number];
type Gone = PullResponse['gone'][number];

interface ClockRow {
  readonly scope: string;
  readonly epoch: number;
  readonly value: number;
  readonly count: number;
  readonly digest_hi: number;
  readonly digest_lo: number;
  readonly gone_floor: number;
}

/**
 * Rows of the asked scopes that changed since the cursors, oldest change first, at most `limit`. Clocks and rows are read in
 * one snapshot: every row up to a clock's value is in it, so count and digest of a scope that is caught up are exact.
 * @throws ServiceError FORBIDDEN, SCOPE_EPOCH_CHANGED, SCOPE_TOO_OLD
 */
export async function pull(
  deps: { readonly pool: pg.Pool },
  actor: Actor,
  request: z.infer<typeof pullRequestSchema>,
): Promise<PullResponse> {
  const allowed = readableScopes(actor);
  const scopes = request.cursors.map((cursor) => cursor.scope);
  if (scopes.some((scope) => !allowed.includes(scope))) throw new ServiceError('FORBIDDEN');
  if (new Set(scopes).size !== scopes.length) throw new ServiceError('BAD_INPUT');
  return inTransaction(
    deps.pool,
    async (client) => {
      const clocks = await readClocks(client, scopes);
      const response: PullResponse = { rows: [], gone: [], cursors: [], more: false, parity: [] };
      for (const cursor of request.cursors) {
        const clock = clocks.get(cursor.scope);
        checkCursor(cursor, clock);
        const room = request.limit - response.rows.length - response.gone.length;
        if (!clock || cursor.seq === clock.value) {
          // Nothing new: no row is read.
          response.cursors.push(cursor);
        } else if (room <= 0) {
          response.cursors.push(cursor);
          response.more = true;
          continue;
        } else {
          const page = await readPage(client, cursor, clock.value, room);
          response.rows.push(...page.rows);
          response.gone.push(...page.gone);
          response.cursors.push({ ...cursor, seq: page.seq });
          if (page.seq < clock.value) {
            response.more = true;
            continue;
          }
        }
        response.parity.push(
          clock
            ? {
                scope: cursor.scope,
                count: clock.count,
                digest: formatDigest({ hi: clock.digest_hi, lo: clock.digest_lo }),
              }
            : { scope: cursor.scope, count: 0, digest: formatDigest({ hi: 0, lo: 0 }) },
        );
      }
      return response;
    },
    SNAPSHOT,
  );
}

async function readClocks(client: pg.ClientBase, scopes: readonly string[]): Promise<ReadonlyMap<string, ClockRow>> {
  const found = await client.query<ClockRow>({
    name: 'read-clocks',
    text: `SELECT scope, epoch, value, count, digest_hi, digest_lo, gone_floor FROM clocks
      WHERE scope = ANY($1::text[])`,
    values: [scopes],
  });
  return new Map(found.rows.map((row) => [row.scope, row]));
}

function checkCursor(cursor: Cursor, clock: ClockRow | undefined): void {
  const epoch = clock?.epoch ?? 1;
  if (cursor.epoch !== epoch) throw new ServiceError('SCOPE_EPOCH_CHANGED', { scope: cursor.scope, epoch });
  // Older than what is kept about removed rows, or from a history this server does not have: start the scope anew.
  const tooOld = clock !== undefined && cursor.seq > 0 && cursor.seq < clock.gone_floor;
  const seq = clock?.value ?? 0;
  if (tooOld || cursor.seq > seq) throw new ServiceError('SCOPE_TOO_OLD', { scope: cursor.scope, seq });
}

/** Up to `limit` changes of one scope after the cursor and not beyond `until`, rows and removals together. */
async function readPage(
  client: pg.ClientBase,
  cursor: Cursor,
  until: number,
  limit: number,
): Promise<{ readonly rows: readonly WireRow[]; readonly gone: readonly Gone[]; readonly seq: number }> {
  const values = [cursor.scope, cursor.seq, until, limit];
  const rows = await READERS[tableOfScope(cursor.scope)](client, values);
  const gone =
    cursor.seq === 0
      ? [] // A cache that starts empty has nothing to remove.
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
