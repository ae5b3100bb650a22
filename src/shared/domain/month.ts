/** A calendar month in Beijing time: 2026-11. */
export type Month = string;

const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** The month of a moment. @param at epoch ms */
export function monthOf(at: number): Month {
  return new Date(at + BEIJING_OFFSET_MS).toISOString().slice(0, 7);
}

/** The month so many months after another one (before it, when negative). */
export function addMonths(month: Month, months: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7);
}

/** When a month begins, epoch ms. */
export function startOfMonth(month: Month): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Date.UTC(year, number - 1) - BEIJING_OFFSET_MS;
}
