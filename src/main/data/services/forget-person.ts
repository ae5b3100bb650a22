import { formerPhonesOf } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { forgetCallers } from '../repositories/call-log.repository.ts';
import { findCitizen, findCitizensByPhone } from '../repositories/citizen.repository.ts';
import { emptyClosedDrafts } from '../repositories/draft.repository.ts';
import { hasWorkOn, listSeenOf } from '../repositories/seen-ticket.repository.ts';
import { forgetSettled } from '../repositories/settled-op.repository.ts';
import { deleteTicket, findCallerPhone } from '../repositories/ticket.repository.ts';

/**
 * A person whose record the server no longer has was erased: what this seat kept of them besides goes, too, namely their numbers in the
 * call log and the forms that were written for them. Numbers that somebody else is known under stay. Call before the record is removed.
 */
export function forgetPerson(db: WritableDb, uid: string): void {
  const citizen = findCitizen(db, uid);
  if (!citizen) return;
  const { phones } = citizen.fields;
  forgetSettled(db, uid);
  forgetNumbers(db, [...phones, ...formerPhonesOf(citizen.fields).map(({ phone }) => phone)], uid);
}

/** The same for a ticket that comes without the number it had. Call before it is saved. */
export function forgetErasedCaller(db: WritableDb, { uid, fields: { caller } }: Ticket): void {
  if (!caller.anonymous || caller.phone !== '') return;
  const phone = findCallerPhone(db, uid);
  if (phone === '') return;
  forgetSettled(db, uid);
  forgetNumbers(db, [phone], null);
}

function forgetNumbers(db: WritableDb, written: readonly string[], uid: string | null): void {
  const isFree = (phone: string) => findCitizensByPhone(db, phone).every((other) => other.uid === uid);
  const numbers = new Set(written.map(normalizePhone).filter((phone) => phone !== '' && isFree(phone)));
  // No pull brings what the server makes of tickets outside of the held months: they can be asked for again.
  for (const id of listSeenOf(db, [...numbers], uid)) if (!hasWorkOn(db, id)) deleteTicket(db, id);
  if (numbers.size === 0) return;
  forgetCallers(db, [...numbers]);
  emptyClosedDrafts(db, (typed) => numbers.has(normalizePhone(typed)));
}
