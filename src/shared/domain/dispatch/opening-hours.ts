import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, startOfDay } from '../clock/beijing-day.ts';
import type { WorkCalendar } from '../clock/work-calendar.ts';
import type { DispatchRules, OpeningHours } from './dispatch-rules.ts';

/** Longest stretch of days that is looked through for an open one; no holiday is longer. */
const MOST_DAYS = 30;

/** Hours of a kind of unit. */
export function hoursOf(kind: string, { hours }: Pick<DispatchRules, 'hours'>): OpeningHours {
  const own = hours.find(({ kinds }) => kinds.includes(kind)) ?? hours.at(-1);
  if (!own) throw new Error('no opening hours at all');
  return own;
}

/**
 * When somebody is there.
 * @param at epoch ms
 * @returns `at` itself while it is open, otherwise when it opens next; null when it does not within a month
 */
export function opensAt(hours: OpeningHours, at: number, calendar: WorkCalendar): number | null {
  const today = dayOf(at);
  for (let day = today; day < today + MOST_DAYS; day++) {
    const windows = calendar.isWorkday(day) ? hours.workdays : hours.daysOff;
    for (const { from, to } of windows) {
      const begins = startOfDay(day) + toMs(from);
      if (at < startOfDay(day) + toMs(to)) return Math.max(at, begins);
    }
  }
  return null;
}

function toMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return Math.min(hours * HOUR_MS + minutes * MINUTE_MS, DAY_MS);
}
