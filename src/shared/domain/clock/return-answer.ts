import type { ClockSpan } from './clock-preset.ts';
import { type ClockRun, startRun } from './clock-run.ts';
import type { WorkCalendar } from './work-calendar.ts';

/** How long a 退单 waits for an answer before it counts as refused [our default]. */
const RETURN_ANSWER: ClockSpan = { value: 2, unit: 'workday' };

/** The time a 退单 has to be answered in; when it is over the unit keeps the ticket. @param requestedAt epoch ms */
export function returnAnswerRun(requestedAt: number, calendar: WorkCalendar): ClockRun {
  return startRun(requestedAt, RETURN_ANSWER, calendar);
}
