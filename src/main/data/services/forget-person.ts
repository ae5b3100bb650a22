import { formerPhonesOf } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { forgetCallers } from '../repositories/call-log.repository.ts';
import { findCitizen, findCitizensByPhone } from '../repositories/citizen.repository.ts';
import { emptyClosedDrafts } from '../repositories/draft.repository.ts';

/**
 * A person whose record the server no longer has was erased: what this seat kept of them besides goes, too, namely their numbers in the
 * call log and the forms that were written for them. Numbers that somebody else is known under stay.
 */
export function forgetPerson(db: WritableDb, uid: string): void {
  const citizen = findCitizen(db, uid);
  if (!citizen) return;
  const { phones } = citizen.fields;
  const numbers = [...phones, ...formerPhonesOf(citizen.fields).map(({ phone }) => phone)].map(normalizePhone);
  const own = numbers.filter(
    (phone) => phone !== '' && findCitizensByPhone(db, phone).every((other) => other.uid === uid),
  );
  if (own.length === 0) return;
  forgetCallers(db, own);
  emptyClosedDrafts(db, own);
}
