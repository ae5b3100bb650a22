import { assertNever } from '../../kernel/assert-never.ts';
import { isStorableText } from '../../kernel/text.ts';
import { parsePhones, storePhone } from '../phone.ts';
import { LIMITS } from '../ticket.ts';
import { readAttachment } from './attachment-ref.ts';
import { isDate, isMonth, isTimeOfDay } from './calendar.ts';
import { isCreditCode, normalizeCreditCode } from './credit-code.ts';
import { roundTo } from './expression-functions.ts';
import type { FormField, FormOption, TypedField } from './form-definition.ts';
import type { FormValue } from './form-value.ts';
import { birthOf, normalizeIdCard } from './id-card.ts';
import { readWrittenAmount } from './written-amount.ts';

/** Why a value cannot be taken. Texts live in i18n under forms.problem.<code>. */
export type ValueProblemCode =
  | 'WRONG_TYPE'
  | 'TOO_LONG'
  | 'UNSTORABLE_TEXT'
  | 'NOT_A_NUMBER'
  | 'TOO_SMALL'
  | 'TOO_LARGE'
  | 'TOO_MANY_DECIMALS'
  | 'NOT_A_DATE'
  | 'NOT_A_DATE_OR_MONTH'
  | 'NOT_A_TIME'
  | 'BAD_PHONE'
  | 'BAD_ID_CARD'
  | 'BAD_CREDIT_CODE'
  | 'BAD_CODE'
  | 'NOT_AN_OPTION'
  | 'TOO_MANY'
  | 'BAD_ATTACHMENT';

/** A value as conditions and the ticket see it, or why it is none (`limit`: the bound that was passed). */
export type ReadValue =
  | { readonly ok: true; readonly value: FormValue }
  | { readonly ok: false; readonly code: ValueProblemCode; readonly limit?: number };

/** Longest texts where a form says nothing, in UTF-16 units. */
const DEFAULT_LENGTHS = { text: 200, 'long-text': 2_000 } as const;
const DEFAULT_MOST_FILES = 5;
/** 元: no report of a citizen is about more. */
const MOST_MONEY = 1e12;
/** Farthest moment a field takes, epoch ms (2199). */
const LAST_MOMENT = 7_258_003_200_000;

/** The longest text a field takes, in UTF-16 units; null for fields that are not free text. */
export function maxLengthOf(field: FormField): number | null {
  switch (field.type) {
    case 'text':
    case 'long-text':
      return field.maxLength ?? DEFAULT_LENGTHS[field.type];
    case 'address':
      return LIMITS.address;
    case 'unit':
      return LIMITS.name;
    default:
      return null;
  }
}

/** How many files or choices a field takes. */
export function mostOf(field: Extract<FormField, { type: 'attachment' | 'multiple-choice' }>): number {
  return field.most ?? (field.type === 'attachment' ? DEFAULT_MOST_FILES : field.options.length);
}

const MISSING: ReadValue = { ok: true, value: null };

/**
 * Reads what is kept for a field. Blank is missing; numbers may be written in words; phone, card and code come out in their one written form; text comes
 * out as typed.
 * @param options what a choice can be now: for a dependent choice they follow from the choice above it
 */
