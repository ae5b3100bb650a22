import { describe, expect, it } from 'vitest';
import { toAge, toDurationParts } from '#renderer/ui/format-age.ts';
import { formatClock, formatFullTime, formatMinute, formatTimer, formatWhen } from '#renderer/ui/format-time.ts';
import { parseWhen } from '#renderer/ui/parse-time.ts';

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
    ['前天', '2026-06-16 00:00'],
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
  ])('refuses %s', (typed) => {
    expect(parseWhen(typed, NOW)).toBeNull();
  });

  it('reads back what it shows', () => {
    expect(parseWhen(formatMinute(NOW), NOW)).toBe(NOW);
  });
});
