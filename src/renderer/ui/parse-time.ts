import { hourOfDay } from '#shared/domain/part-of-day.ts';
import { beijingMidnight, COUNT, takeDay, toCount } from './parse-day.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Words that make a moment no other one. */
const VAGUE_BEFORE = /^(?:大约|大概|约)\s*/;
const VAGUE_AFTER = /\s*(?:左右|前后|许|钟|整)$/;

const PART =
  /^(?:凌晨|清晨|早上|早晨|早间|早|上午|中午|正午|下午|午后|傍晚|晚上|晚间|半夜|深夜|午夜|夜里|夜间|夜晚|晚|夜|(?:in the |at )?(?:morning|noon|afternoon|evening|night))\s*/i;
const CLOCK = new RegExp(
  `^(?:(\\d{1,2})[:.](\\d{2})(?!\\d)(?::\\d{2})?|(${COUNT})\\s*[点时](?:([一三])刻|(半)|\\s*(${COUNT})\\s*分?)?|(\\d{1,2})(?=\\s*[ap]m\\b))`,
  'i',
);
const AM_PM = /^\s*[ap]m$/i;
const SPAN = new RegExp(`^(\\d{1,3}(?:\\.5)?|${COUNT}|半)\\s*个?(半)?\\s*(分钟|小时|钟头)(?:[之以]?前)$`);

/** A day, and the moment in it when an hour is named. */
interface Found {
  readonly day: number;
  readonly at: number | null;
}

/** 半小时前, 两个半小时前, 20分钟前. */
function readSpan(text: string, now: number): number | null {
  const [, written = '', half, unit] = SPAN.exec(text) ?? [];
  if (unit === undefined) return null;
  const count =
    (written === '半' ? 0.5 : written.includes('.') ? Number(written) : toCount(written)) + (half ? 0.5 : 0);
  if (Number.isNaN(count)) return null;
  const at = now - count * (unit === '分钟' ? MINUTE_MS : HOUR_MS);
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Minutes after midnight of a time, null when the text is no such time to its last letter. */
function readClock(text: string, part: string): number | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [all, digits, minutes, hours, quarters, half, minutesSaid, bare] = match;
  const after = text.slice(all.length).trim();
  if (after !== '' && !AM_PM.test(after)) return null;
  const said = toCount(digits ?? hours ?? bare ?? '');
  const quarter = quarters === '三' ? 45 : 15;
  const minute = half ? 30 : quarters ? quarter : toCount(minutes ?? minutesSaid ?? '0');
  if (!(said <= 23 && minute <= 59)) return null;
  return hourOfDay(said, part, after) * 60 + minute;
}

/** Reads a whole text; a word that is not understood makes all of it unread, or a day would turn into today without a word. */
function readWhen(written: string, now: number): Found | null {
  const text = written.normalize('NFKC').trim().replace(VAGUE_BEFORE, '').replace(VAGUE_AFTER, '');
  if (text === '') return null;
  const today = beijingMidnight(now);
  const past = /^(刚才|刚刚|现在|now)$/i.test(text) ? Math.floor(now / MINUTE_MS) * MINUTE_MS : readSpan(text, now);
  if (past !== null) return { day: beijingMidnight(past), at: past };
  const found = takeDay(text, now);
  const behind = (found?.rest ?? text).replace(/^[\s,，、的T]+/, '').replace(VAGUE_BEFORE, '');
  const [partWord = ''] = PART.exec(behind) ?? [];
  const rest = behind.slice(partWord.length).trim();
  // 昨天下午 is no moment: the hour has to be asked for.
  if (rest === '') return found ? { day: found.day, at: null } : null;
  const minutes = readClock(rest, `${found?.part ?? ''}${partWord}`);
  if (minutes === null) return null;
  const day = found?.day ?? today;
  const at = day + minutes * MINUTE_MS;
  // What happened 夜里2点 was last night, not the coming one.
  return { day, at: minutes >= 24 * 60 && at > now && day <= today ? at - DAY_MS : at };
}

/**
 * Reads a moment as an agent types it, in Beijing time: 2026-06-18 14:05, 6-18 9:00, 6月15日晚8点, 上周三下午三点, 昨天 14:30, 半小时前, 8:20.
 * @returns epoch ms, or null when it cannot be read to its last word, or names no hour
 */
export function parseWhen(written: string, now: number): number | null {
  return readWhen(written, now)?.at ?? null;
}

/**
 * The same for something that has happened.
 * @returns null for what is to come as well
 */
export function parsePast(written: string, now: number): number | null {
  const at = parseWhen(written, now);
  return at !== null && at <= now ? at : null;
}

/** True when a text names a day or a moment that is to come: 明天下午3点. */
export function isAhead(written: string, now: number): boolean {
  const found = readWhen(written, now);
  return found !== null && (found.at ?? found.day) > now;
}

/**
 * Reads a day as an agent types it: 6-18, 昨天, 上周三, 昨天 14:30.
 * @returns its Beijing midnight, epoch ms, or null when it cannot be read
 */
export function parseDay(written: string, now: number): number | null {
  const found = readWhen(written, now);
  if (!found) return null;
  return found.at === null ? found.day : beijingMidnight(found.at);
}
