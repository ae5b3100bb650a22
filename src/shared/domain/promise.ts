import { DAY_MS, HOUR_MS, MINUTE_MS } from './clock/beijing-day.ts';
import { hourOfDay } from './part-of-day.ts';
import type { TicketEvent } from './ticket.ts';

const BEIJING_OFFSET_MS = 8 * 3_600_000;
/** When a promised day ends for the one who waits: the office closes. */
const END_OF_DAY = 18 * 60;

/** Words by which somebody commits themselves. */
const COMMITS = /承诺|答应|保证|约定|\bpromised?\b/i;

const DAY_WORDS: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/后天/, 2],
  [/明[天日早晚]|\btomorrow\b/i, 1],
  [/今[天日早晚]|当天|下班前|\btoday\b|\btonight\b/i, 0],
];
const WEEKDAYS = '日一二三四五六';
const WEEKDAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** Ends of parts of a day, in minutes after midnight; the first word that fits counts. */
const DAY_PARTS: readonly (readonly [RegExp, number])[] = [
  [/中午|\bnoon\b/i, 12 * 60 + 30],
  [/上午|早上|今早|明早|\bmorning\b/i, 12 * 60],
  [/晚上|今晚|明晚|晚间|\btonight\b|\bevening\b/i, 21 * 60],
  [/下午|傍晚|下班|\bafternoon\b/i, END_OF_DAY],
];
const HAN_DIGITS = '零一二三四五六七八九十';

/** What became of a promise (承诺): it still binds, was kept (兑现), or was taken back. */
export type PromiseState = 'open' | 'kept' | 'withdrawn';

/** What became of a promise among the events of its ticket; what was said last counts. */
export function promiseState(eventId: string, events: readonly Pick<TicketEvent, 'kind' | 'ref'>[]): PromiseState {
  const last = events.findLast(
    ({ kind, ref }) => ref === eventId && (kind === 'promise_kept' || kind === 'promise_withdrawn'),
  );
  if (!last) return 'open';
  return last.kind === 'promise_kept' ? 'kept' : 'withdrawn';
}

/** True when a note says that somebody promised something. */
export function isPromise(text: string): boolean {
  return COMMITS.test(text);
}

/** Minutes after Beijing midnight, and that midnight. */
function midnightOf(at: number): number {
  return Math.floor((at + BEIJING_OFFSET_MS) / DAY_MS) * DAY_MS - BEIJING_OFFSET_MS;
}

function readNumber(written: string): number {
  if (/^[\d.]+$/.test(written)) return Number(written);
  if (written === '半') return 0.5;
  // Of 两三 and 三五 the later one: nobody has broken their word before.
  const value = (text: string, none: number) =>
    text === '' ? none : Math.max(0, HAN_DIGITS.indexOf(text.slice(-1).replace('两', '二')));
  const [tens = '', ones = ''] = written.includes('十') ? written.split('十') : ['0', written];
  return written.includes('十') ? value(tens, 1) * 10 + value(ones, 0) : value(ones, 0);
}

const SPAN =
  /(?<![\d.周期拜月/-])(?:\d{1,3}\s*[-~至到]\s*)?(\d{1,3}(?:\.\d{1,2})?|[一二三四五六七八九十两半]{1,3})\s*个?\s*(半)?\s*(分钟|小时|钟头|天|日|周|星期|工作日|working days?|min(?:ute)?s?|hours?|days?|weeks?)(之?内|以?内|之?后|以后|之?前|以前|了|来|以来|没|无)?/gi;

interface Span {
  readonly text: string;
  /** Epoch ms; null for working days, which need a calendar and have none. */
  readonly at: number | null;
  /** Said as a limit (3天内, 两小时后), not only as a length. */
  readonly isLimit: boolean;
}

