import { createHash } from 'node:crypto';
import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { clocksOfStanding } from '#shared/domain/clock/clocks-of-standing.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { normalizePhone, storePhone } from '#shared/domain/phone.ts';
import { LIMITS, type Ticket, type TicketEvent, ticketSchema } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import { type EventId, eventIdSchema, ticketIdSchema } from '#shared/kernel/ids.ts';
import { err, ok, type Result } from '#shared/kernel/result.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { fingerprintPhone } from './fingerprint-phone.ts';
import type { ChoiceFrom, ImportMap, TextFrom, TimeFrom } from './import-map.ts';
import { parseTime } from './time-format.ts';

export type SourceRecord = Readonly<Record<string, unknown>>;

/** A record as a ticket, with a fingerprint of what the source said. */
export interface MappedRecord {
  readonly ticket: Ticket;
  /** SHA-256, hex; the same for the same record and map whenever it is imported. */
  readonly fingerprint: string;
}

/** Ids of an import are of their own: nothing else derives the same ones. */
const NAMESPACE = 'hotline-import';

/** Thrown inside this module only: why a record cannot be taken. */
class Refusal extends Error {}

/**
 * Turns a record into a ticket. Texts are taken over character for character.
 * @param now time of the import, epoch ms
 * @param clockSet the limits its centre chose; those of centres which chose none when left out
 * @returns the reason when the record cannot be taken, e.g. `MISSING:id`, `BAD_TIME:createdAt`, `TOO_LONG:fields.title`
 */
export function mapRecord(
  record: SourceRecord,
  map: ImportMap,
  now: number,
  clockSet?: string,
): Result<MappedRecord, string> {
  try {
    return ok(toMapped(record, map, now, clockSet));
  } catch (error) {
    if (error instanceof Refusal) return err(error.message);
    throw error;
  }
}

function toMapped(record: SourceRecord, map: ImportMap, now: number, clockSet: string | undefined): MappedRecord {
  const { fields } = map;
  const offset = toMinutes(map.timeZone);
  const text = (from: TextFrom | undefined) => (from === undefined ? '' : readText(record, from));
  const time = (from: TimeFrom, name: string) => readTime(record, from, offset, name);

  const id = readText(record, fields.id);
  if (id.trim() === '') throw new Refusal('MISSING:id');
  const uid = ticketIdSchema.parse(derivedUuid(NAMESPACE, map.centre, map.source, id));
  const createdAt = time(fields.createdAt, 'createdAt');
  const content = text(fields.content);
  if (content === '') throw new Refusal('MISSING:content');
  const replies = map.replies.flatMap((reply, index) => {
    const words = readText(record, reply.text);
    return words === ''
      ? []
      : [{ at: time(reply.at, `replies.${index}.at`), unit: readText(record, reply.unit), text: words }];
  });
  const status = replies.length > 0 ? map.status.replied : map.status.unreplied;
  const isFinished = FINISHED_STATUSES.includes(status);
  const lastReplyAt = replies.reduce<number | null>((last, { at }) => Math.max(last ?? 0, at), null);
  const name = text(fields.callerName);
  const written = text(fields.callerPhone);
  const phone = readPhone(written);

  const ticket = {
    uid,
    number: null,
    provisionalNo: id.length <= 40 ? id : '',
    centre: map.centre,
    status,
    fields: {
      type: readChoice(record, map.type, 'type'),
      categoryCode: text(fields.categoryCode) || null,
      title: text(fields.title),
      content,
      originalWords: text(fields.originalWords),
      demands: [],
      channel: readChoice(record, map.channel, 'channel'),
      line: readChoice(record, map.line, 'line'),
      citizenUid: null,
      caller: {
        name,
        gender: 'unknown',
        kind: 'person',
        phone,
        anonymous: phone === '' && name === '',
        confidential: false,
      },
      place: {
        divisionCode: text(fields.divisionCode) || null,
        address: text(fields.address),
        landmark: text(fields.landmark),
      },
      occurredAt: null,
      subject: text(fields.subject),
      urgency: readChoice(record, map.urgency, 'urgency'),
      markers: [],
      tags: [],
      call: null,
      answer: null,
    },
    unit: text(fields.unit) || replies.at(-1)?.unit || null,
    replies,
    createdAt,
    createdById: null,
    createdByName: text(fields.createdByName),
    consoleId: null,
    madeOffline: false,
    acceptedAt: fields.acceptedAt ? time(fields.acceptedAt, 'acceptedAt') : createdAt,
    closedAt: isFinished ? (lastReplyAt ?? createdAt) : null,
    dueAt: null,
    version: 1,
  };
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(asFirstRead(ticket, written)))
    .digest('hex');
  const checked = ticketSchema.safeParse({ ...ticket, updatedAt: now, events: [] });
  if (!checked.success) throw new Refusal(describeIssue(checked.error.issues[0]));
  const clocks = isFinished ? null : clocksOf(checked.data, clockSet);
  const events = toEvents(checked.data, now);
  return { ticket: { ...checked.data, dueAt: closeDueAt(clocks), clocks, events }, fingerprint };
}

