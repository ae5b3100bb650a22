import { dayOf, MINUTE_MS, startOfDay } from '../clock/beijing-day.ts';
import type { CalendarStanding } from '../clock/calendar-year.ts';
import type { WorkCalendar } from '../clock/work-calendar.ts';
import type { CallbackRules, DayPart } from './callback-rules.ts';

/** When a citizen is to be tried, epoch ms. */
export interface CallWindow {
  readonly from: number;
  readonly to: number;
  /** How certain the days off are that it was looked for among; left out of one that is certain or was agreed. */
  readonly calendar?: CalendarStanding | undefined;
}

/** A window that lies in a part of the day of the rules. */
export interface PartWindow extends CallWindow {
  readonly part: DayPart;
}

/** Days looked ahead for a working day: the longest holidays are shorter. */
const MOST_DAYS = 30;
/** How long a time that was agreed with somebody else at the number is kept, in ms. */
const AGREED_MS = 120 * MINUTE_MS;

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The part of the day a call belongs to: the one that is not over by then, late at night the last one. @param at epoch ms */
export function partOf(at: number, { attempts }: CallbackRules): DayPart {
  const minute = (at - startOfDay(dayOf(at))) / MINUTE_MS;
  const part = attempts.parts.find(({ to }) => minute < minutesOf(to)) ?? attempts.parts.at(-1);
  return part?.id ?? 'morning';
}

/** True when a citizen who was not reached at these times is not tried again (无法联系). @param triedAt epoch ms */
export function areAttemptsSpent(triedAt: readonly number[], rules: CallbackRules): boolean {
  const { most, differentParts } = rules.attempts;
  return triedAt.length >= most && new Set(triedAt.map((at) => partOf(at, rules))).size >= differentParts;
}

/** The next windows after a moment, in their order. */
export function windowsAfter(
  at: number,
  count: number,
  { attempts: { parts, workdaysOnly } }: CallbackRules,
  calendar: WorkCalendar,
): readonly PartWindow[] {
  const today = dayOf(at);
  const windows: PartWindow[] = [];
  const uncertain = (from: number, to: number): Pick<CallWindow, 'calendar'> => {
    const standing = workdaysOnly ? calendar.standingBetween(from, to) : 'official';
    return standing === 'official' ? {} : { calendar: standing };
  };
  for (let day = today; day < today + MOST_DAYS && windows.length < count; day++) {
    if (workdaysOnly && !calendar.isWorkday(day)) continue;
    const start = startOfDay(day);
    for (const { id, from, to } of parts) {
      const begins = start + minutesOf(from) * MINUTE_MS;
      const ends = start + minutesOf(to) * MINUTE_MS;
      if (begins > at) windows.push({ part: id, from: begins, to: ends, ...uncertain(at, ends) });
    }
  }
  return windows.slice(0, count);
}

/**
 * When a citizen is tried next who was not reached at these times: in the next part of the day nobody tried yet.
 * @param triedAt epoch ms, the last one last
 * @param agreedAt a time somebody at the number named; null leaves it to the rule
 * @returns null when nobody tries again
 */
export function nextAttempt(
  triedAt: readonly number[],
  agreedAt: number | null,
  rules: CallbackRules,
  calendar: WorkCalendar,
): CallWindow | null {
  if (areAttemptsSpent(triedAt, rules)) return null;
  const last = triedAt.at(-1) ?? 0;
  const windows = windowsAfter(last, 2 * rules.attempts.parts.length, rules, calendar);
  if (agreedAt !== null) {
    const { to = agreedAt + AGREED_MS } = windows.find(({ from }) => from === agreedAt) ?? {};
    return { from: agreedAt, to };
  }
  const tried = new Set(triedAt.map((at) => partOf(at, rules)));
  const next = windows.find(({ part }) => !tried.has(part)) ?? windows[0];
  if (!next) return null;
  const { part: _, ...window } = next;
  return window;
}
