import type { PersonHit } from '#shared/contract/data.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findHead, listMergedInto } from '../repositories/citizen.repository.ts';
import { countByPhone } from '../repositories/ticket-list.repository.ts';

/** A person with all records that were merged into one. */
export interface Person {
  /** The record that stands for all of them. */
  readonly head: Citizen;
  readonly merged: readonly Citizen[];
  /** Normalized numbers of all records, those of the head first. */
  readonly phones: readonly string[];
}

/** The person a record belongs to. */
export function personOf(db: ReadableDb, citizen: Citizen): Person {
  const head = findHead(db, citizen);
  const merged = listMergedInto(db, head.uid);
  const phones = [head, ...merged].flatMap(({ fields }) => fields.phones.map(normalizePhone));
  return { head, merged, phones: [...new Set(phones)].filter((phone) => phone !== '') };
}

/** A found person as a list shows them. */
export function toPersonHit(db: ReadableDb, citizen: Citizen, marks: readonly string[]): PersonHit {
  const { head, phones } = personOf(db, citizen);
  const { name, gender, kind, confidential, remark } = head.fields;
  const counts = phones.map((phone) => countByPhone(db, phone, 0));
  return {
    uid: head.uid,
    name,
    gender,
    kind,
    phones: [...phones],
    confidential,
    remark,
    tickets: counts.reduce((sum, { tickets }) => sum + tickets, 0),
    open: counts.reduce((sum, { open }) => sum + open, 0),
    marks: [...marks],
  };
}
