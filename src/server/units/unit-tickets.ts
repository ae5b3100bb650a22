import type pg from 'pg';
import type { z } from 'zod';
import type { UnitTicketDetail, unitTicketPageSchema } from '#shared/contract/units.contract.ts';
import { FINISHED_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from '../sync/read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '../sync/rows.ts';
import type { UnitKey } from './unit-keys.ts';
import { toUnitTicket, toUnitTicketDetail } from './unit-view.ts';

/** How far the next look reaches back: longer than anything that is being written takes to be seen. */
const OVERLAP_MS = 30_000;

const OWN = 'centre = $1 AND line = ANY($2::text[]) AND unit = ANY($3::text[])';
/** 协办: written so that its index is found. */
const HELPED = `centre = $1 AND line = ANY($2::text[]) AND unit IS NOT NULL
  AND (handling -> 'coUnits')::text <> '[]' AND (handling -> 'coUnits')::jsonb ?| $3::text[]`;

/** 督办 or 批示 that is still open and names one of the units, whoever handles the ticket, if anybody does. */
const ORDERED = `centre = $1 AND line = ANY($2::text[]) AND uid IN (
  SELECT o.ticket_uid FROM ticket_events o WHERE o.overlay ->> 'step' = 'order' AND o.overlay ->> 'unit' = ANY($3::text[])
    AND NOT EXISTS (SELECT 1 FROM ticket_events f WHERE f.ticket_uid = o.ticket_uid
      AND f.overlay ->> 'step' = 'finish' AND f.overlay ->> 'ref' = o.id::text))`;
const REACH = { lead: OWN, co: HELPED, order: ORDERED } as const;

function reachOf({ centre, lines, units }: UnitKey): readonly unknown[] {
  return [centre, lines, units];
}

export interface UnitListRequest {
  /** 主办, 协办, or named by an open 督办 or 批示. */
  readonly as: keyof typeof REACH;
  readonly status?: readonly TicketStatus[] | undefined;
  readonly changedSince?: number | undefined;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Tickets of the units of a key in the order in which they changed. @param now epoch ms */
export async function listUnitTickets(
  pool: pg.Pool,
  key: UnitKey,
  { as, status, changedSince = 0, after, limit }: UnitListRequest,
  now: number,
): Promise<z.infer<typeof unitTicketPageSchema>> {
  const [at, uid] = after?.split('.') ?? [];
  // What is not finished is not closed either, and has an index of its own.
  const isOpen = status?.every((one) => !FINISHED_STATUSES.includes(one)) ?? false;
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets
     WHERE ${REACH[as]} ${isOpen ? 'AND closed_at IS NULL' : ''} AND updated_at >= $4 AND ($5::bigint IS NULL OR (updated_at, uid) > ($5, $6::uuid))
       AND ($7::text[] IS NULL OR status = ANY($7))
     ORDER BY updated_at, uid LIMIT $8`,
    [...reachOf(key), Math.max(changedSince, Number(at ?? 0)), at ?? null, uid ?? null, status ?? null, limit + 1],
  );
  const rows = found.rows.slice(0, limit);
  const last = rows.at(-1);
  return {
    tickets: rows.map((row) => toUnitTicket(toTicket(row, []))),
    next: last && found.rows.length > limit ? `${last.updated_at}.${last.uid}` : null,
    asOf: now - OVERLAP_MS,
  };
}

/** As 主办 or 协办, or as named by an open 督办 or 批示. @throws ServiceError NOT_FOUND also for a ticket that another unit has, or that none has any more */
export async function getUnitTicket(pool: pg.Pool, key: UnitKey, uid: string): Promise<UnitTicketDetail> {
  const found = await pool.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = $4 AND ((${OWN}) OR (${HELPED}) OR (${ORDERED}))`,
    [...reachOf(key), uid],
  );
  const [row] = found.rows;
  if (!row) throw new ServiceError('NOT_FOUND');
  const events = await loadTicketEvents(pool, [row.uid]);
  return toUnitTicketDetail(toTicket(row, events.get(row.uid) ?? []));
}
