import { DAY_MS, dayOf, dayOfDate, isWeekend, startOfDay, yearOfDay } from './beijing-day.ts';
import type { CalendarStanding, CalendarYear } from './calendar-year.ts';

/** Days the calendar reaches to: the end of 2100. Moments behind it count as its end. */
const DAYS = dayOfDate('2101-01-01');

/** Which days are worked, and time counted on those days only. */
export interface WorkCalendar {
  /** @param day number of a Beijing day */
  isWorkday(day: number): boolean;
  /**
   * Working time until a moment: every working day counts its 24 hours, every other day nothing.
   * @param at epoch ms
   * @returns ms since the beginning of the calendar
   */
  toWorkTime(at: number): number;
  /** The first moment at which that much working time has passed, epoch ms: the end of a Friday, not the Monday after. */
  fromWorkTime(work: number): number;
  /** The least certain of the years that working days between two moments were counted in. */
  standingBetween(from: number, to: number): CalendarStanding;
}

/**
 * The calendar of some years. In a year without data Monday to Friday are worked and the standing is `missing`, which whoever
 * shows a due time has to say.
 * @throws when a year is given twice
 */
export function createWorkCalendar(years: readonly CalendarYear[]): WorkCalendar {
  const standings = new Map(years.map(({ year, standing }) => [year, standing]));
  if (standings.size !== years.length) throw new Error('A calendar year is given twice.');
  const workdays = listWorkdays(years);
  /** Working days before each day, the one after the last included. */
  const before = new Int32Array(DAYS + 1);
  let next = 0;
  for (let day = 0; day <= DAYS; day++) {
    before[day] = next;
    if (workdays[next] === day) next++;
  }
  const isWorkday = (day: number) => workdays[before[day] ?? -1] === day;

  function toWorkTime(at: number): number {
    const day = dayOf(at);
    if (day < 0) return 0;
    if (day >= DAYS) return workdays.length * DAY_MS;
    const passed = (before[day] ?? 0) * DAY_MS;
    return isWorkday(day) ? passed + at - startOfDay(day) : passed;
  }

  function fromWorkTime(work: number): number {
    if (work <= 0) return startOfDay(0);
    const index = Math.ceil(work / DAY_MS) - 1;
    const day = workdays[index];
    if (day === undefined) return startOfDay(DAYS);
    return startOfDay(day) + work - index * DAY_MS;
  }

  function standingBetween(from: number, to: number): CalendarStanding {
    // A day that ends with the due time is the last that counts, not the first of the next year.
    const last = Math.min(yearOfDay(dayOf(Math.max(from, to - 1))), 2101);
    let worst: CalendarStanding = 'official';
    for (let year = yearOfDay(dayOf(from)); year <= last; year++) {
      const standing = standings.get(year) ?? 'missing';
      if (standing === 'missing') return standing;
      if (standing === 'provisional') worst = standing;
    }
    return worst;
  }

  return { isWorkday, toWorkTime, fromWorkTime, standingBetween };
}

function listWorkdays(years: readonly CalendarYear[]): Int32Array {
  const off = new Set<number>();
  const worked = new Set<number>();
  for (const { holidays, makeUpDays } of years) {
    for (const { from, to } of holidays) for (let day = dayOfDate(from); day <= dayOfDate(to); day++) off.add(day);
    for (const date of makeUpDays) worked.add(dayOfDate(date));
  }
  const days: number[] = [];
  for (let day = 0; day < DAYS; day++) {
    if (worked.has(day) || (!isWeekend(day) && !off.has(day))) days.push(day);
  }
  return Int32Array.from(days);
}
