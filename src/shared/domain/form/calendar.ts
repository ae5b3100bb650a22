import { DAY_MS } from '../clock/beijing-day.ts';
import { beijingDay } from '../ticket-number.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Midnight UTC of a written calendar day, or null when there is no such day (1900 to 2199). */
function dayNumber(date: string): number | null {
  const match = DATE.exec(date);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = Date.UTC(year, month - 1, day);
  const read = new Date(at);
  const exists = read.getUTCMonth() === month - 1 && read.getUTCDate() === day && year >= 1900 && year < 2200;
  return exists ? at / DAY_MS : null;
}

function writeDay(dayNo: number): string {
  return new Date(dayNo * DAY_MS).toISOString().slice(0, 10);
}

/** True for a day that exists, written 2026-06-18. */
export function isDate(text: string): boolean {
  return dayNumber(text) !== null;
}

const MONTH = /^(\d{4}-\d{2})(上旬|中旬|下旬)?$/;

/** True for a month that exists, written 2026-06, or a third of it, 2026-06中旬. */
export function isMonth(text: string): boolean {
  const [, month] = MONTH.exec(text) ?? [];
  return month !== undefined && isDate(`${month}-01`);
}

/** The first or the last day of a month or a third of one; a day is both. Null when the text is none of them. */
export function edgeOf(text: string, edge: 'first' | 'last'): string | null {
  if (isDate(text)) return text;
  const [, month, third] = MONTH.exec(text) ?? [];
  if (month === undefined || !isMonth(text)) return null;
  if (edge === 'first') return `${month}-${third === '中旬' ? '11' : third === '下旬' ? '21' : '01'}`;
  if (third === '上旬' || third === '中旬') return `${month}-${third === '上旬' ? '10' : '20'}`;
  return ['31', '30', '29', '28'].map((day) => `${month}-${day}`).find(isDate) ?? null;
}

/** True for a time of day, 00:00 to 23:59. */
export function isTimeOfDay(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** The Beijing calendar day of a moment, 2026-06-18. */
export function dateOf(at: number): string {
  const day = beijingDay(at);
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}

/** Days from one date to another, negative when `to` is earlier; null when one of them is no date. */
export function daysBetween(from: string, to: string): number | null {
  const [a, b] = [dayNumber(from), dayNumber(to)];
  return a === null || b === null ? null : b - a;
}

/** The date `days` later; null when it is no date or falls out of the calendar. */
export function addDays(date: string, days: number): string | null {
  const from = dayNumber(date);
  if (from === null || !Number.isInteger(days) || Math.abs(days) > 100_000) return null;
  const later = writeDay(from + days);
  return isDate(later) ? later : null;
}

/** Whole months from one date to another: 01-31 to 02-28 is none, to 03-01 is one. Negative when `to` is earlier. */
export function monthsBetween(from: string, to: string): number | null {
  if (!isDate(from) || !isDate(to)) return null;
  if (to < from) return -(monthsBetween(to, from) ?? 0) || 0;
  const part = (date: string, start: number, end: number) => Number(date.slice(start, end));
  const months = (part(to, 0, 4) - part(from, 0, 4)) * 12 + part(to, 5, 7) - part(from, 5, 7);
  return part(to, 8, 10) < part(from, 8, 10) ? months - 1 : months;
}
