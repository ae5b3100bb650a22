import type pg from 'pg';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { HISTORY_MAX_TICKETS, type HistoryRequest, type HistoryResponse } from '#shared/sync/history.ts';
import { type Actor, readableLines } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from './read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from './rows.ts';

/**
 * Tickets a console does not hold, for somebody who may read them by the same rule as for a pull: own centre, own lines.
 * @throws ServiceError FORBIDDEN for somebody who reads no tickets
 */
export async function readHistory(pool: pg.Pool, actor: Actor, request: HistoryRequest): Promise<HistoryResponse> {
  const lines = readableLines(actor);
  if (lines.length === 0) throw new ServiceError('FORBIDDEN');
  const reach = [actor.centre, lines] as const;
  if (request.by === 'number') {
    const found = await pool.query<TicketRow>(
      `SELECT ${TICKET_COLUMNS} FROM tickets WHERE centre = $1 AND line = ANY($2::text[]) AND number = $3`,
      [...reach, request.number],
    );
    return { tickets: await complete(pool, found.rows), more: false, gone: [] };
  }
  if (request.by === 'known') return readKnown(pool, reach, request.tickets);
  const phones = request.phones.map(normalizePhone).filter((phone) => phone !== '');
  const found = await pool.query<TicketRow>(
    // Nobody is led from a number to what its owner said without giving a name. Most callers have a handful: what has no time of acceptance is sorted out here.
    `SELECT ${TICKET_COLUMNS} FROM tickets
     WHERE caller_phone = ANY($3::text[]) AND caller_phone <> '' AND centre = $1 AND line = ANY($2::text[])
       AND coalesce(accepted_at, created_at) < $4
       AND doc #>> '{fields,caller,anonymous}' IS DISTINCT FROM 'true'
     ORDER BY coalesce(accepted_at, created_at) DESC, number DESC LIMIT $5`,
    [...reach, phones, request.before, HISTORY_MAX_TICKETS + 1],
  );
  const more = found.rows.length > HISTORY_MAX_TICKETS;
  return { tickets: await complete(pool, found.rows.slice(0, HISTORY_MAX_TICKETS)), more, gone: [] };
}

async function readKnown(
  pool: pg.Pool,
  reach: readonly unknown[],
  known: Extract<HistoryRequest, { by: 'known' }>['tickets'],
): Promise<HistoryResponse> {
  const found = await pool.query<{ uid: string; version: number }>(
    'SELECT uid, version FROM tickets WHERE centre = $1 AND line = ANY($2::text[]) AND uid = ANY($3::uuid[])',
    [...reach, known.map(({ uid }) => uid)],
  );
  const versions = new Map(found.rows.map(({ uid, version }) => [uid, version]));
  const changed = known.filter(({ uid, version }) => versions.has(uid) && versions.get(uid) !== version);
  const rows = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = ANY($1::uuid[]) ORDER BY number DESC LIMIT $2`,
    [changed.map(({ uid }) => uid), HISTORY_MAX_TICKETS],
  );
  return {
    tickets: await complete(pool, rows.rows),
    more: changed.length > rows.rows.length,
    gone: known.map(({ uid }) => uid).filter((uid) => !versions.has(uid)),
  };
}

async function complete(pool: pg.Pool, rows: readonly TicketRow[]): Promise<Ticket[]> {
  const events = await loadTicketEvents(
    pool,
    rows.map(({ uid }) => uid),
  );
  return rows.map((row) => toTicket(row, events.get(row.uid) ?? []));
}
