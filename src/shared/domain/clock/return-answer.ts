import type { ClockRules } from './clock-rules.ts';
import { type ClockRun, startRun } from './clock-run.ts';

/**
 * The time a 退单 has to be answered in; when it is over the unit keeps the ticket.
 * @param requestedAt epoch ms
 * @param set the limits the ticket runs by; those of centres that chose none when undefined
 */
export function returnAnswerRun(requestedAt: number, set: string | undefined, rules: ClockRules): ClockRun {
  return startRun(requestedAt, rules.termsOf(set).returnAnswer, rules.calendar);
}
