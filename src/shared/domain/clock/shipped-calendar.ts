import { z } from 'zod';
import calendar2024 from '#resources/calendar/2024.json' with { type: 'json' };
import calendar2025 from '#resources/calendar/2025.json' with { type: 'json' };
import calendar2026 from '#resources/calendar/2026.json' with { type: 'json' };
import calendar2027 from '#resources/calendar/2027.json' with { type: 'json' };
import { type CalendarYear, calendarYearSchema } from './calendar-year.ts';
import { createWorkCalendar, type WorkCalendar } from './work-calendar.ts';

/** A year's calendar enters here; its file says where its days come from. */
const FILES: Readonly<Record<string, unknown>> = {
  '2024': calendar2024,
  '2025': calendar2025,
  '2026': calendar2026,
  '2027': calendar2027,
};

/**
 * Reads a calendar file.
 * @throws Error naming file, place and reason when it is not a good calendar or not that of the year its name says
 */
export function readCalendarFile(year: string, json: unknown): CalendarYear {
  const name = `resources/calendar/${year}.json`;
  const parsed = calendarYearSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
  if (String(parsed.data.year) !== year) throw new Error(`${name}: holds the year ${parsed.data.year}`);
  return parsed.data;
}

/** The years this build has a calendar of. */
export function shippedCalendarYears(): readonly CalendarYear[] {
  return Object.entries(FILES).map(([year, json]) => readCalendarFile(year, json));
}

let shipped: WorkCalendar | null = null;

/** The calendar of this build, read when it is first asked for. */
export function shippedCalendar(): WorkCalendar {
  shipped ??= createWorkCalendar(shippedCalendarYears());
  return shipped;
}
