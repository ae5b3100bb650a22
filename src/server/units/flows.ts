import type pg from 'pg';
import type { z } from 'zod';
import type { FlowRecord, flowPageSchema } from '#shared/contract/flows.contract.ts';
import type { FlowReceiver } from '#shared/domain/overlay/flow.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { ServiceError } from '../service-error.ts';
import { loadTicketEvents } from '../sync/read-page.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '../sync/rows.ts';
import { type StoredFlow, toFlowRecord } from './flow-view.ts';
import type { UnitKey } from './unit-keys.ts';

/** How far the next look reaches back: longer than anything that is being written takes to be seen. */
const OVERLAP_MS = 30_000;

const OWN = 'f.centre = $1 AND f.line = ANY($2::text[]) AND f.receiver = ANY($3::text[])';
const COLUMNS =
  'f.id, f.ticket_uid, f.receiver, f.rule_id, f.rule_version, f.sent_at, f.updated_at, f.receipt, f.receipt_at, f.outcome, f.result_at';
const STATES = {
  new: 'f.receipt IS NULL AND f.outcome IS NULL',
  received: 'f.receipt IS NOT NULL AND f.outcome IS NULL',
  open: 'f.outcome IS NULL',
  done: 'f.outcome IS NOT NULL',
} as const;

interface FlowListRequest {
  readonly state?: keyof typeof STATES | undefined;
  readonly changedSince?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

const reachOf = ({ centre, lines, units }: UnitKey): readonly unknown[] => [centre, lines, units];

/** What went to the receivers of a key, in the order in which it changed. @param now epoch ms */
export async function listFlows(
  pool: pg.Pool,
  key: UnitKey,
  { state, changedSince = 0, after, limit }: FlowListRequest,
  now: number,
): Promise<z.infer<typeof flowPageSchema>> {
  const [at, id] = after?.split('.') ?? [];
  const found = await pool.query<StoredFlow>(
    `SELECT ${COLUMNS} FROM flows f
     WHERE ${OWN} AND f.updated_at >= $4 AND ($5::bigint IS NULL OR (f.updated_at, f.id) > ($5, $6::uuid)) ${state ? `AND ${STATES[state]}` : ''}
     ORDER BY f.updated_at, f.id LIMIT $7`,
    [...reachOf(key), Math.max(changedSince, Number(at ?? 0)), at ?? null, id ?? null, limit + 1],
  );
  const rows = found.rows.slice(0, limit);
  const last = rows.at(-1);
  return {
    flows: [...(await withTickets(pool, rows))],
    next: last && found.rows.length > limit ? `${last.updated_at}.${last.id}` : null,
    asOf: now - OVERLAP_MS,
  };
}

/** One of them. @throws ServiceError NOT_FOUND also for what went to another receiver */
export async function getFlow(pool: pg.Pool, key: UnitKey, id: string): Promise<FlowRecord> {
  const [flow] = await withTickets(pool, await findRows(pool, key, id));
  if (!flow) throw new ServiceError('NOT_FOUND');
  return flow;
}

/** The ticket that went to a receiver of the key. @throws ServiceError NOT_FOUND */
export async function findFlowTicket(
  pool: pg.Pool,
  key: UnitKey,
  id: string,
): Promise<{ readonly uid: TicketId; readonly receiver: FlowReceiver; readonly version: number }> {
  const found = await pool.query<{ uid: TicketId; receiver: FlowReceiver; version: number }>(
    `SELECT t.uid, f.receiver, t.version FROM flows f JOIN tickets t ON t.uid = f.ticket_uid WHERE ${OWN} AND f.id = $4`,
    [...reachOf(key), id],
  );
  const [row] = found.rows;
  if (!row) throw new ServiceError('NOT_FOUND');
  return row;
}

async function findRows(pool: pg.Pool, key: UnitKey, id: string): Promise<readonly StoredFlow[]> {
  const found = await pool.query<StoredFlow>(`SELECT ${COLUMNS} FROM flows f WHERE ${OWN} AND f.id = $4`, [
    ...reachOf(key),
    id,
  ]);
  return found.rows;
}

async function withTickets(pool: pg.Pool, rows: readonly StoredFlow[]): Promise<readonly FlowRecord[]> {
  if (rows.length === 0) return [];
  const uids = [...new Set(rows.map(({ ticket_uid }) => ticket_uid))];
  const found = await pool.query<TicketRow>(`SELECT ${TICKET_COLUMNS} FROM tickets WHERE uid = ANY($1::uuid[])`, [
    uids,
  ]);
  const events = await loadTicketEvents(pool, uids);
  const tickets = new Map<string, Ticket>(found.rows.map((row) => [row.uid, toTicket(row, events.get(row.uid) ?? [])]));
  return rows.flatMap((row) => {
    const ticket = tickets.get(row.ticket_uid);
    return ticket ? [toFlowRecord(row, ticket)] : [];
  });
}
