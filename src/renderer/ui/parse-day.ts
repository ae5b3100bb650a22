import { readHanNumber } from '#shared/domain/han-number.ts';

const DAY_MS = 86_400_000;
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** Digits or Chinese words for a number up to 99. */
export const COUNT = '(?:\\d{1,2}|[零〇一二两三四五六七八九十]{1,3})';

/** A day at the beginning of a text: Beijing midnight, the part of the day its word names too (昨晚), and what stands behind it. */
export interface FoundDay {
  readonly day: number;
  readonly part: string;
  readonly rest: string;
}

/** A number in digits or Chinese words; NaN when it is none. */
export function toCount(written: string): number {
  return /^\d+$/.test(written) ? Number(written) : (readHanNumber(written) ?? Number.NaN);
}

/** Beijing midnight before a moment, epoch ms. */
export function beijingMidnight(now: number): number {
  return Math.floor((now + BEIJING_OFFSET_MS) / DAY_MS) * DAY_MS - BEIJING_OFFSET_MS;
}

/** Midnight of a calendar day in Beijing, or null when there is no such day. */
function dayOf(year: number, month: number, day: number): number | null {
  const utc = Date.UTC(year, month - 1, day);
  const date = new Date(utc);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1970) return null;
  return utc - BEIJING_OFFSET_MS;
}

/** Days after today by word; the longer words stand before those they contain. */
const DAY_WORDS: readonly (readonly [RegExp, number])[] = [
  [/^大前[天日晚]/, -3],
  [/^前[天日晚]/, -2],
  [/^昨[天日早晚夜]|^yesterday/i, -1],
  [/^今[天日早晚夜]|^today|^tonight/i, 0],
  [/^明[天日早晚]|^tomorrow/i, 1],
  [/^大后[天日]/, 3],
  [/^后[天日]/, 2],
];
const WEEKS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };
const WEEKDAYS = '一二三四五六日';
const WEEKDAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

type DayRule = readonly [RegExp, (match: readonly (string | undefined)[], today: number) => number | null];

/** The year of a Beijing midnight. */
export function yearOf(today: number): number {
  return new Date(today + BEIJING_OFFSET_MS).getUTCFullYear();
}

/** The month of a Beijing midnight, 1 to 12. */
export function monthOf(today: number): number {
  return new Date(today + BEIJING_OFFSET_MS).getUTCMonth() + 1;
}

/** A day of a week that begins on Monday, that many weeks from this one. */
function inWeek(today: number, weekday: number, weeks: number): number {
  const current = (new Date(today + BEIJING_OFFSET_MS).getUTCDay() + 6) % 7;
  return today + (weekday - current + weeks * 7) * DAY_MS;
}

/** The latest such weekday that is not to come. */
function lastWeekday(today: number, weekday: number): number {
  const day = inWeek(today, weekday, 0);
  return day > today ? day - 7 * DAY_MS : day;
}

/** A date without its year: what happened is not to come, so 12-30 said in January was last year. */
function lastDate(today: number, month: number, date: number): number | null {
  const day = dayOf(yearOf(today), month, date);
  return day !== null && day <= today ? day : dayOf(yearOf(today) - (day === null ? 0 : 1), month, date);
}

/** A day of this month, or of the month so many before it. */
function dateIn(today: number, monthsBefore: number, date: number): number | null {
  const months = yearOf(today) * 12 + monthOf(today) - 1 - monthsBefore;
  return dayOf(Math.floor(months / 12), (months % 12) + 1, date);
}

const RULES: readonly DayRule[] = [
  [
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?/,
    ([, year, month, date]) => dayOf(Number(year), Number(month), Number(date)),
  ],
  [
    new RegExp(`^(去年|今年)\\s*的?(${COUNT})\\s*月\\s*(${COUNT})\\s*[日号]?`),
    ([, year, month = '', date = ''], today) =>
      dayOf(yearOf(today) - (year === '去年' ? 1 : 0), toCount(month), toCount(date)),
  ],
  [
    new RegExp(`^(${COUNT})\\s*月\\s*(${COUNT})\\s*[日号]?`),
    ([, month = '', date = ''], today) => lastDate(today, toCount(month), toCount(date)),
  ],
  [
    /^(\d{1,2})\s*[-/]\s*(\d{1,2})(?!\d)\s*[日号]?/,
    ([, month, date], today) => lastDate(today, Number(month), Number(date)),
  ],
  [
    new RegExp(`^(上|这|本)个?月\\s*(${COUNT})\\s*[日号]`),
    ([, month, date = ''], today) => dateIn(today, month === '上' ? 1 : 0, toCount(date)),
  ],
  [
    new RegExp(`^(${COUNT})\\s*[日号]`),
    ([, date = ''], today) => {
      const day = dateIn(today, 0, toCount(date));
      return day !== null && day <= today ? day : dateIn(today, 1, toCount(date));
    },
  ],
  [
    new RegExp(`^(${COUNT})\\s*(天|个?星期|个?礼拜|周)[之以]?前(?!天)`),
    ([, count = '', unit], today) => today - toCount(count) * (unit === '天' ? 1 : 7) * DAY_MS,
  ],
  [
    /^(上上|上|这|本|下下|下)?\s*个?\s*(?:周|星期|礼拜)\s*([一二三四五六日天])/,
    ([, week, name = ''], today) => {
      const weekday = WEEKDAYS.indexOf(name.replace('天', '日'));
      return week === undefined ? lastWeekday(today, weekday) : inWeek(today, weekday, WEEKS[week] ?? 0);
    },
  ],
  [
    /^(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/i,
    ([, name = ''], today) => lastWeekday(today, WEEKDAY_NAMES.indexOf(name.slice(0, 3).toLowerCase())),
  ],
];

/**
 * The day a text begins with; words are taken as of what has been, unless they say otherwise (明天).
 * @returns null when it begins with none, or with a day that does not exist
 */
export function takeDay(text: string, now: number): FoundDay | null {
  const today = beijingMidnight(now);
  for (const [rule, read] of RULES) {
    const match = rule.exec(text);
    if (!match) continue;
    const day = read(match, today);
    return day === null || Number.isNaN(day) ? null : { day, part: '', rest: text.slice(match[0].length) };
  }
  for (const [word, ahead] of DAY_WORDS) {
    const match = word.exec(text);
    if (!match) continue;
    // 今晚 and 昨早 say the part of the day as well.
    const part = /[早晚夜]|tonight/i.exec(match[0])?.[0] ?? '';
    return { day: today + ahead * DAY_MS, part, rest: text.slice(match[0].length) };
  }
  return null;
}
