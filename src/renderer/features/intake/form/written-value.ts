import { formatMinute } from '#renderer/ui/format-time.ts';
import { clock } from '#renderer/ui/now.ts';
import { parseMonth } from '#renderer/ui/parse-month.ts';
import { parseDay, parseWhen } from '#renderer/ui/parse-time.ts';
import { isDate, isTimeOfDay } from '#shared/domain/form/calendar.ts';
import { normalizeCreditCode } from '#shared/domain/form/credit-code.ts';
import type { FieldType, TypedField } from '#shared/domain/form/form-definition.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import { normalizeIdCard } from '#shared/domain/form/id-card.ts';
import { readWrittenAmount } from '#shared/domain/form/written-amount.ts';
import { formatPhone, storePhone } from '#shared/domain/phone.ts';

/** Kinds of fields whose value is read out of what was typed. */
export type WrittenType = Extract<
  FieldType,
  'number' | 'money' | 'date' | 'date-time' | 'time' | 'phone' | 'id-card' | 'credit-code'
>;

function readDate(written: string): string | null {
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(written.normalize('NFKC').trim());
  const date = compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : null;
  if (date !== null) return isDate(date) ? date : null;
  const day = parseDay(written, clock.now());
  return day === null ? null : formatMinute(day).slice(0, 10);
}

function readTime(written: string): string | null {
  const compact = /^(\d{1,2}):?(\d{2})$/.exec(written.normalize('NFKC').trim());
  const time = compact ? `${compact[1]?.padStart(2, '0')}:${compact[2]}` : null;
  if (time !== null) return isTimeOfDay(time) ? time : null;
  const at = parseWhen(written, clock.now());
  return at === null ? null : formatMinute(at).slice(11);
}

/** Fields whose value is read out of what was typed. */
export type WrittenFieldType = Extract<TypedField, { type: WrittenType }>;

/** The value of what was typed; what cannot be read is kept as typed, and the form says so at the field. */
export function readWritten(field: WrittenFieldType, written: string): FormValue {
  if (written.trim() === '') return null;
  switch (field.type) {
    case 'number':
      return readWrittenAmount(written, 'number', field.unit) ?? written;
    case 'money':
      return readWrittenAmount(written, 'money') ?? written;
    case 'date':
      return readDate(written) ?? (field.months ? parseMonth(written, clock.now()) : null) ?? written;
    case 'date-time':
      return parseWhen(written, clock.now()) ?? written;
    case 'time':
      return readTime(written) ?? written;
    case 'phone':
    case 'id-card':
    case 'credit-code':
      return written;
  }
}

/** How a value stands in its field while nobody types there. */
export function showWritten(type: WrittenType, value: FormValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (type === 'date-time' && typeof value === 'number') return formatMinute(value);
  const text = String(value);
  switch (type) {
    case 'phone':
      return formatPhone(storePhone(text));
    case 'id-card':
      return normalizeIdCard(text);
    case 'credit-code':
      return normalizeCreditCode(text);
    default:
      return text;
  }
}