/** Limits of a ticket that is still open, counted from its acceptance elsewhere. */
function clocksOf(ticket: Ticket, set: string | undefined): Ticket['clocks'] {
  const acceptedAt = ticket.acceptedAt ?? ticket.createdAt;
  return clocksOfStanding({ ...ticket, acceptedAt }, ticket.fields, shippedClockRules(), set);
}

/** A ticket as the first import read it, key by key: that is what fingerprints are made of. */
function asFirstRead(ticket: { readonly fields: { readonly caller: { readonly name: string } } }, written: string) {
  const { caller } = ticket.fields;
  const phone = fingerprintPhone(written);
  const anonymous = phone === '' && caller.name === '';
  return { ...ticket, fields: { ...ticket.fields, caller: { ...caller, phone, anonymous } } };
}

/** A number with its extension; several as they were written, when they fit, so that none is lost; empty for words without one. */
function readPhone(written: string): string {
  const number = normalizePhone(written);
  const stored = storePhone(written);
  return number !== '' && stored.length <= LIMITS.phone ? stored : number;
}

function toEvents(ticket: Ticket, now: number): TicketEvent[] {
  const base = { actorId: null, actorName: '', text: '', from: null, to: null, ref: '' } as const;
  const id = (name: string): EventId => eventIdSchema.parse(derivedUuid(NAMESPACE, ticket.uid, 'event', name));
  return [
    { ...base, id: id('created'), at: ticket.createdAt, kind: 'created', actorName: ticket.createdByName },
    ...ticket.replies.map(
      (reply, index): TicketEvent => ({
        ...base,
        id: id(`reply ${index}`),
        at: reply.at,
        kind: 'reply',
        actorName: reply.unit,
      }),
    ),
    { ...base, id: id('imported'), at: now, kind: 'imported', to: ticket.status },
  ];
}

function readText(record: SourceRecord, from: TextFrom): string {
  if (typeof from !== 'string') return from.const;
  const value = Object.hasOwn(record, from) ? record[from] : undefined;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Refusal(`NOT_TEXT:${from.slice(0, 40)}`);
}

function readTime(record: SourceRecord, from: TimeFrom, offsetMinutes: number, name: string): number {
  const at = parseTime(readText(record, from.field).trim(), from.formats, offsetMinutes);
  if (at === null) throw new Refusal(`BAD_TIME:${name}`);
  return at;
}

function readChoice<T extends string>(record: SourceRecord, from: ChoiceFrom<T>, name: string): T {
  if (from.const !== undefined) return from.const;
  const written = readText(record, from.field ?? '').trim();
  const known = from.values && Object.hasOwn(from.values, written) ? from.values[written] : undefined;
  const choice = known ?? from.otherwise;
  if (choice === undefined) throw new Refusal(`UNKNOWN_VALUE:${name}`);
  return choice;
}

function describeIssue(
  issue: { readonly code?: string; readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): string {
  const path = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'too_big') return `TOO_LONG:${path}`;
  if (issue?.message === 'UNSTORABLE_TEXT') return `UNSTORABLE_TEXT:${path}`;
  return `BAD_VALUE:${path}`;
}

function toMinutes(zone: string): number {
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0));
}
