import type { PersonHit } from '#shared/contract/citizen.contract.ts';
import { type Citizen, type FormerPhone, formerPhonesOf } from '#shared/domain/citizen.ts';
import { type Shown, showCitizen } from '#shared/domain/masking.ts';
import { maskPhone, normalizePhone, storePhone } from '#shared/domain/phone.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findCitizensByPhone, findHead, listMergedInto } from '../repositories/citizen.repository.ts';
import { listTickets, type StoredTicket } from '../repositories/ticket.repository.ts';
import { countByPhone, listIdsByPhoneUntil } from '../repositories/ticket-list.repository.ts';
import type { WorkContext } from './work-context.ts';

/** A person with all records that were merged into one. */
export interface Person {
  /** The record that stands for all of them. */
  readonly head: Citizen;
  readonly merged: readonly Citizen[];
  /** Normalized numbers of all records, those of the head first: what their calls and tickets are found by. */
  readonly phones: readonly string[];
  /** The same to be read and called, with extensions. */
  readonly written: readonly string[];
  /** Normalized numbers of all records that are none of theirs any more. */
  readonly former: readonly FormerPhone[];
}

/** Everybody known under a normalized number by the record that stands for them, the one changed last first: that one is shown at a ring. */
export function findPeople(db: ReadableDb, phone: string): readonly Citizen[] {
  const heads = findCitizensByPhone(db, phone).map((record) => findHead(db, record));
  return [...new Map(heads.map((head) => [head.uid, head])).values()];
}

/** The person a record belongs to. */
export function personOf(db: ReadableDb, citizen: Citizen): Person {
  const head = findHead(db, citizen);
  const merged = listMergedInto(db, head.uid);
  const all = [head, ...merged].flatMap(({ fields }) => fields.phones).filter((phone) => normalizePhone(phone) !== '');
  const phones = [...new Set(all.map(normalizePhone))];
  const former = [head, ...merged]
    .flatMap(({ fields }) =>
      formerPhonesOf(fields).map(({ phone, until }) => ({ phone: normalizePhone(phone), until })),
    )
    .filter(({ phone }) => phone !== '' && !phones.includes(phone));
  return { head, merged, phones, written: [...new Set(all.map(storePhone))], former };
}

/**
 * Tickets of a person under numbers that are theirs no more: made before the number was taken off, and of nobody else.
 * @param most newest tickets looked at for each number
 */
export function listFormerTickets(
  db: ReadableDb,
  { head, merged, former }: Person,
  most: number,
): readonly StoredTicket[] {
  const own = new Set<string>([head, ...merged].map(({ uid }) => uid));
  const ids = former.flatMap(({ phone, until }) => listIdsByPhoneUntil(db, phone, until, most));
  return listTickets(db, [...new Set(ids)]).filter(
    ({ ticket }) => ticket.fields.citizenUid === null || own.has(ticket.fields.citizenUid),
  );
}

/** A found person as a list shows them to this user. */
export function toPersonHit(
  ctx: Pick<WorkContext, 'db' | 'user'>,
  citizen: Citizen,
  marks: readonly string[],
): PersonHit {
  const person = personOf(ctx.db, citizen);
  const { row, masked } = showPerson(person, ctx.user.role);
  const { name, gender, kind, confidential, remark } = row.head.fields;
  const counts = person.phones.map((phone) => countByPhone(ctx.db, phone, 0));
  return {
    uid: row.head.uid,
    name,
    gender,
    kind,
    phones: [...row.written],
    confidential,
    remark,
    masked,
    tickets: counts.reduce((sum, { tickets }) => sum + tickets, 0),
    open: counts.reduce((sum, { open }) => sum + open, 0),
    marks: [...marks],
  };
}

/** A person as a role sees them: who asked for confidentiality under one record is masked under all. */
export function showPerson(person: Person, role: Role): Shown<Person> {
  const records = [person.head, ...person.merged];
  const confidential = records.some(({ fields }) => fields.confidential);
  const shown = records.map((record) => showCitizen({ ...record, fields: { ...record.fields, confidential } }, role));
  const [head, ...merged] = shown.map(({ row }) => row);
  if (!head) throw new Error('a person has a record');
  const isMasked = shown[0]?.masked === true;
  const phones = isMasked ? person.phones.map(maskPhone) : person.phones;
  const written = isMasked ? phones : person.written;
  const former = isMasked ? [] : person.former;
  return { row: { head, merged, phones, written, former }, masked: isMasked };
}
