import type { PersonChanges } from '#shared/contract/citizen.contract.ts';
import type { Citizen, CitizenFields } from '#shared/domain/citizen.ts';
import { formatPhone, parsePhones } from '#shared/domain/phone.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import { textSchema } from '#shared/kernel/text.ts';

/** One number in the form: one of the record, or a new one. */
export type PhoneRow =
  | { readonly kind: 'kept'; readonly place: number; readonly shown: string }
  | { readonly kind: 'added'; readonly written: string };

/** Numbers one person has at most. */
export const MOST_PHONES = 10;
/** Digits of the shortest number that can be dialled. */
const LEAST_DIGITS = 3;

export type NewFlag = NonNullable<PersonChanges['flags']>['added'][number];

/** What the dialog holds. Of a masked record the texts begin empty: empty means unchanged. */
export interface PersonForm {
  readonly name: string;
  readonly gender: CitizenFields['gender'];
  readonly kind: CitizenFields['kind'];
  readonly confidential: boolean;
  /** Why 保密 is taken away. */
  readonly liftReason: string;
  readonly remark: string;
  readonly ageBand: CitizenFields['ageBand'];
  readonly hearing: boolean;
  readonly language: string;
  readonly phones: readonly PhoneRow[];
  /** A number that is being typed and not among them yet. */
  readonly written: string;
  readonly removedFlags: readonly CitizenFields['flags'][number]['id'][];
  readonly addedFlags: readonly NewFlag[];
  /** What is written for a flag that is not added yet. */
  readonly flagText: string;
}

/** The form of a record, or of somebody new who calls from a number. */
export function toForm(citizen: Citizen | null, masked: boolean, ani: string): PersonForm {
  const fields = citizen?.fields;
  const visible = (text: string) => (masked ? '' : text);
  return {
    name: visible(fields?.name ?? ''),
    gender: fields?.gender ?? 'unknown',
    kind: fields?.kind ?? 'person',
    confidential: fields?.confidential ?? false,
    liftReason: '',
    remark: visible(fields?.remark ?? ''),
    ageBand: fields?.ageBand ?? null,
    hearing: fields?.needs.hearing ?? false,
    language: fields?.needs.language ?? '',
    phones: fields
      ? fields.phones.map((phone, place) => ({ kind: 'kept', place, shown: formatPhone(phone) }))
      : [{ kind: 'added', written: formatPhone(ani) }],
    written: '',
    removedFlags: [],
    addedFlags: [],
    flagText: '',
  };
}

/** True for what can be dialled, one number or several. */
export function isPhone(written: string): boolean {
  if (!textSchema(LIMITS.phone).safeParse(written).success) return false;
  const phones = parsePhones(written);
  return phones.length > 0 && phones.every(({ number }) => number.length >= LEAST_DIGITS);
}

/** One row for each number that was written into one field: as it was written when it is one. */
export function toPhoneRows(written: string): readonly PhoneRow[] {
  const phones = parsePhones(written);
  if (phones.length < 2) return [{ kind: 'added', written: written.trim() }];
  return phones.map(({ number, extension }) => ({
    kind: 'added',
    written: formatPhone(extension === '' ? number : `${number}#${extension}`),
  }));
}

/** The rows with the numbers that were written; what does not fit any more stays written. */
export function addPhones(
  rows: readonly PhoneRow[],
  written: string,
): { readonly phones: readonly PhoneRow[]; readonly written: string } {
  const added = toPhoneRows(written);
  const fitting = added.slice(0, Math.max(0, MOST_PHONES - rows.length));
  const left = added.slice(fitting.length).map((row) => (row.kind === 'added' ? row.written : row.shown));
  return { phones: [...rows, ...fitting], written: left.join('、') };
}

/** The form with the number that is still being typed among the others, if it is one and fits. */
export function withWritten(form: PersonForm): PersonForm {
  return isPhone(form.written) ? { ...form, ...addPhones(form.phones, form.written) } : form;
}

/**
 * Why the form cannot be saved: nothing to know the person by, a number that is none, still being typed or one too many, words of a flag
 * that is not added, or 保密 taken away without a reason.
 */
export function problemOf(
  form: PersonForm,
  before: PersonForm,
  masked: boolean,
): 'nobody' | 'phone' | 'written' | 'flag' | 'lift' | null {
  if (withWritten(form).written.trim() !== '') return 'written';
  if (form.phones.some((row) => row.kind === 'added' && !isPhone(row.written))) return 'phone';
  if (form.flagText.trim() !== '') return 'flag';
  if (isLifting(form, before) && form.liftReason.trim() === '') return 'lift';
  return form.name.trim() === '' && !masked && form.phones.length === 0 ? 'nobody' : null;
}

/** Whether the form takes 保密 away. */
export function isLifting(form: PersonForm, before: PersonForm): boolean {
  return before.confidential && !form.confidential;
}

/** Whether anything was typed or chosen that closing the dialog would throw away. */
export function isTouched(form: PersonForm, before: PersonForm): boolean {
  return JSON.stringify(form) !== JSON.stringify(before);
}

/** What the form changes; empty when it changes nothing. */
export function toChanges(form: PersonForm, before: PersonForm, masked: boolean): PersonChanges {
  const text = (now: string, was: string) => now !== was && !(masked && now === '');
  const needs = { hearing: form.hearing, language: form.language.trim() };
  const phones = {
    kept: form.phones.flatMap((row) => (row.kind === 'kept' ? [row.place] : [])),
    added: form.phones.flatMap((row) => (row.kind === 'added' ? [row.written] : [])),
  };
  const isSameOrder =
    form.phones.length === before.phones.length && form.phones.every((row, i) => row === before.phones[i]);
  const hasFlags = form.removedFlags.length > 0 || form.addedFlags.length > 0;
  return {
    ...(text(form.name, before.name) ? { name: form.name.trim() } : {}),
    ...(form.gender === before.gender ? {} : { gender: form.gender }),
    ...(form.kind === before.kind ? {} : { kind: form.kind }),
    ...(form.confidential && !before.confidential ? { confidential: true as const } : {}),
    ...(text(form.remark, before.remark) ? { remark: form.remark } : {}),
    ...(form.ageBand === before.ageBand ? {} : { ageBand: form.ageBand }),
    ...(form.hearing === before.hearing && form.language === before.language ? {} : { needs }),
    ...(isSameOrder && phones.added.length === 0 ? {} : { phones }),
    ...(hasFlags ? { flags: { removed: [...form.removedFlags], added: [...form.addedFlags] } } : {}),
  };
}
