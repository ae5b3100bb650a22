import type pg from 'pg';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type Actor, readableTicketScopes } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from './read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from './rows.ts';

/** @throws ServiceError NOT_FOUND also for a ticket outside the person's scopes */
export async function getTicket(pool: pg.Pool, actor: Actor, uid: string): Promise<Ticket> {
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = $1 AND scope = ANY($2::text[])`,
    [uid, readableTicketScopes(actor)],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('NOT_FOUND');
  const events = await loadTicketEvents(pool, [row.uid]);
  return toTicket(row, events.get(row.uid) ?? []);
}

/** Newest tickets of the person's scopes, by number; `next` continues the list. */
export async function listTickets(
  pool: pg.Pool,
  actor: Actor,
  limit: number,
  before: number | null,
): Promise<{ tickets: Ticket[]; next: number | null }> {
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets
      WHERE scope = ANY($1::text[]) AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3`,
    [readableTicketScopes(actor), before, limit],
  );
  const events = await loadTicketEvents(
    pool,
    found.rows.map((row) => row.uid),
  );
  const tickets = found.rows.map((row) => toTicket(row, events.get(row.uid) ?? []));
  return { tickets, next: tickets.length === limit ? (tickets.at(-1)?.number ?? null) : null };
}
