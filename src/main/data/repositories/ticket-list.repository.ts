import type { CallFacts } from '#shared/domain/ticket.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';

/** Place of a ticket in every list but those by due time: newest first, row id as tie-break. */
export interface Place {
  readonly id: number;
  readonly created_at: number;
}

/** A page of row ids; `next` is the row id to continue after, null at the end. */
export interface IdPage {
  readonly ids: readonly number[];
  readonly next: number | null;
}

/** Larger than any real row: starts a list at its newest end. */
const START: Place = { id: Number.MAX_SAFE_INTEGER, created_at: Number.MAX_SAFE_INTEGER };

/** Where a list by creation goes on; its newest end at the beginning. @throws DataError NOT_FOUND when the ticket to continue after is gone */
export function placeOf(db: ReadableDb, before: number | undefined): Place {
  if (before === undefined) return START;
  const place = db.get<Place>('SELECT id, created_at FROM tickets WHERE id = ?', before);
  if (!place) throw new DataError('NOT_FOUND', 'the page to continue after is gone');
  return place;
}

/** A page of as many places as asked for; one more of them says that there is a next. */
export function toPage(places: readonly Place[], limit: number): IdPage {
  const page = places.slice(0, limit);
  return { ids: page.map((place) => place.id), next: places.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Tickets the user of this profile made, newest first. */
export function listMyIds(db: ReadableDb, limit: number, before?: number): IdPage {
  const place = placeOf(db, before);
  const rows = db.all<Place>(
    `SELECT id, created_at FROM tickets WHERE is_mine = 1 AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
    place.created_at,
    place.id,
    limit + 1,
  );
  return toPage(rows, limit);
}

/** Up to so many states a list is merged from one index walk per state; a longer list of states is most of the tickets anyway. */
const MOST_WALKS = 6;

/** Tickets in any of the states, newest first, out of the indices alone. */
export function listIdsByStatus(
  db: ReadableDb,
  statuses: readonly TicketStatus[],
  limit: number,
  before?: number,
): IdPage {
  const place = placeOf(db, before);
  const wanted = [...new Set(statuses)];
  if (wanted.length > MOST_WALKS) {
    const rows = db.all<Place>(
      `SELECT id, created_at FROM tickets INDEXED BY tickets_by_creation
       WHERE (created_at, id) < (?, ?) AND status IN (${wanted.map(() => '?').join(', ')})
       ORDER BY created_at DESC, id DESC LIMIT ?`,
      place.created_at,
      place.id,
      ...wanted,
      limit + 1,
    );
    return toPage(rows, limit);
  }
  const rows = wanted.flatMap((status) =>
    db.all<Place>(
      `SELECT id, created_at FROM tickets WHERE status = ? AND (created_at, id) < (?, ?)
       ORDER BY created_at DESC, id DESC LIMIT ?`,
      status,
      place.created_at,
      place.id,
      limit + 1,
    ),
  );
  rows.sort((a, b) => b.created_at - a.created_at || b.id - a.id);
  return toPage(rows, limit);
}

/** Moments that put a ticket into a list across the states, each with the index that holds them in order. */
const MOMENTS = {
  order_due_at: 'tickets_by_order',
  joint_at: 'tickets_by_joint',
  awaited_until: 'tickets_awaited',
  flow_at: 'tickets_elsewhere',
} as const;
type Moment = keyof typeof MOMENTS;

/**
 * Overdue tickets, as their tag says it at that time, the longest overdue first: out of the index alone.
 * @throws DataError NOT_FOUND when the ticket to continue after has no limit any more
 */
export function listOverdueIds(db: ReadableDb, now: number, limit: number, before?: number): IdPage {
  const place = before === undefined ? { due: 0, id: 0 } : { due: dueOf(db, 'due_at', before), id: before };
  const ids = db.values<number>(
    `SELECT id FROM tickets INDEXED BY tickets_by_due
     WHERE due_at IS NOT NULL AND due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?`,
    now,
    place.due,
    place.id,
    limit + 1,
  );
  return toDuePage(ids, limit);
}

/**
 * Tickets that have a moment, the earliest at the top: out of the index alone.
 * @throws DataError NOT_FOUND when the ticket to continue after has it no more
 */
function listByMoment(db: ReadableDb, moment: Moment, limit: number, before?: number): IdPage {
  const place = before === undefined ? { due: 0, id: 0 } : { due: dueOf(db, moment, before), id: before };
  const ids = db.values<number>(
    `SELECT id FROM tickets INDEXED BY ${MOMENTS[moment]}
     WHERE ${moment} IS NOT NULL AND (${moment}, id) > (?, ?) ORDER BY ${moment}, id LIMIT ?`,
    place.due,
    place.id,
    limit + 1,
  );
  return toDuePage(ids, limit);
}

function countByMoment(db: ReadableDb, moment: Moment): number {
  const text = `SELECT count(*) FROM tickets INDEXED BY ${MOMENTS[moment]} WHERE ${moment} IS NOT NULL`;
  return db.value<number>(text) ?? 0;
}

/** Tickets with an open 督办 or 批示, the order that is due first at the top. @throws DataError NOT_FOUND */
export function listSupervisedIds(db: ReadableDb, limit: number, before?: number): IdPage {
  return listByMoment(db, 'order_due_at', limit, before);
}

/**
 * Tickets that wait for a 联席研判, whichever state they are in: those that wait longest, or whose day comes first, at the top.
 * @throws DataError NOT_FOUND
 */
export function listJointIds(db: ReadableDb, limit: number, before?: number): IdPage {
  return listByMoment(db, 'joint_at', limit, before);
}

/** Tickets that wait for their citizen, the wait that ends first at the top. @throws DataError NOT_FOUND */
export function listAwaitedIds(db: ReadableDb, limit: number, before?: number): IdPage {
  return listByMoment(db, 'awaited_until', limit, before);
}

/** Tickets with a 流转 or 移交 that has no result, the longest sent at the top. @throws DataError NOT_FOUND */
export function listElsewhereIds(db: ReadableDb, limit: number, before?: number): IdPage {
  return listByMoment(db, 'flow_at', limit, before);
}

function toDuePage(ids: readonly number[], limit: number): IdPage {
  const page = ids.slice(0, limit);
  return { ids: page, next: ids.length > limit ? (page.at(-1) ?? null) : null };
}

function dueOf(db: ReadableDb, column: 'due_at' | Moment, id: number): number {
  const due = db.value<number | null>(`SELECT ${column} FROM tickets WHERE id = ?`, id) ?? null;
  if (due === null) throw new DataError('NOT_FOUND', 'the page to continue after is gone');
  return due;
}

/** How many tickets are overdue at a time, out of the index alone. */
export function countOverdue(db: ReadableDb, now: number): number {
  return (
    db.value<number>(
      'SELECT count(*) FROM tickets INDEXED BY tickets_by_due WHERE due_at IS NOT NULL AND due_at <= ?',
      now,
    ) ?? 0
  );
}

/** How many tickets have an open 督办 or 批示, out of the index alone. */
export function countSupervised(db: ReadableDb): number {
  return countByMoment(db, 'order_due_at');
}

/** How many tickets wait for a 联席研判, out of the index alone. */
export function countJoint(db: ReadableDb): number {
  return countByMoment(db, 'joint_at');
}

/** How many tickets wait for their citizen, out of the index alone. */
export function countAwaited(db: ReadableDb): number {
  return countByMoment(db, 'awaited_until');
}

/** How many tickets have a 流转 or 移交 without a result, out of the index alone. */
export function countElsewhere(db: ReadableDb): number {
  return countByMoment(db, 'flow_at');
}

/** How many tickets are in each state, without walking them; states that never had any are left out. */
export function countByStatus(db: ReadableDb): ReadonlyMap<TicketStatus, number> {
  const rows = db.all<{ status: TicketStatus; tickets: number }>('SELECT status, tickets FROM status_counts');
  return new Map(rows.map(({ status, tickets }) => [status, tickets]));
}

/** Newest tickets of some phone numbers (normalized): all of them, or only those somebody still works on. */
export function listIdsByPhones(
  db: ReadableDb,
  phones: readonly string[],
  limit: number,
  which: 'all' | 'open' = 'all',
): readonly number[] {
  const unfinished = which === 'open' ? 'AND is_open = 1' : '';
  const rows = phones.flatMap((phone) =>
    db.all<Place>(
      `SELECT id, created_at FROM tickets WHERE caller_phone = ? AND caller_phone <> '' ${unfinished}
       ORDER BY created_at DESC, id DESC LIMIT ?`,
      phone,
      limit,
    ),
  );
  rows.sort((a, b) => b.created_at - a.created_at || b.id - a.id);
  return rows.slice(0, limit).map((row) => row.id);
}

/** A call that a ticket came of, and who wrote the ticket. */
export interface TicketCall {
  readonly call: CallFacts;
  readonly byName: string;
}

/** The calls that the newest tickets of some phone numbers (normalized) came of, cut out of their documents: none is parsed as a whole. */
export function listCallsOfTickets(db: ReadableDb, phones: readonly string[], limit: number): readonly TicketCall[] {
  return phones.flatMap((phone) =>
    db
      .all<{ call: string | null; by_name: string | null }>(
        `SELECT doc ->> '$.fields.call' AS call, doc ->> '$.createdByName' AS by_name
         FROM tickets WHERE caller_phone = ? AND caller_phone <> '' ORDER BY created_at DESC, id DESC LIMIT ?`,
        phone,
        limit,
      )
      .flatMap(({ call, by_name }) =>
        call === null ? [] : [{ call: JSON.parse(call) as CallFacts, byName: by_name ?? '' }],
      ),
  );
}

/** Newest tickets of a phone number (normalized) made until a time. */
export function listIdsByPhoneUntil(db: ReadableDb, phone: string, until: number, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT id FROM tickets WHERE caller_phone = ? AND caller_phone <> '' AND created_at <= ?
     ORDER BY created_at DESC, id DESC LIMIT ?`,
    phone,
    until,
    limit,
  );
}

export interface PhoneTotals {
  readonly tickets: number;
  readonly open: number;
  readonly since: number;
}

/** Counts of one number out of the index alone: all tickets, open ones, those made at or after `since`. */
export function countByPhone(db: ReadableDb, phone: string, since: number): PhoneTotals {
  const row = db.get<{ tickets: number; open: number | null; since: number | null }>(
    `SELECT count(*) AS tickets, sum(is_open) AS open, sum(created_at >= ?) AS since
     FROM tickets WHERE caller_phone = ? AND caller_phone <> ''`,
    since,
    phone,
  );
  return { tickets: row?.tickets ?? 0, open: row?.open ?? 0, since: row?.since ?? 0 };
}

/** Tickets proposed or merged under a 母单, oldest first. */
export function listChildIds(db: ReadableDb, parentUid: string, limit: number): readonly number[] {
  return db.values<number>('SELECT id FROM tickets WHERE parent_uid = ? ORDER BY id LIMIT ?', parentUid, limit);
}

/** 暂编号 of the own tickets made at or after a time. */
export function listMyProvisionalNos(db: ReadableDb, since: number): readonly string[] {
  return db.values<string>('SELECT provisional_no FROM tickets WHERE is_mine = 1 AND created_at >= ?', since);
}
