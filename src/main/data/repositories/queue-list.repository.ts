import type { QueueFilter } from '#shared/contract/tickets.contract.ts';
import { divisionPrefix } from '#shared/domain/division.ts';
import { FINISHED_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import type { TicketSort } from '#shared/domain/ticket-view.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import type { IdPage } from './ticket-list.repository.ts';

/** Rows of a narrowed queue looked at for one page: the window is waiting for the answer, and others for the data process. */
const MOST_LOOKED_AT = 2_000;

/** Where a ticket stands in the orders of a queue. */
interface Place {
  readonly id: number;
  readonly created_at: number;
  readonly due_at: number | null;
}

interface LookedAt extends Place {
  readonly passes: number;
}

/** What a queue is made of: its states, what it is narrowed to, its order. */
export interface QueueQuestion {
  readonly statuses: readonly TicketStatus[];
  readonly filter?: QueueFilter | undefined;
  readonly sort: TicketSort;
}

type Value = string | number;

/** A condition on a ticket's row in SQL, with its values in order. */
interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ');

/** Something went to a receiver, by rule or with the call, and has no result from there. */
const LIES_WITH = `EXISTS (SELECT 1 FROM json_each(doc, '$.events') s
    WHERE (s.value ->> '$.kind' = 'handed_off' AND s.value ->> '$.text' = ?)
      OR (s.value ->> '$.overlay.step' = 'flow' AND s.value ->> '$.overlay.isEnabled' = 1 AND s.value ->> '$.overlay.receiver' = ?))
  AND NOT EXISTS (SELECT 1 FROM json_each(doc, '$.events') r
    WHERE r.value ->> '$.overlay.step' = 'flow_result' AND r.value ->> '$.overlay.receiver' = ?)`;

/** What a filter asks of a row, its states aside. The same rule as `passesFilter`, without reading the ticket. */
function conditionOf(filter: QueueFilter | undefined): Condition {
  const parts: Condition[] = [];
  const add = (sql: string, ...values: Value[]) => parts.push({ sql, values });
  const addPrefix = (path: string, prefix: string) => add(`substr(doc ->> '${path}', 1, ${prefix.length}) = ?`, prefix);
  if (filter?.category) addPrefix('$.fields.categoryCode', filter.category);
  if (filter?.division) addPrefix('$.fields.place.divisionCode', divisionPrefix(filter.division));
  if (filter?.units) add(`doc ->> '$.unit' IN (${marks(filter.units)})`, ...filter.units);
  if (filter?.agents) {
    const agent = `coalesce(created_by, '=' || coalesce(doc ->> '$.createdByName', ''))`;
    add(`${agent} IN (${marks(filter.agents)})`, ...filter.agents);
  }
  if (filter?.receiver) add(LIES_WITH, filter.receiver, filter.receiver, filter.receiver);
  if (filter?.accountCause) add(`doc ->> '$.handling.account.cause' = ?`, filter.accountCause);
  if (filter?.from !== undefined) add('coalesce(accepted_at, created_at) >= ?', filter.from);
  if (filter?.to !== undefined) add('coalesce(accepted_at, created_at) < ?', filter.to);
  if (parts.length === 0) return { sql: '1', values: [] };
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) };
}

/** One way through an index of a state; all ways of an order are merged by `compare`. */
interface Walk {
  /** The index it goes through, where SQLite would choose another one. */
  readonly index?: string;
  readonly where: string;
  readonly order: string;
  readonly compare: (a: Place, b: Place) => number;
  /** What lies behind a place. */
  readonly after: (place: Place) => Condition;
}

const NEWEST: Walk = {
  where: '1',
  order: 'created_at DESC, id DESC',
  compare: (a, b) => b.created_at - a.created_at || b.id - a.id,
  after: ({ created_at, id }) => ({ sql: '(created_at, id) < (?, ?)', values: [created_at, id] }),
};
const OLDEST: Walk = {
  where: '1',
  order: 'created_at, id',
  compare: (a, b) => a.created_at - b.created_at || a.id - b.id,
  after: ({ created_at, id }) => ({ sql: '(created_at, id) > (?, ?)', values: [created_at, id] }),
};
const DUE: Walk = {
  where: 'due_at IS NOT NULL',
  order: 'due_at, id',
  compare: (a, b) => (a.due_at ?? 0) - (b.due_at ?? 0) || a.id - b.id,
  after: ({ due_at, id }) => ({ sql: '(due_at, id) > (?, ?)', values: [due_at ?? 0, id] }),
};
/** What no limit runs for comes after everything that has one, the newest first. */
const WITHOUT_LIMIT: Walk = { ...NEWEST, where: 'due_at IS NULL' };
const OPEN_WITHOUT_LIMIT: Walk = {
  ...NEWEST,
  index: 'INDEXED BY tickets_without_limit',
  // Word for word as the index has it.
  where: `due_at IS NULL AND status NOT IN (${FINISHED_STATUSES.map((status) => `'${status}'`).join(', ')})`,
};