/** The spans from now on that a text names: 两小时内, 1.5小时内, 3天内. What lies behind (停电两天了, 3天前) is none. */
function findSpans(text: string, now: number): readonly Span[] {
  return [...text.matchAll(SPAN)].flatMap((match): readonly Span[] => {
    const [all, written = '', half, unitWritten = '', tail = ''] = match;
    const isLimit = /内|后/.test(tail) || /\b(?:in|within)\s+$/i.test(text.slice(0, match.index));
    const unit = unitWritten.toLowerCase();
    // "6月3日" and "3日" are dates, not spans.
    if (unit === '日' && !isLimit) return [];
    if (tail !== '' && !isLimit) return [{ text: all, at: null, isLimit: false }];
    return [{ text: all, at: addSpan(readNumber(written) + (half ? 0.5 : 0), unit, now), isLimit }];
  });
}

function addSpan(count: number, unit: string, now: number): number | null {
  if (/工作日|working/.test(unit)) return null;
  if (/分钟|min/.test(unit)) return now + count * MINUTE_MS;
  if (/小时|钟头|hour/.test(unit)) return now + count * HOUR_MS;
  const days = /周|星期|week/.test(unit) ? count * 7 : count;
  return midnightOf(now) + Math.ceil(days) * DAY_MS + END_OF_DAY * MINUTE_MS;
}

const DAY_OF_MONTH =
  /(?<![\d.月/-])(\d{1,2}|[二三]十[一二三四五六七八九]?)\s*(?:日(?![常报夜均])|号(?=\s*(?:之前|以前|前|上午|中午|下午|晚|早|凌晨|\d{1,2}\s*[点时:：]|[，。；,;]|$)))/;

/** The next day with that number: the 5th said on the 20th is next month's. */
function nextDayOfMonth(text: string, now: number): { readonly day: number; readonly rest: string } | null {
  const match = DAY_OF_MONTH.exec(text);
  if (!match) return null;
  const wanted = readNumber(match[1] ?? '');
  const today = midnightOf(now);
  const date = new Date(now + BEIJING_OFFSET_MS);
  for (let ahead = 0; ahead < 3; ahead++) {
    const utc = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, wanted);
    const day = utc - BEIJING_OFFSET_MS;
    if (new Date(utc).getUTCDate() === wanted && day >= today) return { day, rest: text.replace(match[0], ' ') };
  }
  return null;
}

/** Midnight of the day a text names, null when it names none. */
function parseDay(text: string, now: number): { readonly day: number; readonly rest: string } | null {
  const today = midnightOf(now);
  const date = /(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?/.exec(text);
  if (date) {
    const year = date[1] ? Number(date[1]) : new Date(now + BEIJING_OFFSET_MS).getUTCFullYear();
    const dayIn = (inYear: number) => {
      const utc = Date.UTC(inYear, Number(date[2]) - 1, Number(date[3]));
      return new Date(utc).getUTCMonth() === Number(date[2]) - 1 ? utc - BEIJING_OFFSET_MS : null;
    };
    const day = dayIn(year);
    if (day !== null) {
      // A promise is about what comes: 1-3 said in December is next year's.
      const next = !date[1] && day < today ? (dayIn(year + 1) ?? day) : day;
      return { day: next, rest: text.replace(date[0], ' ') };
    }
  }
  const numbered = nextDayOfMonth(text, now);
  if (numbered) return numbered;
  for (const [word, ahead] of DAY_WORDS) {
    if (word.test(text)) return { day: today + ahead * DAY_MS, rest: text };
  }
  const week = /(下下|下|本|这)?\s*(?:个)?(?:周|星期|礼拜)([一二三四五六日天])/.exec(text);
  const named = WEEKDAY_NAMES.findIndex((name) => new RegExp(`\\b${name}\\b`, 'i').test(text));
  if (week || named >= 0) {
    const wanted = week ? WEEKDAYS.indexOf((week[2] ?? '').replace('天', '日')) : named;
    const current = new Date(now + BEIJING_OFFSET_MS).getUTCDay();
    // The Chinese week begins on Monday.
    const toMonday = today - ((current + 6) % 7) * DAY_MS;
    const inWeek = toMonday + ((wanted + 6) % 7) * DAY_MS;
    const weeks = week?.[1] === '下下' ? 2 : week?.[1] === '下' ? 1 : inWeek < today && !week?.[1] ? 1 : 0;
    return { day: inWeek + weeks * 7 * DAY_MS, rest: text };
  }
  if (/月底|month end/i.test(text)) {
    const date = new Date(now + BEIJING_OFFSET_MS);
    return { day: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) - BEIJING_OFFSET_MS, rest: text };
  }
  return null;
}

