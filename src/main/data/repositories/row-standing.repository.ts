import type { Stumble } from '#shared/sync/refusals.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import type { OutboxState } from './outbox.repository.ts';
import { countCached } from './scope.repository.ts';

/** Where a row stands with the server: whether something on it is not confirmed, and what of it was refused. */
export interface RowStanding {
  readonly pending: boolean;
  /** The refused operation a person has to decide about first; null when none was refused. */
  readonly refused: (Stumble & { readonly kind: string }) | null;
}

interface StandingRow {
  readonly uid: string;
  readonly kind: string;
  readonly state: OutboxState;
  readonly last_error: string | null;
  readonly last_detail: string;
}

/** Of a row that nothing is queued for. */
export const UNTOUCHED: RowStanding = { pending: false, refused: null };

/** Where a row stands; what the server refused comes before what was only held back by it. */
export function findStanding(db: ReadableDb, uid: string): RowStanding {
  return findStandings(db, [uid]).get(uid) ?? UNTOUCHED;
}

/** {@link findStanding} of those of some rows that something is queued for. */
export function findStandings(db: ReadableDb, uids: readonly string[]): ReadonlyMap<string, RowStanding> {
  const rows = db.all<StandingRow>(
    `SELECT o.uid, kind, state, last_error, last_detail FROM json_each(?) AS wanted CROSS JOIN outbox o ON o.uid = wanted.value
     ORDER BY CASE state WHEN 'rejected' THEN 0 WHEN 'blocked' THEN 1 ELSE 2 END, o.id`,
    JSON.stringify(uids),
  );
  const standings = new Map<string, RowStanding>();
  for (const { uid, kind, state, last_error: code, last_detail: detail } of rows) {
    if (standings.has(uid)) continue;
    standings.set(uid, {
      pending: true,
      refused: state === 'waiting' ? null : { kind, code: code ?? 'INTERNAL', detail },
    });
  }
  return standings;
}

/** Tickets and persons on this computer: those the server has too, and those it has not confirmed or has refused. */
export function countHere(db: ReadableDb): { readonly tickets: number; readonly citizens: number } {
  const cached = countCached(db);
  const onlyHere = (kind: string) =>
    db.value<number>('SELECT count(DISTINCT uid) FROM outbox WHERE kind = ? AND base_version = 0', kind) ?? 0;
  return {
    tickets: cached.tickets - cached.leftOut + onlyHere('ticket.create'),
    citizens: cached.citizens + onlyHere('citizen.upsert'),
  };
}
