export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Beijing time is UTC+8 all year, everywhere: no time zone of the machine takes part. */
const OFFSET_MS = 8 * HOUR_MS;

/** Number of the Beijing day a moment lies in; day 0 is 1970-01-01. @param at epoch ms */
export function dayOf(at: number): number {
  return Math.floor((at + OFFSET_MS) / DAY_MS);
}

/** First moment of a Beijing day, epoch ms. */
export function startOfDay(day: number): number {
  return day * DAY_MS - OFFSET_MS;
}

/** Day number of a date. @param date `2026-02-14`, checked before */
export function dayOfDate(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** Year of a Beijing day. */
export function yearOfDay(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** Saturday or Sunday. Day 0 was a Thursday. */
export function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}