const WALKS: Readonly<Record<TicketSort, readonly Walk[]>> = {
  newest: [NEWEST],
  oldest: [OLDEST],
  due: [DUE, WITHOUT_LIMIT],
};

const walkOf = (walk: Walk, status: TicketStatus) =>
  walk === WITHOUT_LIMIT && !FINISHED_STATUSES.includes(status) ? OPEN_WITHOUT_LIMIT : walk;

/**
 * A page of a queue's row ids in its order. A narrowed queue is looked through a part at a time: a page may hold fewer ids than asked for,
 * or none, and still have a `next`.
 * @param lookAt rows a narrowed page looks at, at most
 * @throws DataError NOT_FOUND when the ticket to continue after is gone
 */
export function listQueueIds(
  db: ReadableDb,
  question: QueueQuestion,
  limit: number,
  before?: number,
  lookAt = MOST_LOOKED_AT,
): IdPage {
  const { filter, sort } = question;
  const statuses = filter?.statuses
    ? question.statuses.filter((status) => filter.statuses?.includes(status))
    : question.statuses;
  const place = before === undefined ? null : findPlace(db, before);
  const most = filter ? Math.max(limit, lookAt) : limit;
  const condition = conditionOf(filter);
  const walks = WALKS[sort];
  // Who continues after a ticket without a limit is through with those that have one.
  const from = place && sort === 'due' && place.due_at === null ? 1 : 0;
  const rows: LookedAt[] = [];
  for (const [index, walk] of walks.entries()) {
    if (index < from || rows.length > most) continue;
    const after = place && index === from ? walk.after(place) : { sql: '1', values: [] };
    const found = statuses.flatMap((status) => {
      const { index = '', where, order } = walkOf(walk, status);
      return db.all<LookedAt>(
        `SELECT id, created_at, due_at, ${condition.sql} AS passes FROM tickets ${index}
         WHERE status = ? AND ${where} AND ${after.sql} ORDER BY ${order} LIMIT ?`,
        ...condition.values,
        status,
        ...after.values,
        most + 1,
      );
    });
    rows.push(...found.sort(walk.compare).slice(0, most + 1 - rows.length));
  }
  return toPage(rows, most, limit);
}

function findPlace(db: ReadableDb, id: number): Place {
  const place = db.get<Place>('SELECT id, created_at, due_at FROM tickets WHERE id = ?', id);
  if (!place) throw new DataError('NOT_FOUND', 'the page to continue after is gone');
  return place;
}

/** The first ids that pass, with the place of the last row that was looked at when there are more. */
function toPage(rows: readonly LookedAt[], most: number, limit: number): IdPage {
  const ids: number[] = [];
  for (const [index, { id, passes }] of rows.slice(0, most).entries()) {
    if (passes) ids.push(id);
    if (ids.length === limit && index + 1 < rows.length) return { ids, next: id };
  }
  return { ids, next: rows.length > most ? (rows[most - 1]?.id ?? null) : null };
}

/** What the ids of a list name, and so where the tickets they are about are found. */
export type ListedRows = 'tickets' | 'checks';

/**
 * A page of a list with an order of its own, narrowed to what passes a filter: a part of the list at a time, like {@link listQueueIds}. A check
 * passes with its ticket; one whose ticket is not in the cache does not.
 * @param list pages of the whole list
 */
export function narrowIds(
  db: ReadableDb,
  filter: QueueFilter | undefined,
  list: (limit: number, before?: number) => IdPage,
  limit: number,
  before?: number,
  listed: ListedRows = 'tickets',
): IdPage {
  if (!filter) return list(limit, before);
  const most = Math.max(limit, MOST_LOOKED_AT);
  const page = list(most, before);
  const passing = passingOf(db, filter, page.ids, listed);
  const ids = page.ids.filter((id) => passing.has(id));
  return ids.length > limit ? { ids: ids.slice(0, limit), next: ids[limit - 1] ?? null } : { ids, next: page.next };
}

function passingOf(
  db: ReadableDb,
  { statuses, ...rest }: QueueFilter,
  ids: readonly number[],
  listed: ListedRows,
): ReadonlySet<number> {
  const condition = conditionOf(rest);
  const states: Condition = statuses
    ? { sql: `status IN (${marks(statuses)})`, values: statuses }
    : { sql: '1', values: [] };
  const passes = `${states.sql} AND ${condition.sql}`;
  const text =
    listed === 'tickets'
      ? `SELECT id FROM (SELECT value AS listed FROM json_each(?)) CROSS JOIN tickets ON id = listed WHERE ${passes}`
      : `SELECT r.id FROM json_each(?) AS listed CROSS JOIN records r ON r.id = listed.value
         WHERE EXISTS (SELECT 1 FROM tickets WHERE uid = r.doc ->> '$.ticketUid' AND ${passes})`;
  return new Set(db.values<number>(text, JSON.stringify(ids), ...states.values, ...condition.values));
}
