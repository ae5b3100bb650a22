import { hourOfDay, namesPartOfDay } from '#shared/domain/part-of-day.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEIJING_OFFSET_MS = 8 * 3_600_000;

const DAY_WORDS: readonly (readonly [RegExp, number])[] = [
  [/大前天/, 3],
  [/前天/, 2],
  [/昨天|昨日|昨[晚夜]|yesterday/i, 1],
  [/今天|今日|今早|今[晚夜]|today/i, 0],
];

function beijingMidnight(now: number): number {
  return Math.floor((now + BEIJING_OFFSET_MS) / DAY_MS) * DAY_MS - BEIJING_OFFSET_MS;
}

/** Midnight of a calendar day in Beijing, or null when there is no such day. */
function dayOf(year: number, month: number, day: number): number | null {
  const utc = Date.UTC(year, month - 1, day);
  const date = new Date(utc);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1970) return null;
  return utc - BEIJING_OFFSET_MS;
}

/** The day a text names, with the rest of the text; today when it names none. */
function takeDay(
  text: string,
  now: number,
): { readonly day: number; readonly named: boolean; readonly rest: string } | null {
  const today = beijingMidnight(now);
  const full = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?/.exec(text);
  const short = full ? null : /(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号]?/.exec(text);
  const match = full ?? short;
  if (match) {
    const thisYear = new Date(now + BEIJING_OFFSET_MS).getUTCFullYear();
    const [year, month, date] = full
      ? [Number(full[1]), Number(full[2]), Number(full[3])]
      : [thisYear, Number(match[1]), Number(match[2])];
    let day = dayOf(year, month, date);
    // Something that happened is not in the future: 12-30 said in January was last year.
    if (day !== null && !full && day > today) day = dayOf(year - 1, month, date);
    return day === null ? null : { day, named: true, rest: text.replace(match[0], ' ') };
  }
  for (const [word, ago] of DAY_WORDS) {
    // 今晚 and 昨晚 say the half of the day as well.
    if (word.test(text))
      return {
        day: today - ago * DAY_MS,
        named: true,
        rest: text.replace(/今天|今日|昨天|昨日|大前天|前天|today|yesterday/i, ' '),
      };
  }
  return { day: today, named: false, rest: text };
}

/**
 * Reads a moment as an agent types it, in Beijing time: 2026-06-18 14:05, 6-18 9:00, 6月15日晚8点, 昨天 14:30,
 * 今天下午3点半, 8:20, 昨天.
 * @returns epoch ms, or null when it cannot be read
 */
export function parseWhen(written: string, now: number): number | null {
  const text = written.normalize('NFKC').trim();
  if (text === '') return null;
  if (/^(刚才|现在|now)$/i.test(text)) return Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const found = takeDay(text, now);
  if (!found) return null;
  const clock = /(\d{1,2})\s*(?:[:.]\s*(\d{2})(?!\d)|[点时]\s*(?:(\d{1,2})\s*分?|(半))?)/.exec(found.rest);
  if (!clock) {
    // 昨天下午 is no moment: the hour has to be asked for.
    return found.named && !/\d/.test(found.rest) && !namesPartOfDay(text) ? found.day : null;
  }
  const [all, said] = [clock[0], Number(clock[1])];
  const before = `${/[今昨][晚夜]/.test(text) ? '晚' : ''}${found.rest.slice(0, clock.index)}`;
  const hour = hourOfDay(said, before, found.rest.slice(clock.index + all.length));
  const minute = clock[4] ? 30 : Number(clock[2] ?? clock[3] ?? 0);
  if (said > 23 || minute > 59 || /\d/.test(found.rest.replace(all, ''))) return null;
  const at = found.day + (hour * 60 + minute) * MINUTE_MS;
  // What happened 夜里2点 was last night, not the coming one.
  return hour >= 24 && at > now ? at - DAY_MS : at;
}
