import { describe, expect, it } from 'vitest';
import { toAge, toDurationParts } from '#renderer/ui/format-age.ts';
import { formatClock, formatFullTime, formatMinute, formatTimer, formatWhen } from '#renderer/ui/format-time.ts';
import { isAhead, parseDay, parsePast, parseWhen } from '#renderer/ui/parse-time.ts';

const words = { today: '今天', yesterday: '昨天' };
const beijing = (text: string) => Date.parse(`${text}:00+08:00`);
const NOW = beijing('2026-06-18T14:05');

describe('times on the screen', () => {
  it.each([
    ['2026-06-18T14:05', '今天 14:05'],
    ['2026-06-18T00:00', '今天 00:00'],
    ['2026-06-17T23:59', '昨天 23:59'],
    ['2026-06-16T09:30', '06-16 09:30'],
    ['2026-01-01T00:00', '01-01 00:00'],
    ['2025-12-31T23:59', '2025-12-31'],
  ])('shows %s as %s', (at, text) => {
    expect(formatWhen(beijing(at), NOW, words)).toBe(text);
  });

  it('goes by the day in Beijing, whatever the workstation is set to', () => {
    const justAfterMidnight = beijing('2026-06-18T00:10');
    expect(new Date(justAfterMidnight).toISOString()).toContain('2026-06-17T16:10');
    expect(formatWhen(justAfterMidnight, justAfterMidnight, words)).toBe('今天 00:10');
    expect(formatFullTime(justAfterMidnight)).toBe('2026-06-18 00:10:00');
    expect(formatClock(justAfterMidnight + 3_000)).toBe('00:10:03');
  });

  it('counts calls and waits', () => {
    expect(formatTimer(7_400)).toBe('0:07');
    expect(formatTimer(754_000)).toBe('12:34');
    expect(formatTimer(3_723_000)).toBe('1:02:03');
    expect(formatTimer(-5_000)).toBe('0:00');
    expect(toDurationParts(4_980_000)).toEqual({ key: 'hoursMinutes', h: 1, m: 23, s: 0 });
    expect(toDurationParts(9_000).key).toBe('seconds');
  });

  it('ages in one unit and never into the future', () => {
    expect(toAge(NOW - 59_999, NOW)).toEqual({ unit: 'seconds', count: 59 });
    expect(toAge(NOW - 3_599_000, NOW)).toEqual({ unit: 'minutes', count: 59 });
    expect(toAge(NOW - 49 * 3_600_000, NOW)).toEqual({ unit: 'days', count: 2 });
    expect(toAge(NOW + 5_000, NOW)).toEqual({ unit: 'seconds', count: 0 });
  });
});

