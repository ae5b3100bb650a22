import type { ReadableDb } from '../db/sqlite.ts';
import { type IdPage, type Place, placeOf, toPage } from './ticket-list.repository.ts';

/** What a list across the states is made of; each has an order of its own. */
export type AcrossList = 'overdue' | 'supervised' | 'joint' | 'waiting' | 'elsewhere' | 'callback' | 'proposed';

/** Who lies in a list, by columns that the index of all these lists holds; and the index of its own order, which holds nobody else. */
const LISTS: Readonly<Record<Exclude<AcrossList, 'proposed'>, { readonly who: string; readonly own: string }>> = {
  overdue: { who: 'due_at IS NOT NULL AND due_at <= ?', own: 'tickets_by_due' },
  supervised: { who: 'order_due_at IS NOT NULL', own: 'tickets_by_order' },
  joint: { who: 'joint_at IS NOT NULL', own: 'tickets_by_joint' },
  waiting: { who: 'awaited_until IS NOT NULL', own: 'tickets_awaited' },
  elsewhere: { who: 'flow_at IS NOT NULL', own: 'tickets_elsewhere' },
  callback: { who: 'call_due IS NOT NULL', own: 'tickets_to_call' },
};

/** Up to so many tickets of a list are put in order as they are: a walk past all that is open would read more. */
const FEW = 1_000;

/**
 * A list across the states by when its tickets were made, instead of its own order: out of one index over what lies in any of them, or, where that
 * would go past many others, by sorting the few there are.
 * @param now what is overdue is so at this time, epoch ms
 * @param few up to so many tickets of a list are sorted
 * @throws DataError NOT_FOUND when the ticket to continue after is gone
 */
export function listAcrossIds(
  db: ReadableDb,
  list: AcrossList,
  sort: 'newest' | 'oldest',
  now: number,
  limit: number,
  before?: number,
  few = FEW,
): IdPage {
  const isNewest = sort === 'newest';
  const place = before === undefined && !isNewest ? { id: 0, created_at: 0 } : placeOf(db, before);
  const values = list === 'overdue' ? [now] : [];
  const { index, who } = wayThrough(db, list, values, few);
  const direction = isNewest ? 'DESC' : 'ASC';
  const rows = db.all<Place>(
    `SELECT id, created_at FROM tickets INDEXED BY ${index} WHERE ${who} AND (created_at, id) ${isNewest ? '<' : '>'} (?, ?)
     ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    ...values,
    place.created_at,
    place.id,
    limit + 1,
  );
  return toPage(rows, limit);
}

/** The index a list is read off, and who of it lies in the list. */
function wayThrough(
  db: ReadableDb,
  list: AcrossList,
  values: readonly number[],
  few: number,
): { readonly index: string; readonly who: string } {
  // Its own order is by creation already.
  if (list === 'proposed') return { index: 'tickets_proposed', who: 'is_proposed = 1' };
  const { who, own } = LISTS[list];
  const text = `SELECT count(*) FROM (SELECT 1 FROM tickets INDEXED BY ${own} WHERE ${who} LIMIT ${few + 1})`;
  const isSmall = (db.value<number>(text, ...values) ?? 0) <= few;
  return { index: isSmall ? own : 'tickets_across', who };
}
