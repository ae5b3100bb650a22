import type { ReadableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import type { IdPage } from './ticket-list.repository.ts';

interface CallPlace {
  readonly call_due: number;
  readonly call_from: number;
}

/**
 * Tickets whose citizens are to be called, out of the index alone: first those whose time has come, the one that runs out first at the top;
 * then those to be tried again later, the next one first.
 * @throws DataError NOT_FOUND when the ticket to continue after is not in the list any more
 */
export function listIdsToCall(db: ReadableDb, now: number, limit: number, before?: number): IdPage {
  const place = before === undefined ? null : placeOf(db, before);
  const isPastNow = place !== null && place.call_from > now;
  const due = isPastNow ? [] : listDue(db, now, limit + 1, place && { at: place.call_due, id: before ?? 0 });
  const missing = limit + 1 - due.length;
  const later =
    missing > 0 ? listLater(db, now, missing, isPastNow ? { at: place.call_from, id: before ?? 0 } : null) : [];
  const ids = [...due, ...later];
  const page = ids.slice(0, limit);
  return { ids: page, next: ids.length > limit ? (page.at(-1) ?? null) : null };
}

interface After {
  readonly at: number;
  readonly id: number;
}

function listDue(db: ReadableDb, now: number, limit: number, after: After | null): readonly number[] {
  return db.values<number>(
    `SELECT id FROM tickets INDEXED BY tickets_to_call
     WHERE call_due IS NOT NULL AND call_from <= ? AND (call_due, id) > (?, ?) ORDER BY call_due, id LIMIT ?`,
    now,
    after?.at ?? 0,
    after?.id ?? 0,
    limit,
  );
}

function listLater(db: ReadableDb, now: number, limit: number, after: After | null): readonly number[] {
  return db.values<number>(
    `SELECT id FROM tickets INDEXED BY tickets_to_call
     WHERE call_due IS NOT NULL AND call_from > ? AND (call_from, id) > (?, ?) ORDER BY call_from, id LIMIT ?`,
    now,
    after?.at ?? 0,
    after?.id ?? 0,
    limit,
  );
}

function placeOf(db: ReadableDb, id: number): CallPlace {
  const place = db.get<CallPlace>('SELECT call_due, call_from FROM tickets WHERE id = ? AND call_due IS NOT NULL', id);
  if (!place) throw new DataError('NOT_FOUND', 'the page to continue after is gone');
  return place;
}
