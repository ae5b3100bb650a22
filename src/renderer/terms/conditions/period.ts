import type { PeriodPreset } from '#shared/domain/ticket-view.ts';

const BEIJING_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** A span of Beijing days: from the beginning of the first to the end of the last (not included), epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The parts of the Beijing day a moment lies in. */
function dayOf(at: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(at + BEIJING_OFFSET_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Midnight in Beijing, null when there is no such day. */
function midnight(year: number, month: number, day: number): number | null {
  const utc = Date.UTC(year, month - 1, day);
  const date = new Date(utc);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1970 && year < 2100;
  return exists ? utc - BEIJING_OFFSET_MS : null;
}

/** The days of a preset. */
export function presetPeriod(preset: PeriodPreset, now: number): Period {
  const { year, month, day } = dayOf(now);
  const today = midnight(year, month, day) ?? 0;
  const tomorrow = today + DAY_MS;
  switch (preset) {
    case 'today':
      return { from: today, to: tomorrow };
    case 'yesterday':
      return { from: today - DAY_MS, to: today };
    case 'last7':
      return { from: tomorrow - 7 * DAY_MS, to: tomorrow };
    case 'last30':
      return { from: tomorrow - 30 * DAY_MS, to: tomorrow };
    case 'thisMonth':
      return { from: midnight(year, month, 1) ?? today, to: tomorrow };
    case 'thisYear':
      return { from: midnight(year, 1, 1) ?? today, to: tomorrow };
  }
}

/** One end of a typed span: a day, a month or a year. A date without a year is the last one that is not in the future. */
function parsePoint(text: string, now: number): Period | null {
  const year = /^(\d{4})年?$/.exec(text);
  if (year) return spanOf(midnight(Number(year[1]), 1, 1), midnight(Number(year[1]) + 1, 1, 1));
  const today = dayOf(now);
  const month = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(text) ?? /^()(\d{1,2})月$/.exec(text);
  if (month) {
    const number = Number(month[2]);
    const inYear = month[1] ? Number(month[1]) : number > today.month ? today.year - 1 : today.year;
    const next = number === 12 ? midnight(inYear + 1, 1, 1) : midnight(inYear, number + 1, 1);
    return spanOf(midnight(inYear, number, 1), next);
  }
  const day =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^()(\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(text);
  if (!day) return null;
  const [monthNumber, dayNumber] = [Number(day[2]), Number(day[3])];
  let from = midnight(day[1] ? Number(day[1]) : today.year, monthNumber, dayNumber);
  if (!day[1] && from !== null && from > now) from = midnight(today.year - 1, monthNumber, dayNumber);
  return from === null ? null : { from, to: from + DAY_MS };
}

function spanOf(from: number | null, to: number | null): Period | null {
  return from === null || to === null ? null : { from, to };
}

/**
 * Reads a span as it is typed: 6-18, 2026-06-18, 20260618, 6月, 2026-06, 2026, 近3天, 6-1~6-18, 6.1 至 6.18.
 * @returns null when it cannot be read
 */
export function parsePeriod(written: string, now: number): Period | null {
  const text = written.normalize('NFKC').replaceAll(/\s+/g, '');
  const last = /^(?:近|最近|last)?(\d{1,3})(?:天|日|d|days?)$/i.exec(text);
  if (last) {
    const { to } = presetPeriod('today', now);
    return Number(last[1]) > 0 ? { from: to - Number(last[1]) * DAY_MS, to } : null;
  }
  const [first = '', second, ...more] = text.split(/[~〜—–到至]+|\.{2,}|--/);
  const from = parsePoint(first, now);
  if (second === undefined) return from;
  const to = parsePoint(second, now);
  return from && to && more.length === 0 && from.from < to.to ? { from: from.from, to: to.to } : null;
}

/** A span as it is read: 2026-06-18, or 2026-06-01 至 2026-06-18. */
export function periodDays({ from, to }: Period): readonly string[] {
  const text = (at: number) => {
    const { year, month, day } = dayOf(at);
    return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  };
  const [first, last] = [text(from), text(to - 1)];
  return first === last ? [first] : [first, last];
}
