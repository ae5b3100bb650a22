import { shownDueAt } from '#shared/domain/clock/clock-summary.ts';
import { awaitedUntil, openFlowOf } from '#shared/domain/overlay/elsewhere.ts';
import { jointAt } from '#shared/domain/overlay/joint-queue.ts';
import { orderDueAt } from '#shared/domain/overlay/oversight.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { remindedDueAt } from '#shared/domain/reminder/reminder-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { WORK_QUEUES } from '#shared/domain/work-queue.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import type { OpResult } from '#shared/sync/wire.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { enqueueTicket } from './search-queue.repository.ts';
import { decodeTicketDoc, encodeAnswered, encodeClocks, encodeTicketDoc } from './ticket-doc.ts';
import { searchableText, textHash } from './ticket-text.ts';

interface TicketRow {
  readonly id: number;
  readonly uid: string;
  readonly number: number | null;
  readonly provisional_no: string;
  readonly centre: string;
  readonly status: string;
  readonly caller_phone: string;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly accepted_at: number | null;
  readonly updated_at: number;
  readonly version: number;
  readonly doc: string;
  readonly answered: string | null;
}

const COLUMNS =
  'id, uid, number, provisional_no, centre, status, caller_phone, created_at, created_by, accepted_at, updated_at, version, doc, answered';

/** A stored ticket with the row id that lists and the search index use. */
export interface StoredTicket {
  readonly id: number;
  readonly ticket: Ticket;
}

/** A ticket as it lies on disk; parsing its document is most of the cost of reading it. */
export interface RawTicket {
  readonly id: number;
  readonly number: number | null;
  /** False when a folded word of other scripts and ASCII digits is certainly not in the searchable text, nor the whole number of the caller. */
  mayHold(word: string): boolean;
  parse(): StoredTicket;
}

function toRaw(row: TicketRow): RawTicket {
  return { id: row.id, number: row.number, mayHold: (word) => mayHold(row, word), parse: () => toStored(row) };
}

