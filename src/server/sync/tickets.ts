import type pg from 'pg';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type Actor, readableLines } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from './read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from './rows.ts';

/** @throws ServiceError NOT_FOUND also for a ticket out of the person's reach */
export async function getTicket(pool: pg.Pool, actor: Actor, uid: string): Promise<Ticket> {
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = $1 AND centre = $2 AND line = ANY($3::text[])`,
    [uid, actor.centre, readableLines(actor)],
  );
  const row = found.rows[0];
  if (!row) throw new ServiceError('NOT_FOUND');
  const events = await loadTicketEvents(pool, [row.uid]);
  return toTicket(row, events.get(row.uid) ?? []);
}

/** Newest tickets this person may read, by number; `next` continues the list. */
export async function listTickets(
  pool: pg.Pool,
  actor: Actor,
  limit: number,
  before: number | null,
): Promise<{ tickets: Ticket[]; next: number | null }> {
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets
      WHERE centre = $1 AND line = ANY($2::text[]) AND ($3::bigint IS NULL OR number < $3) ORDER BY number DESC LIMIT $4`,
    [actor.centre, readableLines(actor), before, limit],
  );
  const events = await loadTicketEvents(
    pool,
    found.rows.map((row) => row.uid),
  );
  const tickets = found.rows.map((row) => toTicket(row, events.get(row.uid) ?? []));
  return { tickets, next: tickets.length === limit ? (tickets.at(-1)?.number ?? null) : null };
}
