import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import presetFile from '#resources/clock-presets.json' with { type: 'json' };
import { clockPresetFileSchema } from '#shared/domain/clock/clock-preset.ts';
import { readCalendarFile, shippedCalendarYears } from '#shared/domain/clock/shipped-calendar.ts';

const years = shippedCalendarYears();

describe('the calendars that are shipped', () => {
  it('are all of resources/calendar, one per year without a gap', () => {
    const files = readdirSync(new URL('../../../resources/calendar/', import.meta.url));
    expect(years.map(({ year }) => `${year}.json`)).toEqual(files.toSorted());
    expect(years.map(({ year }, index) => year - index)).toEqual(years.map(() => 2024));
  });

  it.each([
    [2024, 'official', '国办发明电〔2023〕7号', 28, 8],
    [2025, 'official', '国办发明电〔2024〕12号', 28, 5],
    [2026, 'official', '国办发明电〔2025〕7号', 33, 6],
    [2027, 'provisional', '国务院令第795号', 13, 0],
  ])('%i is %s by %s with %i days off and %i make-up days', (year, standing, number, off, worked) => {
    const file = years.find((one) => one.year === year);
    const length = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
    expect(file?.standing).toBe(standing);
    expect(file?.source.number).toBe(number);
    expect(file?.holidays.reduce((sum, holiday) => sum + length(holiday), 0)).toBe(off);
    expect(file?.makeUpDays.length).toBe(worked);
  });
});

describe('a calendar file', () => {
  const good = years[2];
  it.each([
    ['a make-up day on a weekday', { makeUpDays: ['2026-02-12'] }, /is not a Saturday or Sunday/],
    ['a make-up day in a holiday', { makeUpDays: ['2026-02-15'] }, /is a day off/],
    ['a make-up day named twice', { makeUpDays: ['2026-02-14', '2026-02-14'] }, /is named twice/],
    ['a day of another year', { makeUpDays: ['2025-02-08'] }, /is of another year/],
    ['a date that is none', { makeUpDays: ['2026-02-30'] }, /makeUpDays\[0\]/],
    ['make-up days without a notice', { standing: 'provisional' }, /published with the notice/],
    ['the wrong name', { year: 2025 }, /is of another year/],
  ])('with %s is refused, naming the file', (_, change, message) => {
    const read = () => readCalendarFile('2026', { ...good, ...change });
    expect(read).toThrow(message);
    expect(read).toThrow(/resources\/calendar\/2026\.json/);
  });

  it('with holidays that overlap or end before they begin is refused', () => {
    const holidays = [
      { name: '春节', en: 'Spring Festival', from: '2026-02-15', to: '2026-02-23' },
      { name: '春节', en: 'Spring Festival', from: '2026-02-23', to: '2026-02-24' },
      { name: '元旦', en: 'New Year', from: '2026-01-03', to: '2026-01-01' },
    ];
    const read = () => readCalendarFile('2026', { ...good, holidays });
    expect(read).toThrow(/overlaps another holiday/);
    expect(read).toThrow(/does not end after it begins/);
  });
});

it('offers every city as changes of the same kinds of matter, Jiangsu first', () => {
  const { sets, presets } = clockPresetFileSchema.parse(presetFile);
  expect(sets.map(({ id }) => id)).toEqual(['jiangsu', 'shanghai', 'beijing', 'tianjin']);
  expect(sets[0]?.changes).toEqual([]);
  const wrong = { ...presetFile, sets: [{ ...sets[0], changes: [{ preset: 'no-such', close: presets[0]?.close }] }] };
  expect(clockPresetFileSchema.safeParse(wrong).success).toBe(false);
});
