import { z } from 'zod';
import { dayOfDate, isWeekend, yearOfDay } from './beijing-day.ts';

const dateSchema = z.iso.date();

/** How far a year's calendar can be relied on: `provisional` has the days off by law, its make-up days are not published yet. */
export const CALENDAR_STANDINGS = ['official', 'provisional', 'missing'] as const;
export type CalendarStanding = (typeof CALENDAR_STANDINGS)[number];

/** The least certain of some standings; `official` for none. */
export function leastCertain(standings: readonly CalendarStanding[]): CalendarStanding {
  return CALENDAR_STANDINGS.findLast((standing) => standings.includes(standing)) ?? 'official';
}

/** A file of resources/calendar: one year as the State Council's notice (or, until it is published, the law) has it. */
export const calendarYearSchema = z
  .strictObject({
    year: z.number().int().min(1970).max(2100),
    standing: z.enum(['official', 'provisional']),
    /** The document the days are taken from. */
    source: z.strictObject({ title: z.string().min(1), number: z.string().min(1), date: dateSchema }),
    /** What the source leaves open; null for nothing. */
    note: z.string().min(1).nullable(),
    /** Days off, weekends inside included; both ends belong to it. */
    holidays: z
      .array(z.strictObject({ name: z.string().min(1), en: z.string().min(1), from: dateSchema, to: dateSchema }))
      .min(1),
    /** 调休: weekend days that are worked. */
    makeUpDays: z.array(dateSchema),
  })
  .superRefine((file, ctx) => {
    for (const [path, message] of findFaults(file)) ctx.addIssue({ code: 'custom', path: [...path], message });
  });
export type CalendarYear = z.infer<typeof calendarYearSchema>;

type Fault = readonly [path: readonly (string | number)[], message: string];

/** What a notice cannot say: days of other years, overlapping holidays, a make-up day that is no weekend or a day off. */
function findFaults(file: Pick<CalendarYear, 'year' | 'standing' | 'holidays' | 'makeUpDays'>): readonly Fault[] {
  const faults: Fault[] = [];
  const off = new Set<number>();
  file.holidays.forEach(({ from, to }, index) => {
    const first = dayOfDate(from);
    const last = dayOfDate(to);
    const path = ['holidays', index] as const;
    if (yearOfDay(first) !== file.year || yearOfDay(last) !== file.year) faults.push([path, 'is of another year']);
    if (last < first) faults.push([path, 'does not end after it begins']);
    for (let day = first; day <= last; day++) {
      if (off.has(day)) faults.push([path, 'overlaps another holiday']);
      off.add(day);
    }
  });
  const worked = new Set<number>();
  file.makeUpDays.forEach((date, index) => {
    const day = dayOfDate(date);
    const path = ['makeUpDays', index] as const;
    if (yearOfDay(day) !== file.year) faults.push([path, 'is of another year']);
    if (!isWeekend(day)) faults.push([path, 'is not a Saturday or Sunday']);
    if (off.has(day)) faults.push([path, 'is a day off']);
    if (worked.has(day)) faults.push([path, 'is named twice']);
    worked.add(day);
  });
  if (file.standing === 'provisional' && worked.size > 0)
    faults.push([['makeUpDays'], 'are published with the notice only']);
  return faults;
}