describe('a time as an agent types it', () => {
  it.each([
    ['2026-06-18 14:05', '2026-06-18 14:05'],
    ['2026/6/8 9:00', '2026-06-08 09:00'],
    ['2026年6月8日9时', '2026-06-08 09:00'],
    ['6-16 9:00', '2026-06-16 09:00'],
    ['6月16日下午3点半', '2026-06-16 15:30'],
    ['12-30 8:00', '2025-12-30 08:00'],
    ['昨天 14:30', '2026-06-17 14:30'],
    ['昨天下午2点', '2026-06-17 14:00'],
    ['昨晚8点', '2026-06-17 20:00'],
    ['今天8:20', '2026-06-18 08:20'],
    ['8:20', '2026-06-18 08:20'],
    ['８：２０', '2026-06-18 08:20'],
    ['上午10点15分', '2026-06-18 10:15'],
    ['6月15日晚8点', '2026-06-15 20:00'],
    ['6月15日晚上8点', '2026-06-15 20:00'],
    ['6月15日夜间11点', '2026-06-15 23:00'],
    ['6月15日深夜11点半', '2026-06-15 23:30'],
    ['6月15日夜里2点', '2026-06-16 02:00'],
    ['6月15日晚上12点', '2026-06-16 00:00'],
    ['6月15日凌晨2点', '2026-06-15 02:00'],
    ['6月15日中午12点', '2026-06-15 12:00'],
    ['6月15日中午1点', '2026-06-15 13:00'],
    ['昨晚12点', '2026-06-18 00:00'],
    ['夜里2点', '2026-06-18 02:00'],
    ['昨夜11点', '2026-06-17 23:00'],
    ['昨天 3:30 pm', '2026-06-17 15:30'],
    ['today 8:30', '2026-06-18 08:30'],
    ['刚才', '2026-06-18 14:05'],
    // It is Thursday.
    ['上周三下午3点', '2026-06-10 15:00'],
    ['上周三下午三点半', '2026-06-10 15:30'],
    ['上星期五晚上9点', '2026-06-12 21:00'],
    ['上个星期天 9:00', '2026-06-14 09:00'],
    ['上上周一上午10点', '2026-06-01 10:00'],
    ['周三下午3点', '2026-06-17 15:00'],
    ['星期二上午10点', '2026-06-16 10:00'],
    ['周四上午9点', '2026-06-18 09:00'],
    ['周五晚9点', '2026-06-12 21:00'],
    ['礼拜天晚上八点', '2026-06-14 20:00'],
    ['本周一 8:00', '2026-06-15 08:00'],
    ['Wednesday 3pm', '2026-06-17 15:00'],
    ['大前天下午3点', '2026-06-15 15:00'],
    ['前天晚上11点一刻', '2026-06-16 23:15'],
    ['前晚8点', '2026-06-16 20:00'],
    ['三天前下午2点', '2026-06-15 14:00'],
    ['两周前上午9点', '2026-06-04 09:00'],
    ['半小时前', '2026-06-18 13:35'],
    ['两小时前', '2026-06-18 12:05'],
    ['2个半小时前', '2026-06-18 11:35'],
    ['20分钟前', '2026-06-18 13:45'],
    ['15号上午9点', '2026-06-15 09:00'],
    ['25号上午9点', '2026-05-25 09:00'],
    ['上个月5号上午9点', '2026-05-05 09:00'],
    ['去年六月十五日 9:00', '2025-06-15 09:00'],
    ['大概昨天下午3点左右', '2026-06-17 15:00'],
    ['昨天下午三点二十', '2026-06-17 15:20'],
    ['明天下午3点', '2026-06-19 15:00'],
    ['下周三上午9点', '2026-06-24 09:00'],
  ])('reads %s as %s', (typed, meant) => {
    const at = parseWhen(typed, NOW);
    expect(at === null ? null : formatMinute(at)).toBe(meant);
  });

  it.each([
    '',
    '25:00',
    '8:75',
    '2-30 8:00',
    '13-01',
    '不知道',
    '8',
    '2026-06-18 14:05 99',
    '昨天下午',
    '6月15日晚',
    '昨晚',
    '前天',
    '6月15号',
    '上周三',
    '三天前',
    '上周末下午3点',
    '端午节下午3点',
    '上班前下午3点',
    '昨天下午3点或4点',
    '昨天下午3点多',
    '下午3点到5点',
    '周八 9:00',
    '二三十号 9:00',
    '几天前下午3点',
  ])('refuses %s', (typed) => {
    expect(parseWhen(typed, NOW)).toBeNull();
  });

  it.each(['明天下午3点', '后天 9:00', '下周三上午9点', '本周五 9:00', '今天 15:00', '周四晚上8点', '2026-06-19 9:00'])(
    'refuses %s as the time something happened: it is to come',
    (typed) => {
      expect(parsePast(typed, NOW)).toBeNull();
      expect(isAhead(typed, NOW)).toBe(true);
    },
  );

  it('says of a day to come that it is, before an hour is asked for, and of nothing else', () => {
    expect(isAhead('明天', NOW)).toBe(true);
    expect(['昨天', '昨天下午3点', '不知道', ''].filter((typed) => isAhead(typed, NOW))).toEqual([]);
    expect(parsePast('刚才', NOW)).toBe(NOW);
  });

  it.each([
    ['前天', '2026-06-16'],
    ['上周三', '2026-06-10'],
    ['6月15号', '2026-06-15'],
    ['三天前', '2026-06-15'],
    ['明天', '2026-06-19'],
    ['昨天 14:30', '2026-06-17'],
    ['6月', null],
    ['不知道', null],
  ])('reads %s as the day %s', (typed, day) => {
    const at = parseDay(typed, NOW);
    expect(at === null ? null : formatMinute(at).slice(0, 10)).toBe(day);
  });

  it('reads back what it shows', () => {
    expect(parseWhen(formatMinute(NOW), NOW)).toBe(NOW);
  });
});
