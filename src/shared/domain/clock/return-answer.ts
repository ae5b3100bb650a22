import type { ClockSpan } from './clock-preset.ts';
import { startRun } from './clock-run.ts';
import type { WorkCalendar } from './work-calendar.ts';

/** How long a 退单 waits for an answer before it counts as refused [our default]. */
const RETURN_ANSWER: ClockSpan = { value: 2, unit: 'workday' };

/** Until when a 退单 has to be answered; from then on the unit keeps the ticket. @param requestedAt epoch ms */
export function returnAnswerDueAt(requestedAt: number, calendar: WorkCalendar): number {
  return startRun(requestedAt, RETURN_ANSWER, calendar).dueAt;
}
