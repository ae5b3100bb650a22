import type pg from 'pg';
import type { Citizen } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import {
  HISTORY_MAX_CITIZENS,
  HISTORY_MAX_TICKETS,
  type HistoryRequest,
  type HistoryResponse,
} from '#shared/sync/history.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import { type Actor, readableLines, readsScope } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from './read-page.ts';
import { type CitizenRow, TICKET_COLUMNS, type TicketRow, toCitizen, toTicket } from './rows.ts';

/**
 * Tickets a console does not hold, for somebody who may read them by the same rule as for a pull: own centre, own lines. With those under some numbers
 * come the records of who is known under them.
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
    return { tickets: await complete(pool, found.rows), more: false, gone: [], citizens: [] };
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
  const tickets = await complete(pool, found.rows.slice(0, HISTORY_MAX_TICKETS));
  return { tickets, more, gone: [], citizens: await readPeople(pool, actor, phones) };
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
    citizens: [],
  };
}

/** Records under some numbers, with those they were merged into and that were merged into them, for somebody who may pull them. */
async function readPeople(pool: pg.Pool, actor: Actor, phones: readonly string[]): Promise<Citizen[]> {
  if (!readsScope(actor, citizenScope(actor.centre))) return [];
  const found = await pool.query<CitizenRow>(
    `WITH RECURSIVE people (uid, merged_into) AS (
       SELECT c.uid, c.merged_into FROM citizen_phones p JOIN citizens c ON c.uid = p.citizen_uid
       WHERE p.centre = $1 AND p.phone = ANY($2::text[]) AND c.centre = $1
       UNION
       SELECT other.uid, other.merged_into FROM people CROSS JOIN LATERAL (
         SELECT uid, merged_into FROM citizens WHERE uid = people.merged_into AND centre = $1
         UNION ALL
         SELECT uid, merged_into FROM citizens WHERE merged_into = people.uid AND centre = $1
       ) AS other
     )
     SELECT uid, seq, version, centre, created_at, updated_at, merged_into, fields FROM citizens
     WHERE uid IN (SELECT uid FROM people LIMIT $3)`,
    [actor.centre, phones, HISTORY_MAX_CITIZENS],
  );
  return found.rows.map(toCitizen);
}

async function complete(pool: pg.Pool, rows: readonly TicketRow[]): Promise<Ticket[]> {
  const events = await loadTicketEvents(
    pool,
    rows.map(({ uid }) => uid),
  );
  return rows.map((row) => toTicket(row, events.get(row.uid) ?? []));
}
