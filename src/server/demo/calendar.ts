import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';

/** Hotline days are Beijing days. */
const BEIJING_OFFSET_MS = 8 * HOUR_MS;

export { DAY_MS, HOUR_MS, MINUTE_MS };

/** Beijing's calendar and clock at a moment. `month` 1–12, `weekday` 0 = Sunday. */
export interface LocalTime {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
}

/** @param at epoch milliseconds */
export function localTime(at: number): LocalTime {
  const date = new Date(at + BEIJING_OFFSET_MS);
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    weekday: date.getUTCDay(),
  };
}

/** Beginning of the Beijing day. */
export function startOfDay(at: number): number {
  return Math.floor((at + BEIJING_OFFSET_MS) / DAY_MS) * DAY_MS - BEIJING_OFFSET_MS;
}

/**
 * The moment itself when offices work, otherwise the next working morning. Weekends only: the generated past does not
 * know public holidays.
 */
export function toOfficeHours(at: number, minuteOfMorning: number): number {
  let dayStart = startOfDay(at);
  const minutes = (at - dayStart) / MINUTE_MS;
  if (minutes > 17.5 * 60) dayStart += DAY_MS;
  const { weekday } = localTime(dayStart + HOUR_MS);
  const shift = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  dayStart += shift * DAY_MS;
  const morning = dayStart + (8 * 60 + 30 + minuteOfMorning) * MINUTE_MS;
  return Math.max(at, morning);
}

const PARTS_OF_DAY: readonly (readonly [untilHour: number, name: string])[] = [
  [5, '凌晨'],
  [9, '早上'],
  [11, '上午'],
  [13, '中午'],
  [18, '下午'],
  [24, '晚上'],
];
const SPOKEN_HOURS = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'];

/** A past moment as it is written in a ticket (11月20日21时许) and as people say it (昨天晚上九点多). */
export function describeMoment(at: number, now: number): { readonly formal: string; readonly spoken: string } {
  const { month, day, hour } = localTime(at);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  const dayWord = ['今天', '昨天', '前天'][daysAgo] ?? `${day}号`;
  const part = PARTS_OF_DAY.find(([until]) => hour < until)?.[1] ?? '';
  const spokenHour = SPOKEN_HOURS[hour === 0 ? 12 : hour > 12 ? hour - 12 : hour] ?? '';
  return { formal: `${month}月${day}日${hour}时许`, spoken: `${dayWord}${part}${spokenHour}点多` };
}
