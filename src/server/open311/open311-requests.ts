import type pg from 'pg';
import { z } from 'zod';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { maskText } from '#shared/domain/mask-text.ts';
import { isConfidential, secretsOf } from '#shared/domain/masking.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import { formatTicketNumber, parseTicketNumber } from '#shared/domain/ticket-number.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import { inTransaction } from '../db/transaction.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '../sync/rows.ts';
import { WorkGate } from '../work-gate.ts';
import type { Row } from './georeport-text.ts';
import { serviceName } from './open311-services.ts';

/** The line that answers everybody: reports on special seats never leave through Open311. */
const LINE = '12345';
/** The longest time one request asks for, as the specification has it; also what is asked for when nothing is said. */
const MOST_DAYS = 90;
export const MOST_PER_PAGE = 1_000;
const MOST_IDS = 100;
/** Of whoever asks for pages and does not say of which size. */
const USUAL_PAGE = 100;
/** Pages end here: what lies deeper is asked for by time. */
const DEEPEST = 10_000;

/** Anybody may ask, so it leaves the database to the seats: few such looks at once, and none that goes on for long. */
const gate = new WorkGate(2, 20);
const BEGIN_BRIEFLY = 'BEGIN READ ONLY; SET LOCAL statement_timeout = 2000';

const list = (most: number) =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(z.array(z.string().min(1).max(40)).min(1).max(most));
/** `2026-11-26T10:00:00+08:00`; a time without its zone says nothing. */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** What GET requests takes. */
export const requestsQuerySchema = z
  .object({
    service_request_id: list(MOST_IDS).optional(),
    service_code: list(MOST_IDS).optional(),
    start_date: instant.optional(),
    end_date: instant.optional(),
    status: list(2)
      .pipe(z.array(z.enum(['open', 'closed'])))
      .optional(),
    page: z.coerce.number().int().min(1).max(DEEPEST).optional(),
    /** Left out with `page`: the first thousand, as the specification has it. */
    page_size: z.coerce.number().int().min(1).max(MOST_PER_PAGE).optional(),
  })
  .refine(
    ({ start_date: from, end_date: to }) =>
      from === undefined || to === undefined || (from <= to && to - from <= MOST_DAYS * DAY_MS),
    { path: ['end_date'] },
  )
  .transform(({ page, page_size: size, ...query }) => ({
    ...query,
    page: page ?? 1,
    page_size: size ?? (page === undefined ? MOST_PER_PAGE : USUAL_PAGE),
  }))
  .refine(({ page, page_size: size }) => page * size <= DEEPEST, { path: ['page'] });
export type RequestsQuery = z.infer<typeof requestsQuerySchema>;

/** Whose requests, and how much of them is told. */
export interface Open311Reader {
  readonly centre: string;
  readonly readsDetails: boolean;
}

/**
 * GET requests: newest first. Numbers that are none, or of nobody's, are left out.
 * @param now epoch ms
 * @throws ServiceError RATE_LIMITED when too many look at once
 */
export async function listRequests(
  pool: pg.Pool,
  reader: Open311Reader,
  query: RequestsQuery,
  now: number,
): Promise<readonly Row[]> {
  const [from, to] = spanOf(query, now);
  const { service_request_id: ids, service_code: codes, status, page, page_size } = query;
  const numbers = ids?.map(parseTicketNumber).filter((number) => number !== null) ?? null;
  const isFinished = status?.length === 1 ? status[0] === 'closed' : null;
  const sql = `SELECT ${TICKET_COLUMNS} FROM tickets
     WHERE centre = $1 AND line = $2 AND accepted_at IS NOT NULL AND category_code IS NOT NULL
       AND ($3::bigint[] IS NULL OR number = ANY($3)) AND ($3 IS NOT NULL OR accepted_at BETWEEN $4 AND $5)
       AND ($6::text[] IS NULL OR category_code = ANY($6)) AND ($7::boolean IS NULL OR (status = ANY($8)) = $7)
     ORDER BY number DESC LIMIT $9 OFFSET $10`;
  const values = [
    reader.centre,
    LINE,
    numbers,
    from,
    to,
    codes ?? null,
    isFinished,
    FINISHED_STATUSES,
    page_size,
    (page - 1) * page_size,
  ];
  const found = await gate.run(() =>
    inTransaction(pool, (client) => client.query<TicketRow>(sql, values), BEGIN_BRIEFLY),
  );
  return found.rows.map((row) => toRequest(toTicket(row, []), reader));
}

/** Ninety days up to now, or from or up to whatever is said. */
function spanOf({ start_date: from, end_date: to }: RequestsQuery, now: number): readonly [number, number] {
  const until = to ?? (from === undefined ? now : Math.min(now, from + MOST_DAYS * DAY_MS));
  return [from ?? until - MOST_DAYS * DAY_MS, until];
}

/** The number under which a ticket's author knows it by its uid (token), null when there is none in the centre. */
export async function findByToken(pool: pg.Pool, centre: string, token: string): Promise<string | null> {
  const found = await pool.query<{ number: number; accepted_at: number }>(
    'SELECT number, accepted_at FROM tickets WHERE uid = $1 AND centre = $2 AND line = $3 AND accepted_at IS NOT NULL',
    [token, centre, LINE],
  );
  const [row] = found.rows;
  return row ? formatTicketNumber(row.number, row.accepted_at) : null;
}

/**
 * A ticket as Open311 tells it. Everybody: what it is about by category, who handles it, since and until when. What somebody wrote and where it
 * happened goes to keys that read details, without the caller's name, numbers and addresses of mail, and of a secret caller to nobody.
 */
function toRequest(ticket: Ticket, { readsDetails }: Open311Reader): Row {
  const { number, acceptedAt, closedAt, status, fields, unit, updatedAt, dueAt, replies } = ticket;
  const isClosed = FINISHED_STATUSES.includes(status);
  const code = fields.categoryCode ?? '';
  const isTold = readsDetails && !isConfidential(fields);
  const told = (text: string | null) => (isTold && text !== null ? withoutPersons(text, fields) : null);
  const { address, coordinates } = fields.place;
  return {
    service_request_id: formatTicketNumber(number ?? 0, acceptedAt ?? 0),
    status: isClosed ? 'closed' : 'open',
    status_notes: told(replies.at(-1)?.text ?? fields.answer),
    service_name: serviceName(code),
    service_code: code,
    description: told(fields.content),
    agency_responsible: unit,
    service_notice: null,
    requested_datetime: toIso(acceptedAt),
    // Of what is closed, when that was.
    updated_datetime: toIso(isClosed ? (closedAt ?? updatedAt) : updatedAt),
    expected_datetime: toIso(dueAt),
    address: told(address),
    address_id: null,
    zipcode: null,
    lat: isTold ? (coordinates?.lat ?? null) : null,
    long: isTold ? (coordinates?.lng ?? null) : null,
    media_url: null,
  };
}

/** An address of mail; also one written full-width. */
const MAIL = /[\w.%+\-\uff0e\uff0d\uff10-\uff5a]{1,64}[@\uff20][\w.\-\uff0e\uff0d\uff10-\uff5a]{1,253}/g;

/** Where it happened is told beside it, so an address stays. */
function withoutPersons(text: string, fields: TicketFields): string {
  return maskText(text.replaceAll(MAIL, '***'), { ...secretsOf(fields), addresses: [] });
}

/** Beijing time with its zone. */
function toIso(at: number | null): string | null {
  return at === null ? null : `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
