import { type Citizen, type CitizenFields, formerPhonesOf, withFormerPhones } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { type CopyValue, joinLines } from '../db/copy.ts';
import type { EventInsert } from './batch.ts';
import { textOnce } from './result-text.ts';

/**
 * Columns as they are written with COPY; a ticket's document keeps what no query selects by. Number and seq come first: everything behind them
 * is known, and encoded, before they are given.
 */
export const TICKET_TARGET = [
  'number',
  'seq',
  'uid',
  'scope',
  'version',
  'centre',
  'line',
  'status',
  'type',
  'category_code',
  'caller_phone',
  'citizen_uid',
  'unit',
  'provisional_no',
  'created_at',
  'created_by',
  'console',
  'accepted_at',
  'closed_at',
  'due_at',
  'updated_at',
  'create_hash',
  'link',
  'parent_uid',
  'flags',
  'handling',
  'clocks',
  'doc',
] as const;
export const EVENT_TARGET = [
  'ticket_uid',
  'id',
  'version',
  'position',
  'at',
  'received_at',
  'kind',
  'actor_id',
  'actor_name',
  'body',
  'from_status',
  'to_status',
  'ref',
  'due_at',
  'act',
  'overlay',
] as const;
export const CITIZEN_TARGET = [
  'uid',
  'scope',
  'seq',
  'version',
  'centre',
  'created_at',
  'updated_at',
  'merged_into',
  'fields',
] as const;
export const RECORD_TARGET = ['uid', 'kind', 'scope', 'seq', 'version', 'centre', 'updated_at', 'doc'] as const;
export const REVEAL_TARGET = [
  'id',
  'subject',
  'subject_uid',
  'field',
  'reason',
  'user_id',
  'console',
  'at',
  'received_at',
] as const;
export const PHONE_TARGET = ['centre', 'phone', 'citizen_uid'] as const;

type Doc = Pick<
  Ticket,
  'provisionalNo' | 'fields' | 'replies' | 'createdById' | 'createdByName' | 'consoleId' | 'madeOffline'
>;

/** A ticket as values of {@link TICKET_TARGET}, but for number and seq. */
export function toTicketValues(
  ticket: Omit<Ticket, 'events'>,
  scope: string,
  createHash: string | null,
): readonly CopyValue[] {
  const { provisionalNo, fields, replies, createdById, createdByName, consoleId, madeOffline } = ticket;
  const doc: Doc = { provisionalNo, fields, replies, createdById, createdByName, consoleId, madeOffline };
  return [
    ticket.uid,
    scope,
    ticket.version,
    ticket.centre,
    fields.line,
    ticket.status,
    fields.type,
    fields.categoryCode,
    normalizePhone(fields.caller.phone),
    fields.citizenUid,
    ticket.unit,
    provisionalNo,
    ticket.createdAt,
    createdById,
    consoleId,
    ticket.acceptedAt,
    ticket.closedAt,
    ticket.dueAt,
    ticket.updatedAt,
    createHash === null ? null : `\\x${createHash}`,
    ticket.link === null ? null : JSON.stringify(ticket.link),
    ticket.link?.parentUid ?? null,
    `{${ticket.flags.join(',')}}`,
    ticket.handling === undefined ? null : JSON.stringify(ticket.handling),
    ticket.clocks === null ? null : textOnce(ticket.clocks),
    JSON.stringify(doc),
  ];
}

/** Digits of number and seq, with their tabs. */
const ROOM = 40;

/** The lines of tickets as COPY takes them, from those of {@link toTicketValues} and the numbers and seqs that were given to them. */
export function toTicketLines(
  given: readonly { readonly number: number; readonly seq: number }[],
  { bytes, ends }: { readonly bytes: Uint8Array; readonly ends: Uint32Array },
): Buffer {
  const starts = given.map(({ number, seq }) => `${number}\t${seq}\t`);
  return joinLines(starts, bytes, ends, ROOM);
}

/** An event as values of {@link EVENT_TARGET}. */
export function toEventValues(
  { ticketUid, version, position, event }: EventInsert,
  receivedAt: number,
): readonly CopyValue[] {
  return [
    ticketUid,
    event.id,
    version,
    position,
    event.at,
    receivedAt,
    event.kind,
    event.actorId,
    event.actorName,
    event.text,
    event.from,
    event.to,
    event.ref,
    event.dueAt ?? null,
    event.act === undefined ? null : JSON.stringify(event.act),
    event.overlay === undefined ? null : JSON.stringify(event.overlay),
  ];
}

/** A citizen as values of {@link CITIZEN_TARGET}. */
export function toCitizenValues(citizen: Citizen, scope: string, seq: number): readonly CopyValue[] {
  const { uid, version, centre, createdAt, updatedAt, mergedInto, fields } = citizen;
  return [uid, scope, seq, version, centre, createdAt, updatedAt, mergedInto, JSON.stringify(fields)];
}