/** Digits may also be stored full-width, and answers of a form are put into words: a date, a sum. {@link MAY_HOLD} says the same in SQL. */
function mayHold({ doc, provisional_no, caller_phone }: TicketRow, word: string): boolean {
  if (doc.includes(word) || provisional_no.includes(word)) return true;
  return /\d/.test(word) && (caller_phone === word || /[０-９]|"data":\{"/.test(doc));
}

/** {@link mayHold} of a column named `word`. */
const MAY_HOLD = `instr(doc, word) > 0 OR instr(provisional_no, word) > 0 OR
  (word GLOB '*[0-9]*' AND (caller_phone = word OR doc GLOB '*[０-９]*' OR instr(doc, '"data":{"') > 0))`;

function toStored(row: TicketRow): StoredTicket {
  const doc = decodeTicketDoc(row.doc, row.answered);
  return {
    id: row.id,
    ticket: {
      uid: row.uid as TicketId,
      number: row.number,
      provisionalNo: row.provisional_no,
      centre: row.centre,
      status: row.status as TicketStatus,
      fields: doc.fields,
      unit: doc.unit,
      replies: doc.replies,
      createdAt: row.created_at,
      createdById: row.created_by as UserId | null,
      createdByName: doc.createdByName,
      consoleId: doc.consoleId,
      madeOffline: doc.madeOffline,
      acceptedAt: row.accepted_at,
      closedAt: doc.closedAt,
      dueAt: doc.dueAt,
      clocks: doc.clocks,
      updatedAt: row.updated_at,
      version: row.version,
      link: doc.link,
      flags: doc.flags,
      ...(doc.handling ? { handling: doc.handling } : {}),
      events: doc.events,
    },
  };
}

/** A ticket by its uid. */
export function findTicket(db: ReadableDb, uid: string): StoredTicket | null {
  const row = db.get<TicketRow>(`SELECT ${COLUMNS} FROM tickets WHERE uid = ?`, uid);
  return row ? toStored(row) : null;
}

/** A ticket by its row id. */
export function findTicketById(db: ReadableDb, id: number): RawTicket | null {
  const row = db.get<TicketRow>(`SELECT ${COLUMNS} FROM tickets WHERE id = ?`, id);
  return row ? toRaw(row) : null;
}

/** The ticket with a server number. */
export function findTicketByNumber(db: ReadableDb, number: number): RawTicket | null {
  const row = db.get<TicketRow>(`SELECT ${COLUMNS} FROM tickets WHERE number = ?`, number);
  return row ? toRaw(row) : null;
}

/**
 * Tickets with one of some numbers, in their order; numbers nobody has are left out.
 * @param holding only those that may hold this word ({@link RawTicket.mayHold}); the others are not read out
 */
export function listTicketsByNumbers(
  db: ReadableDb,
  numbers: readonly number[],
  holding: string | null,
): readonly RawTicket[] {
  return db
    .all<TicketRow>(
      `SELECT ${COLUMNS} FROM (SELECT key, value, ? AS word FROM json_each(?)) CROSS JOIN tickets ON number = value
       WHERE word IS NULL OR ${MAY_HOLD} ORDER BY key`,
      holding,
      JSON.stringify(numbers),
    )
    .map(toRaw);
}

/** Tickets with numbers up to `number`, the highest first. */
export function listTicketsBelowNumber(db: ReadableDb, number: number, limit: number): readonly RawTicket[] {
  return db
    .all<TicketRow>(`SELECT ${COLUMNS} FROM tickets WHERE number <= ? ORDER BY number DESC LIMIT ?`, number, limit)
    .map(toRaw);
}

/** Tickets of row ids; rows that are gone are left out. */
export function listTickets(db: ReadableDb, ids: readonly number[]): readonly StoredTicket[] {
  return ids.flatMap((id) => findTicketById(db, id)?.parse() ?? []);
}

/** The caller's normalized number of a stored ticket; empty when there is none, for anonymous callers, and for unknown tickets. */
export function findCallerPhone(db: ReadableDb, uid: string): string {
  return db.value<string>('SELECT caller_phone FROM tickets WHERE uid = ?', uid) ?? '';
}

/** What sync has to know of a stored ticket before it writes a newer one. */
export interface TicketState {
  readonly id: number;
  readonly version: number;
  readonly base_version: number;
  readonly scope_id: number | null;
  readonly pull_round: number;
  readonly text_hash: number;
}

/** Versions of a stored ticket. */
export function findTicketState(db: ReadableDb, uid: string): TicketState | undefined {
  return db.get<TicketState>(
    'SELECT id, version, base_version, scope_id, pull_round, text_hash FROM tickets WHERE uid = ?',
    uid,
  );
}

const CALLBACK_STATUSES: readonly TicketStatus[] = WORK_QUEUES.callback;
const CALLBACK_LIST = CALLBACK_STATUSES.map((status) => `'${status}'`).join(', ');

/** Compares the author with the owner of this profile. */
const IS_MINE = 'coalesce(? = (SELECT user_id FROM session WHERE id = 1), 0)';

/** Version and scope in which a ticket was received, and in which round of pulling the scope. */
export interface ReceivedVersion {
  readonly scopeId: number;
  readonly version: number;
  readonly round: number;
}

/**
 * Writes a ticket as it is to be shown, new or over its old state, and queues it for the search index.
 * @param known state read in the same transaction, null when there is none; looked up when left out
 * @param received set by the puller only; otherwise scope and base version stay as they are
 * @returns its row id
 */
export function saveTicket(
  db: WritableDb,
  ticket: Ticket,
  known: TicketState | null = findTicketState(db, ticket.uid) ?? null,
  received?: ReceivedVersion,
): number {
  const hash = textHash(searchableText(ticket));
  const values = [
    received?.scopeId ?? known?.scope_id ?? null,
    ticket.number,
    ticket.provisionalNo,
    ticket.centre,
    ticket.status,
    isOpen(ticket.status),
    // Nobody is led from a number to what its owner said without giving a name.
    ticket.fields.caller.anonymous ? '' : normalizePhone(ticket.fields.caller.phone),
    ticket.createdAt,
    ticket.createdById,
    ticket.createdById,
    ticket.acceptedAt,
    ticket.updatedAt,
    ticket.version,
    received?.version ?? known?.base_version ?? 0,
    received?.round ?? known?.pull_round ?? 0,
    hash,
    ticket.link?.parentUid ?? null,
    shownDueAt(ticket.clocks),
    remindedDueAt(ticket),
    orderDueAt(ticket.events),
    jointAt(ticket),
    awaitedUntil(ticket),
    openFlowOf(ticket)?.sentAt ?? null,
    ...callTimesOf(ticket),
    isProposed(ticket) ? 1 : 0,
    encodeTicketDoc(ticket),
  ];
  if (known) {
    db.run(
      `UPDATE tickets SET scope_id = ?, number = ?, provisional_no = ?, centre = ?, status = ?, is_open = ?, caller_phone = ?, created_at = ?,
         created_by = ?, is_mine = ${IS_MINE}, accepted_at = ?, updated_at = ?, version = ?, base_version = ?, pull_round = ?,
         text_hash = ?, parent_uid = ?, due_at = ?, close_due = ?, order_due_at = ?, joint_at = ?, awaited_until = ?, flow_at = ?, call_due = ?, call_from = ?, is_proposed = ?, doc = ?, answered = NULL, seen_at = iif(?, NULL, seen_at) WHERE id = ?`,
      ...values,
      received ? 1 : 0,
      known.id,
    );
    enqueueTicket(db, known.id, hash !== known.text_hash);
    return known.id;
  }
  const { lastId } = db.run(
    `INSERT INTO tickets (scope_id, number, provisional_no, centre, status, is_open, caller_phone, created_at, created_by, is_mine,
       accepted_at, updated_at, version, base_version, pull_round, text_hash, parent_uid, due_at, close_due, order_due_at, joint_at, awaited_until, flow_at, call_due, call_from, is_proposed, doc, uid)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ${IS_MINE}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...values,
    ticket.uid,
  );
  enqueueTicket(db, lastId, true);
  return lastId;
}

/** Until when the citizen of a ticket is to be called and from when on; nulls for one that waits for no 回访. */
function callTimesOf({
  status,
  clocks,
  createdAt,
  handling,
}: Ticket): readonly [due: number | null, from: number | null] {
  if (!CALLBACK_STATUSES.includes(status)) return [null, null];
  return [shownDueAt(clocks) ?? createdAt, handling?.nextCall?.from ?? 0];
}

/** 提议并单 that somebody has to decide about. */
export function isProposed({ link, status }: Ticket): boolean {
  return link?.state === 'proposed' && !FINISHED_STATUSES.includes(status);
}

/** Forgets that a ticket was received: it left its scope but still shows unconfirmed work. */
export function clearTicketBase(db: WritableDb, id: number): void {
  db.run('UPDATE tickets SET scope_id = NULL, version = 0, base_version = 0 WHERE id = ?', id);
}

/** Removes a ticket that left the scopes of this console; the search index forgets it in its next slice. */
export function deleteTicket(db: WritableDb, id: number): void {
  db.run(
    'INSERT OR IGNORE INTO search_gone (number) SELECT number FROM tickets WHERE id = ? AND number IS NOT NULL',
    id,
  );
  db.run('DELETE FROM tickets WHERE id = ?', id);
}

/** The server's row kept beside a ticket that shows unconfirmed operations. */
export function saveTicketBase(db: WritableDb, id: number, base: Ticket): void {
  db.run(
    `INSERT INTO ticket_bases (ticket_id, version, row) VALUES (?, ?, ?)
     ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version, row = excluded.row`,
    id,
    base.version,
    JSON.stringify(base),
  );
}

/** The server's row of a ticket with unconfirmed operations, or null. */
export function findTicketBase(db: ReadableDb, id: number): Ticket | null {
  const row = db.value<string>('SELECT row FROM ticket_bases WHERE ticket_id = ?', id);
  return row === undefined ? null : (JSON.parse(row) as Ticket);
}

/** What the server says of a row right after operations of this console: the facts of a new ticket, and its version. */
export interface ConfirmedTicket {
  readonly uid: string;
  /** Operations of this console that the version counts. */
  readonly applied: number;
  readonly version: number;
  readonly facts: OpResult['ticket'];
}

/** The row's version is the server's, unless others changed it meanwhile and the pull has still to bring what they did. */
const KNOWN_VERSION = 'CASE WHEN ? > version AND ? <= version + ? THEN ? ELSE version END';

/**
 * Writes what the server confirmed into the row as it is, without reading it, and forgets the kept server row when no operation
 * waits any more. The searchable text is not touched.
 * @param mayHaveBase false when it is known that no server row is kept for it
 */
export function confirmTicket(
  db: WritableDb,
  { uid, applied, version, facts }: ConfirmedTicket,
  mayHaveBase = true,
): void {
  const versions = [version, version, applied, version];
  if (facts) {
    const { number, status, acceptedAt, clocks } = facts;
    const document = answeredDocument(facts);
    const write = () =>
      db.value<number>(
        `UPDATE tickets SET number = ?, status = ?, accepted_at = ?, due_at = ?, close_due = ?,
           call_due = iif(? IN (${CALLBACK_LIST}), call_due, NULL), ${document.sql}, version = ${KNOWN_VERSION}
         WHERE uid = ? AND is_open = ? RETURNING id`,
        number,
        status,
        acceptedAt,
        shownDueAt(clocks),
        remindedDueAt(facts),
        status,
        ...document.values,
        ...versions,
        uid,
        isOpen(status),
      );
    // As a rule it stays open, or ended: its place among the tickets of its caller is not touched then.
    const id = write() ?? (saveOpen(db, uid, status) ? write() : undefined);
    if (id === undefined) return;
    enqueueTicket(db, id, false);
    if (mayHaveBase) forgetBase(db, id, uid);
    return;
  }
  const id = db.value<number>(
    `UPDATE tickets SET version = ${KNOWN_VERSION} WHERE uid = ? RETURNING id`,
    ...versions,
    uid,
  );
  if (id !== undefined && mayHaveBase) forgetBase(db, id, uid);
}

/** Writes down whether somebody has work left to do. @returns false when there is no such ticket */
function saveOpen(db: WritableDb, uid: string, status: TicketStatus): boolean {
  return db.run('UPDATE tickets SET is_open = ? WHERE uid = ?', isOpen(status), uid).changes > 0;
}

/** `tickets.is_open`; what counts as finished can only change with a step that fills it anew. */
function isOpen(status: TicketStatus): 0 | 1 {
  return FINISHED_STATUSES.includes(status) ? 0 : 1;
}

/**
 * How an answer comes into a document. The limits of an open ticket stay beside it: taking thousands of documents apart costs more than all
 * the rest. What is closed is read out of documents, by the index of what is to be checked for one, and is written into it.
 */
function answeredDocument({ closedAt, dueAt, clocks }: NonNullable<OpResult['ticket']>): {
  readonly sql: string;
  readonly values: readonly string[];
} {
  if (clocks !== null && closedAt === null) return { sql: 'answered = ?', values: [encodeAnswered(dueAt, clocks)] };
  // A null in a patch removes the member: that is how an empty value is stored. It would do so inside the clocks, too.
  return clocks === null
    ? { sql: 'doc = json_patch(doc, ?), answered = NULL', values: [JSON.stringify({ closedAt, dueAt, clocks })] }
    : {
        sql: "doc = json_set(json_patch(doc, ?), '$.clocks', json(?)), answered = NULL",
        values: [JSON.stringify({ closedAt, dueAt }), encodeClocks(clocks)],
      };
}

/** Forgets the kept server row when no operation on the ticket waits any more. */
function forgetBase(db: WritableDb, id: number, uid: string): void {
  db.run(
    'DELETE FROM ticket_bases WHERE ticket_id = ? AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.uid = ?)',
    id,
    uid,
  );
}

/** True when server rows are kept for tickets; nearly always there are none. */
export function hasTicketBases(db: ReadableDb): boolean {
  return db.value<number>('SELECT 1 FROM ticket_bases LIMIT 1') !== undefined;
}

/** Forgets the kept server row: the ticket shows it again. */
export function deleteTicketBase(db: WritableDb, id: number): void {
  db.run('DELETE FROM ticket_bases WHERE ticket_id = ?', id);
}
