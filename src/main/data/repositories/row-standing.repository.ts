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
  readonly kind: string;
  readonly state: OutboxState;
  readonly last_error: string | null;
  readonly last_detail: string;
}

/** Where a row stands; what the server refused comes before what was only held back by it. */
export function findStanding(db: ReadableDb, uid: string): RowStanding {
  const row = db.get<StandingRow>(
    `SELECT kind, state, last_error, last_detail FROM outbox WHERE uid = ?
     ORDER BY CASE state WHEN 'rejected' THEN 0 WHEN 'blocked' THEN 1 ELSE 2 END, id LIMIT 1`,
    uid,
  );
  if (!row) return { pending: false, refused: null };
  const { kind, state, last_error: code, last_detail: detail } = row;
  return { pending: true, refused: state === 'waiting' ? null : { kind, code: code ?? 'INTERNAL', detail } };
}

/** Tickets and persons on this computer: those the server has too, and those it has not confirmed or has refused. */
export function countHere(db: ReadableDb): { readonly tickets: number; readonly citizens: number } {
  const cached = countCached(db);
  const onlyHere = (kind: string) =>
    db.value<number>('SELECT count(DISTINCT uid) FROM outbox WHERE kind = ? AND base_version = 0', kind) ?? 0;
  return {
    tickets: cached.tickets + onlyHere('ticket.create'),
    citizens: cached.citizens + onlyHere('citizen.upsert'),
  };
}
