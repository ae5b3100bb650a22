import type { CallRecord } from '#shared/domain/call-record.ts';
import { NO_STAGE_TIMES } from '#shared/domain/call-state.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { type CallRow, toFacts, upsertCall } from './call.repository.ts';

type CallDoc = Omit<CallRecord, Exclude<keyof CallFacts, 'direction'> | 'outcome'>;

/** Keeps the whole record of a call; one that is older than what is known of it adds nothing. */
export function saveCallRecord(db: WritableDb, record: CallRecord, now: number): void {
  const { callId, ani, line, ringAt, answeredAt, endedAt, heldMs, outcome, ...doc } = record;
  upsertCall(db, { callId, ani, line, ringAt, answeredAt, endedAt, heldMs }, now);
  db.run(
    `UPDATE calls SET outcome = coalesce(?, outcome), doc = ? WHERE call_id = ? AND (outcome IS NULL OR ? IS NOT NULL)`,
    outcome,
    JSON.stringify(doc satisfies CallDoc),
    callId,
    outcome,
  );
}

/** Facts of a call as an older program kept them: how the time was spent is what they tell. */
function emptyDoc(facts: CallFacts): CallDoc {
  const { ringAt, answeredAt, endedAt, heldMs } = facts;
  const until = endedAt ?? answeredAt ?? ringAt;
  const talking = answeredAt === null ? 0 : Math.max(0, until - answeredAt - heldMs);
  return {
    seat: '',
    direction: 'in',
    name: '',
    from: null,
    about: null,
    endedBy: null,
    refusal: null,
    spent: { ...NO_STAGE_TIMES, ringing: Math.max(0, (answeredAt ?? until) - ringAt), talking, held: heldMs },
    legs: [],
  };
}

interface CallLogRow extends CallRow {
  readonly outcome: CallRecord['outcome'];
  readonly known_name: string | null;
  readonly returned_at: number | null;
  readonly draft_id: string | null;
  readonly draft_state: string | null;
}

/** A call of the call log with what it is linked to. */
export interface LoggedCall {
  readonly record: CallRecord;
  /** Name under which the number is known. */
  readonly knownName: string;
  /** When somebody of that number was spoken to after a missed call. */
  readonly returnedAt: number | null;
  readonly openDraftId: string | null;
  /** Its draft, when that was closed without a ticket. */
  readonly closedDraftId: string | null;
  /** The tickets that were made of it or written on during it, the first one first. */
  readonly ticketUids: readonly string[];
}

const LOG_COLUMNS = `c.call_id, c.ani, c.line, c.ring_at, c.answered_at, c.ended_at, c.held_ms, c.outcome, c.doc,
  (SELECT p.name FROM citizen_phones n JOIN citizens p ON p.id = n.citizen_id
    WHERE n.phone = c.ani ORDER BY p.updated_at DESC LIMIT 1) AS known_name,
  CASE WHEN c.outcome = 'missed' AND c.ani <> '' THEN (SELECT min(r.answered_at) FROM calls r
    WHERE r.ani = c.ani AND r.ani <> '' AND r.answered_at > c.ring_at) END AS returned_at,
  d.id AS draft_id, d.state AS draft_state`;

function toLogged(db: ReadableDb, row: CallLogRow): LoggedCall {
  const facts = toFacts(row);
  return {
    record: { ...facts, ...emptyDoc(facts), ...(JSON.parse(row.doc) as Partial<CallDoc>), outcome: row.outcome },
    knownName: row.known_name ?? '',
    returnedAt: row.returned_at,
    openDraftId: row.draft_state === 'open' ? row.draft_id : null,
    closedDraftId: row.draft_state === 'discarded' ? row.draft_id : null,
    ticketUids: listTicketUids(db, row.call_id),
  };
}

/** Tickets of all forms about a call: its own one, and those for further matters of the same caller. */
function listTicketUids(db: ReadableDb, callId: string): readonly string[] {
  return db.values<string>(
    `SELECT ticket_uid FROM drafts WHERE call ->> '$.callId' = ? AND ticket_uid IS NOT NULL
     GROUP BY ticket_uid ORDER BY min(created_at), min(rowid)`,
    callId,
  );
}

/** Which calls: all, missed ones, those that came in and were answered, outbound ones. */
const FILTERS = {
  all: '',
  missed: `AND c.outcome = 'missed'`,
  in: `AND c.outcome IN ('answered', 'transferred', 'handed_off') AND coalesce(c.doc ->> 'direction', 'in') = 'in'`,
  out: `AND c.doc ->> 'direction' = 'out'`,
} as const;
export type CallFilter = keyof typeof FILTERS;

/**
 * Row ids of the call log, newest first.
 * @param before row id to continue after; one that is gone ends the list
 */
export function listCallIds(
  db: ReadableDb,
  filter: CallFilter,
  limit: number,
  before?: number,
): { readonly ids: readonly number[]; readonly next: number | null } {
  const after =
    before === undefined ? '' : 'AND (c.ring_at, c.rowid) < (SELECT b.ring_at, b.rowid FROM calls b WHERE b.rowid = ?)';
  const ids = db.values<number>(
    `SELECT c.rowid FROM calls c WHERE true ${FILTERS[filter]} ${after} ORDER BY c.ring_at DESC, c.rowid DESC LIMIT ?`,
    ...(before === undefined ? [] : [before]),
    limit,
  );
  return { ids, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
}

/** A call of the log by its row id. */
export function findCallByRow(db: ReadableDb, id: number): LoggedCall | null {
  const row = db.get<CallLogRow>(
    `SELECT ${LOG_COLUMNS} FROM calls c LEFT JOIN drafts d ON d.call_id = c.call_id WHERE c.rowid = ?`,
    id,
  );
  return row ? toLogged(db, row) : null;
}

/** One call with what it is linked to. */
export function findLoggedCall(db: ReadableDb, callId: string): LoggedCall | null {
  const row = db.get<CallLogRow>(
    `SELECT ${LOG_COLUMNS} FROM calls c LEFT JOIN drafts d ON d.call_id = c.call_id WHERE c.call_id = ?`,
    callId,
  );
  return row ? toLogged(db, row) : null;
}

/** Missed calls since a time whose number nobody has spoken to after them. */
export function countUnreturned(db: ReadableDb, since: number): number {
  return (
    db.value<number>(
      `SELECT count(DISTINCT c.ani) FROM calls c WHERE c.outcome = 'missed' AND c.ring_at >= ? AND c.ani <> ''
         AND NOT EXISTS (SELECT 1 FROM calls r WHERE r.ani = c.ani AND r.ani <> '' AND r.answered_at > c.ring_at)`,
      since,
    ) ?? 0
  );
}

/** Takes numbers and the names delivered with them out of the call log; that there was a call stays. */
export function forgetCallers(db: WritableDb, phones: readonly string[]): void {
  db.run(
    `UPDATE calls SET ani = '', doc = json_set(doc, '$.name', '') WHERE ani <> '' AND ani IN (SELECT value FROM json_each(?))`,
    JSON.stringify(phones),
  );
}
