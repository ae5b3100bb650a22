import type { ReadableDb } from '../db/sqlite.ts';
import { type IdPage, type Place, placeOf, toPage } from './ticket-list.repository.ts';

/** What a list across the states is made of; each has an order of its own. */
export type AcrossList = 'overdue' | 'supervised' | 'joint' | 'waiting' | 'elsewhere' | 'callback' | 'proposed';

/** Who lies in a list, by columns that the index of all these lists holds. */
const WHO: Readonly<Record<Exclude<AcrossList, 'proposed'>, string>> = {
  overdue: 'due_at IS NOT NULL AND due_at <= ?',
  supervised: 'order_due_at IS NOT NULL',
  joint: 'joint_at IS NOT NULL',
  waiting: 'awaited_until IS NOT NULL',
  elsewhere: 'flow_at IS NOT NULL',
  callback: 'call_due IS NOT NULL',
};

/**
 * A list across the states by when its tickets were made, instead of its own order: out of one index over what lies in any of them.
 * @param now what is overdue is so at this time, epoch ms
 * @throws DataError NOT_FOUND when the ticket to continue after is gone
 */
export function listAcrossIds(
  db: ReadableDb,
  list: AcrossList,
  sort: 'newest' | 'oldest',
  now: number,
  limit: number,
  before?: number,
): IdPage {
  const isNewest = sort === 'newest';
  const place = before === undefined && !isNewest ? { id: 0, created_at: 0 } : placeOf(db, before);
  const [index, who] = list === 'proposed' ? ['tickets_proposed', 'is_proposed = 1'] : ['tickets_across', WHO[list]];
  const direction = isNewest ? 'DESC' : 'ASC';
  const rows = db.all<Place>(
    `SELECT id, created_at FROM tickets INDEXED BY ${index} WHERE ${who} AND (created_at, id) ${isNewest ? '<' : '>'} (?, ?)
     ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    ...(list === 'overdue' ? [now] : []),
    place.created_at,
    place.id,
    limit + 1,
  );
  return toPage(rows, limit);
}