const CLOCK =
  /(\d{1,2}|[一二三四五六七八九十两]{1,3})\s*[点时](?!间|小|建议|要求|意见|问题|半[会刻])\s*(?:(\d{1,2})\s*分?|(半))?/g;
const DAY_BEFORE =
  /(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里?|[今明后当]天|[今明当][早晚]|\d\s*[日号]|(?:周|星期|礼拜)[一二三四五六日天])\s*$/;

/** 一点 and 两点 are mostly no time (一点小问题, 早一点, 两点建议): only with the day before them, or what stands behind a time. */
function isClock({ 0: all, 1: hour = '', 2: minute, 3: half, index, input }: RegExpExecArray): boolean {
  if (!/^[一两]$/.test(hour) || minute || half) return true;
  return DAY_BEFORE.test(input.slice(0, index)) || /^(?:之?前|以前|左右|钟|整)/.test(input.slice(index + all.length));
}

/** Minutes after midnight a text names, null when it names no time. */
function parseTime(text: string): number | null {
  const clock = /(\d{1,2})\s*[:：]\s*(\d{2})/.exec(text) ?? [...text.matchAll(CLOCK)].find(isClock);
  if (clock) {
    const written = readNumber(clock[1] ?? '');
    const minute = clock[3] ? 30 : Number(clock[2] ?? 0);
    const hour = hourOfDay(written, text.slice(0, clock.index), text.slice(clock.index + clock[0].length));
    return written <= 24 && minute < 60 ? hour * 60 + minute : null;
  }
  return DAY_PARTS.find(([word]) => word.test(text))?.[1] ?? null;
}

/** The words behind each commitment, the last one first: what stands before it is told about, not promised (停电两天了，承诺今晚恢复). */
function promisedParts(text: string): readonly string[] {
  const parts = text.split(COMMITS);
  const behind = parts.slice(1).reverse();
  // 明天下午3点回电，已答应。
  return behind.length === 0 || behind.every((part) => /^[\s\p{P}了的]*$/u.test(part)) ? parts.slice(0, 1) : behind;
}

function readDue(words: string, now: number): number | null {
  const spans = findSpans(words, now);
  const limit = spans.find((span) => span.isLimit);
  if (limit) return limit.at;
  // 1.5小时 is not the fifth of January.
  const rest = spans.reduce((text, span) => text.replace(span.text, ' '), words);
  const found = parseDay(rest, now);
  const time = parseTime(found?.rest ?? rest);
  if (!found && time === null) return spans.find((span) => span.at !== null)?.at ?? null;
  const at = (found?.day ?? midnightOf(now)) + (time ?? END_OF_DAY) * MINUTE_MS;
  // A time alone that has passed today means tomorrow.
  return !found && at <= now ? at + DAY_MS : at;
}

/**
 * When a promise is due, as the words behind 承诺 (答应, 保证) say it: 周五前回电, 明天上午, 两小时内, 6-18 17:00, 20日18时前, 3天内答复, by Friday.
 * A day without a time ends at 18:00; a named day counts before a length of time without 内 or 后.
 * @returns epoch ms, or null when the words name no moment
 */
export function parseDue(text: string, now: number): number | null {
  for (const words of promisedParts(text.normalize('NFKC'))) {
    const at = readDue(words, now);
    if (at !== null) return at;
  }
  return null;
}