export function readValue(field: TypedField, raw: FormValue | undefined, options: readonly FormOption[]): ReadValue {
  if (raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '')) return MISSING;
  switch (field.type) {
    case 'text':
    case 'long-text':
    case 'address':
    case 'unit':
      return readText(raw, maxLengthOf(field) ?? 0);
    case 'number':
      return readNumber(
        typeof raw === 'string' ? (readWrittenAmount(raw, 'number', field.unit) ?? raw) : raw,
        field.decimals ?? 0,
        field.min ?? Number.NEGATIVE_INFINITY,
        field.max ?? Number.POSITIVE_INFINITY,
      );
    case 'money':
      return readNumber(
        typeof raw === 'string' ? (readWrittenAmount(raw, 'money') ?? raw) : raw,
        2,
        field.min ?? 0,
        field.max ?? MOST_MONEY,
      );
    case 'date':
      return field.months
        ? readString(raw, (text) => isDate(text) || isMonth(text), 'NOT_A_DATE_OR_MONTH')
        : readString(raw, isDate, 'NOT_A_DATE');
    case 'date-time':
      if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 0 && raw < LAST_MOMENT)
        return { ok: true, value: raw };
      return { ok: false, code: typeof raw === 'string' || typeof raw === 'number' ? 'NOT_A_TIME' : 'WRONG_TYPE' };
    case 'time':
      return readString(raw, (text) => isTimeOfDay(text), 'NOT_A_TIME');
    case 'phone':
      return readPhone(raw);
    case 'id-card':
      return readString(raw, (text) => birthOf(text) !== null, 'BAD_ID_CARD', normalizeIdCard);
    case 'credit-code':
      return readString(raw, isCreditCode, 'BAD_CREDIT_CODE', normalizeCreditCode);
    case 'division':
      return readString(raw, (text) => /^\d{6}(\d{3})?$/.test(text), 'BAD_CODE');
    case 'category':
      return readString(raw, (text) => /^\d{6}$/.test(text), 'BAD_CODE');
    case 'single-choice':
    case 'dependent-choice':
      return readString(raw, (text) => options.some((option) => option.value === text), 'NOT_AN_OPTION');
    case 'multiple-choice':
      return readChoices(raw, options, mostOf(field));
    case 'yes-no':
      return typeof raw === 'boolean' ? { ok: true, value: raw } : { ok: false, code: 'WRONG_TYPE' };
    case 'attachment':
      return readAttachments(raw, mostOf(field));
    default:
      return assertNever(field, 'field');
  }
}

function readText(raw: FormValue, max: number): ReadValue {
  if (typeof raw !== 'string') return { ok: false, code: 'WRONG_TYPE' };
  if (!isStorableText(raw)) return { ok: false, code: 'UNSTORABLE_TEXT' };
  return raw.length > max ? { ok: false, code: 'TOO_LONG', limit: max } : { ok: true, value: raw };
}

function readNumber(raw: FormValue, decimals: number, min: number, max: number): ReadValue {
  if (typeof raw === 'string') return { ok: false, code: 'NOT_A_NUMBER' };
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return { ok: false, code: 'WRONG_TYPE' };
  if (raw < min) return { ok: false, code: 'TOO_SMALL', limit: min };
  if (raw > max) return { ok: false, code: 'TOO_LARGE', limit: max };
  if (roundTo(raw, decimals) !== raw) return { ok: false, code: 'TOO_MANY_DECIMALS', limit: decimals };
  return { ok: true, value: raw };
}

function readString(
  raw: FormValue,
  isGood: (text: string) => boolean,
  code: ValueProblemCode,
  normalize: (text: string) => string = (text) => text,
): ReadValue {
  if (typeof raw !== 'string') return { ok: false, code: 'WRONG_TYPE' };
  const text = normalize(raw);
  return isGood(text) ? { ok: true, value: text } : { ok: false, code };
}

/** Any one number that can be dialled in China, with its extension. */
function readPhone(raw: FormValue): ReadValue {
  if (typeof raw !== 'string') return { ok: false, code: 'WRONG_TYPE' };
  if (!isStorableText(raw) || raw.length > LIMITS.phone) return { ok: false, code: 'BAD_PHONE' };
  const [phone, ...more] = parsePhones(raw);
  if (!phone || more.length > 0 || phone.number.length < 5 || phone.number.length > 12)
    return { ok: false, code: 'BAD_PHONE' };
  return { ok: true, value: storePhone(raw) };
}

function readChoices(raw: FormValue, options: readonly FormOption[], most: number): ReadValue {
  if (!Array.isArray(raw)) return { ok: false, code: 'WRONG_TYPE' };
  if (raw.length === 0) return MISSING;
  // In the order of the form, whatever the order of the clicks.
  const chosen = options.map((option) => option.value).filter((value) => raw.includes(value));
  if (chosen.length !== raw.length) return { ok: false, code: 'NOT_AN_OPTION' };
  return chosen.length > most ? { ok: false, code: 'TOO_MANY', limit: most } : { ok: true, value: chosen };
}

function readAttachments(raw: FormValue, most: number): ReadValue {
  if (!Array.isArray(raw)) return { ok: false, code: 'WRONG_TYPE' };
  if (raw.length === 0) return MISSING;
  if (raw.length > most) return { ok: false, code: 'TOO_MANY', limit: most };
  const isGood = raw.every((one: unknown) => typeof one === 'string' && readAttachment(one) !== null);
  return isGood ? { ok: true, value: raw } : { ok: false, code: 'BAD_ATTACHMENT' };
}