/** The phones of a citizen as values of {@link PHONE_TARGET}, each once. */
export function toPhoneValues(citizen: Pick<Citizen, 'uid' | 'centre' | 'fields'>): readonly (readonly CopyValue[])[] {
  const phones = new Set(citizen.fields.phones.map(normalizePhone).filter((phone) => phone !== ''));
  return [...phones].map((phone) => [citizen.centre, phone, citizen.uid]);
}

export const TICKET_COLUMNS = `uid, number, scope, seq, version, centre, status, unit, created_at, accepted_at, closed_at,
  due_at, updated_at, link, flags, handling, clocks, doc`;

export interface TicketRow {
  readonly uid: Ticket['uid'];
  readonly number: number;
  readonly scope: string;
  readonly seq: number;
  readonly version: number;
  readonly centre: string;
  readonly status: Ticket['status'];
  readonly unit: string | null;
  readonly created_at: number;
  readonly accepted_at: number | null;
  readonly closed_at: number | null;
  readonly due_at: number | null;
  readonly updated_at: number;
  readonly link: Ticket['link'];
  readonly flags: Ticket['flags'];
  readonly handling: Ticket['handling'] | null;
  readonly clocks: Ticket['clocks'];
  readonly doc: Doc;
}

/** A stored row and its events as the ticket that travels. */
export function toTicket(row: TicketRow, events: readonly TicketEvent[]): Ticket {
  const { doc } = row;
  return {
    uid: row.uid,
    number: row.number,
    provisionalNo: doc.provisionalNo,
    centre: row.centre,
    status: row.status,
    fields: doc.fields,
    unit: row.unit,
    replies: doc.replies,
    createdAt: row.created_at,
    createdById: doc.createdById,
    createdByName: doc.createdByName,
    consoleId: doc.consoleId,
    madeOffline: doc.madeOffline,
    acceptedAt: row.accepted_at,
    closedAt: row.closed_at,
    dueAt: row.due_at,
    clocks: row.clocks,
    updatedAt: row.updated_at,
    version: row.version,
    link: row.link,
    flags: row.flags,
    // Left out while it says nothing: older consoles know no such member.
    ...(row.handling ? { handling: row.handling } : {}),
    events: [...events],
  };
}

export interface EventRow {
  readonly ticket_uid: string;
  readonly id: TicketEvent['id'];
  readonly at: number;
  readonly kind: TicketEvent['kind'];
  readonly actor_id: TicketEvent['actorId'];
  readonly actor_name: string;
  readonly body: string;
  readonly from_status: TicketEvent['from'];
  readonly to_status: TicketEvent['to'];
  readonly ref: string;
  readonly due_at: number | null;
  readonly act: TicketEvent['act'] | null;
  readonly overlay: TicketEvent['overlay'] | null;
}

/** Events of several tickets, in the order they happened at the server. */
export const SELECT_EVENTS = `
  SELECT ticket_uid, id, at, kind, actor_id, actor_name, body, from_status, to_status, ref, due_at, act, overlay
  FROM ticket_events WHERE ticket_uid = ANY($1::uuid[]) ORDER BY ticket_uid, version, position, id`;

export function toEvent(row: EventRow): TicketEvent {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    actorId: row.actor_id,
    actorName: row.actor_name,
    text: row.body,
    from: row.from_status,
    to: row.to_status,
    ref: row.ref,
    ...(row.due_at === null ? {} : { dueAt: row.due_at }),
    ...(row.act ? { act: row.act } : {}),
    ...(row.overlay ? { overlay: row.overlay } : {}),
  };
}

export interface CitizenRow {
  readonly uid: Citizen['uid'];
  readonly seq: number;
  readonly version: number;
  readonly centre: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly merged_into: Citizen['mergedInto'];
  readonly fields: CitizenFields;
}

export function toCitizen(row: CitizenRow): Citizen {
  return {
    uid: row.uid,
    centre: row.centre,
    // An empty list that was stored does not travel: older consoles know no such field.
    fields: withFormerPhones(row.fields, formerPhonesOf(row.fields)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    mergedInto: row.merged_into,
  };
}

export const RECORD_COLUMNS = 'uid, kind, scope, seq, version, centre, updated_at, doc';

export interface RecordRow {
  readonly uid: string;
  readonly kind: string;
  readonly seq: number;
  readonly version: number;
  readonly centre: string;
  readonly updated_at: number;
  readonly doc: unknown;
}

/** A stored document as it travels; its kind says what its `doc` is. */
export function toRecord({ uid, kind, version, centre, updated_at, doc }: RecordRow): SyncedRecord {
  return { uid, kind, version, centre, updatedAt: updated_at, doc } as SyncedRecord;
}

/** A document as values of {@link RECORD_TARGET}. */
export function toRecordValues(record: SyncedRecord, scope: string, seq: number): readonly CopyValue[] {
  const { uid, kind, version, centre, updatedAt, doc } = record;
  return [uid, kind, scope, seq, version, centre, updatedAt, JSON.stringify(doc)];
}
