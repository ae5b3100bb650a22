/** Words for the part of a day a clock time belongs to; the one that stands last before the time counts. */
const PARTS =
  /(凌晨|清晨|早上|早晨|上午|今早|明早|morning)|(中午|noon)|(下午|傍晚|afternoon)|(晚|夜|tonight|evening)/gi;

const NOON_UNTIL = 4;
const NIGHT_FROM = 5;

/**
 * The hour that is meant by a clock's hour with the words beside it: 下午3点 = 15, 晚8点 = 20, 晚上12点 = 24, 夜里2点 = 26 (the night
 * belongs to the day before it), 中午1点 = 13, 凌晨12点 = 0.
 * @param before what was written before the time
 * @param after what was written behind it (3:30 pm)
 */
export function hourOfDay(hour: number, before: string, after: string): number {
  if (hour > 12) return hour;
  if (/^\s*pm\b/i.test(after)) return hour < 12 ? hour + 12 : hour;
  if (/^\s*am\b/i.test(after)) return hour % 12;
  const [, morning, noon, afternoon, night] = [...before.matchAll(PARTS)].at(-1) ?? [];
  if (morning) return hour === 12 && morning === '凌晨' ? 0 : hour;
  if (noon) return hour < NOON_UNTIL ? hour + 12 : hour;
  if (afternoon) return hour < 12 ? hour + 12 : hour;
  if (night) return hour === 12 || hour < NIGHT_FROM ? (hour % 12) + 24 : hour + 12;
  return /\bpm\b/i.test(before) && hour < 12 ? hour + 12 : hour;
}
