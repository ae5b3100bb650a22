import { describe, expect, it } from 'vitest';
import { formatBeijing } from '#shared/domain/beijing-time.ts';
import { startRun } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { beijing } from '#tests/support/beijing.ts';

/** Counted by hand on the calendars of the notices: start, working days, due. */
const COUNTED: readonly (readonly [start: string, days: number, due: string, why: string])[] = [
  // 2024: 春节 10–17 February, worked on 4 and 18 February; a leap year
  ['2024-02-08 10:00', 1, '2024-02-09 10:00', '除夕 2024 is worked'],
  ['2024-02-09 10:00', 1, '2024-02-18 10:00', 'over 春节 onto a Sunday that is worked'],
  ['2024-02-09 10:00', 2, '2024-02-19 10:00', 'the Sunday and the Monday after it'],
  ['2024-02-09 16:30', 5, '2024-02-22 16:30', 'over 春节: 18, 19, 20, 21, 22'],
  ['2024-02-12 09:00', 1, '2024-02-19 00:00', 'a call in 春节 counts from the 18th'],
  ['2024-02-17 23:59', 3, '2024-02-21 00:00', 'the last minute of 春节: 18, 19, 20'],
  ['2024-02-02 15:00', 1, '2024-02-04 15:00', 'Friday to the Sunday that is worked'],
  ['2024-02-02 15:00', 3, '2024-02-06 15:00', 'Sunday, Monday, Tuesday'],
  ['2024-02-03 12:00', 1, '2024-02-05 00:00', 'a Saturday off before a Sunday that is worked'],
  ['2024-02-04 08:30', 1, '2024-02-05 08:30', 'from a Sunday that is worked'],
  ['2024-02-18 11:00', 5, '2024-02-23 11:00', 'from the Sunday after 春节'],
  ['2024-02-05 09:00', 15, '2024-03-01 09:00', 'four before, six after 春节, then 26–29 and 1 March'],
  ['2024-02-28 14:00', 1, '2024-02-29 14:00', 'onto the leap day'],
  ['2024-02-29 14:00', 1, '2024-03-01 14:00', 'from the leap day'],
  ['2024-02-27 10:00', 5, '2024-03-05 10:00', 'over the leap day: 28, 29, 1, 4, 5'],
  ['2024-04-03 17:00', 1, '2024-04-07 17:00', 'over 清明 onto a Sunday'],
  ['2024-04-03 17:00', 3, '2024-04-09 17:00', 'over 清明: 7, 8, 9'],
  ['2024-04-06 10:00', 1, '2024-04-08 00:00', 'in 清明, before a Sunday that is worked'],
  ['2024-04-26 10:00', 1, '2024-04-28 10:00', 'onto the Sunday before 劳动节'],
  ['2024-04-30 10:00', 1, '2024-05-06 10:00', 'over 劳动节'],
  ['2024-04-30 10:00', 5, '2024-05-10 10:00', 'over 劳动节: 6 to 10'],
  ['2024-04-30 10:00', 6, '2024-05-11 10:00', 'over 劳动节 onto the Saturday that is worked'],
  ['2024-05-10 10:00', 2, '2024-05-13 10:00', 'a worked Saturday and a Monday'],
  ['2024-05-12 10:00', 1, '2024-05-14 00:00', 'an ordinary Sunday'],
  ['2024-06-07 10:00', 1, '2024-06-11 10:00', 'over 端午'],
  ['2024-09-13 10:00', 1, '2024-09-14 10:00', 'onto the Saturday before 中秋'],
  ['2024-09-13 10:00', 2, '2024-09-18 10:00', 'that Saturday, and the day after 中秋'],
  ['2024-09-14 20:00', 1, '2024-09-18 20:00', 'from the Saturday over 中秋'],
  ['2024-09-27 10:00', 1, '2024-09-29 10:00', 'onto the Sunday before 国庆'],
  ['2024-09-27 10:00', 3, '2024-10-08 10:00', '29, 30, and over 国庆'],
  ['2024-09-30 18:00', 5, '2024-10-12 18:00', 'over 国庆, the worked Saturday is the fifth'],
  ['2024-09-30 18:00', 6, '2024-10-14 18:00', 'over 国庆 and the Sunday after it'],
  ['2024-10-01 00:00', 1, '2024-10-09 00:00', 'the first moment of 国庆'],
  ['2024-10-07 23:59', 3, '2024-10-11 00:00', 'the last minute of 国庆: 8, 9, 10'],
  ['2024-10-11 09:00', 1, '2024-10-12 09:00', 'Friday to the worked Saturday'],
  ['2024-10-12 09:00', 1, '2024-10-14 09:00', 'from the worked Saturday'],
  // The turn of the year
  ['2024-12-31 10:00', 1, '2025-01-02 10:00', 'over 元旦'],
  ['2024-12-30 10:00', 3, '2025-01-03 10:00', 'over 元旦: 31, 2, 3'],
  ['2024-12-27 10:00', 5, '2025-01-06 10:00', 'over a weekend and 元旦'],
  // 2025: 春节 28 January – 4 February, worked on 26 January and 8 February
  ['2025-01-24 10:00', 1, '2025-01-26 10:00', 'onto the Sunday before 春节'],
  ['2025-01-24 10:00', 2, '2025-01-27 10:00', 'that Sunday and the Monday'],
  ['2025-01-24 10:00', 3, '2025-02-05 10:00', 'and over 春节'],
  ['2025-01-27 17:30', 5, '2025-02-10 17:30', '5, 6, 7, the Saturday, and Monday'],
  ['2025-01-28 10:00', 3, '2025-02-08 00:00', '除夕 2025 is off: 5, 6, 7'],
  ['2025-02-04 10:00', 5, '2025-02-11 00:00', 'the last day of 春节: 5, 6, 7, 8, 10'],
  ['2025-02-07 10:00', 1, '2025-02-08 10:00', 'Friday to the worked Saturday'],
  ['2025-02-08 10:00', 1, '2025-02-10 10:00', 'from the worked Saturday'],
  ['2025-01-20 10:00', 15, '2025-02-14 10:00', 'six before 春节, nine after it'],
  ['2025-02-27 10:00', 2, '2025-03-03 10:00', 'no leap day: 28 and 3'],
  ['2025-04-03 10:00', 1, '2025-04-07 10:00', 'over 清明'],
  ['2025-04-25 10:00', 1, '2025-04-27 10:00', 'onto the Sunday before 劳动节'],
  ['2025-04-30 10:00', 1, '2025-05-06 10:00', 'over 劳动节'],
  ['2025-04-27 10:00', 5, '2025-05-07 10:00', 'from the Sunday: 28, 29, 30, 6, 7'],
  ['2025-05-30 10:00', 1, '2025-06-03 10:00', 'over 端午'],
  ['2025-09-26 10:00', 1, '2025-09-28 10:00', 'onto the Sunday before 国庆'],
  ['2025-09-30 10:00', 1, '2025-10-09 10:00', 'over 国庆 and 中秋'],
  ['2025-09-30 10:00', 3, '2025-10-11 10:00', 'the worked Saturday is the third'],
  ['2025-09-30 10:00', 5, '2025-10-14 10:00', '9, 10, 11, 13, 14'],
  ['2025-10-08 22:00', 1, '2025-10-10 00:00', 'the last evening of 国庆'],
  ['2025-10-12 10:00', 1, '2025-10-14 00:00', 'the Sunday after the worked Saturday'],
  // 2026: 元旦 1–3 January, worked on the 4th; 春节 15–23 February, worked on 14 and 28 February
  ['2025-12-31 10:00', 1, '2026-01-04 10:00', 'over 元旦 onto the Sunday'],
  ['2025-12-31 10:00', 5, '2026-01-08 10:00', 'from that Sunday on: 4 to 8'],
  ['2026-01-02 10:00', 1, '2026-01-05 00:00', 'in 元旦, before the worked Sunday'],
  ['2026-02-13 10:00', 1, '2026-02-14 10:00', 'onto the Saturday before 春节'],
  ['2026-02-13 10:00', 2, '2026-02-24 10:00', 'and over nine days of 春节'],
  ['2026-02-14 15:00', 5, '2026-02-28 15:00', '24 to 27 and the worked Saturday'],
  ['2026-02-14 15:00', 6, '2026-03-02 15:00', 'and the Monday after it'],
  ['2026-02-20 10:00', 5, '2026-03-01 00:00', 'in 春节: ends with the worked Saturday'],
  ['2026-02-27 10:00', 1, '2026-02-28 10:00', 'Friday to the worked Saturday'],
  ['2026-03-02 00:00', 5, '2026-03-07 00:00', 'a whole week ends with its Friday'],
  ['2026-03-06 23:59', 1, '2026-03-09 23:59', 'over an ordinary weekend'],
  ['2026-04-03 10:00', 1, '2026-04-07 10:00', 'over 清明'],
  ['2026-04-30 10:00', 4, '2026-05-09 10:00', 'over 劳动节 onto the worked Saturday'],
  ['2026-06-18 10:00', 1, '2026-06-22 10:00', 'over 端午'],
  ['2026-09-18 10:00', 1, '2026-09-20 10:00', 'onto the Sunday before 中秋'],
  ['2026-09-24 10:00', 1, '2026-09-28 10:00', 'over 中秋'],
  ['2026-09-30 10:00', 3, '2026-10-10 10:00', 'over 国庆, the worked Saturday is the third'],
  ['2026-09-30 10:00', 4, '2026-10-12 10:00', 'and the Monday'],
  ['2026-10-03 10:00', 3, '2026-10-11 00:00', 'in 国庆: ends with the worked Saturday'],
  ['2026-12-24 10:00', 5, '2026-12-31 10:00', 'to the last day of the year'],
];

describe('a limit in working days', () => {
  it.each(COUNTED)('%s and %i working days end %s: %s', (start, days, due) => {
    const run = startRun(beijing(start), { value: days, unit: 'workday' }, shippedCalendar());
    expect(formatBeijing(run.dueAt)).toBe(due);
    expect(run.calendar).toBe('official');
  });

  it('is 临近 when four fifths of its working time are used', () => {
    const run = startRun(beijing('2026-09-30 10:00'), { value: 5, unit: 'workday' }, shippedCalendar());
    expect([run.nearAt, run.dueAt].map(formatBeijing)).toEqual(['2026-10-12 10:00', '2026-10-13 10:00']);
  });
});

describe('minutes, hours and days', () => {
  it.each([
    ['2026-02-14 23:50', { value: 15, unit: 'minute' }, '2026-02-15 00:05'],
    ['2026-02-14 23:00', { value: 2, unit: 'hour' }, '2026-02-15 01:00'],
    ['2025-12-31 23:30', { value: 24, unit: 'hour' }, '2026-01-01 23:30'],
    ['2024-02-28 09:00', { value: 2, unit: 'day' }, '2024-03-01 09:00'],
    ['2026-09-30 09:00', { value: 7, unit: 'day' }, '2026-10-07 09:00'],
    ['2026-12-25 09:00', { value: 15, unit: 'day' }, '2027-01-09 09:00'],
  ] as const)('run through nights, holidays and the turn of the year: %s', (start, span, due) => {
    const run = startRun(beijing(start), span, shippedCalendar());
    expect(formatBeijing(run.dueAt)).toBe(due);
    expect(run.calendar).toBe('official');
  });
});

describe('a year without its make-up days', () => {
  it.each([
    ['2026-12-30 10:00', 2, '2027-01-04 10:00', 'provisional'],
    ['2026-12-31 00:00', 1, '2027-01-01 00:00', 'official'],
    ['2027-02-04 10:00', 1, '2027-02-09 10:00', 'provisional'],
    ['2027-12-31 10:00', 1, '2028-01-03 10:00', 'missing'],
    ['2030-06-03 10:00', 1, '2030-06-04 10:00', 'missing'],
    ['2023-09-29 10:00', 1, '2023-10-02 10:00', 'missing'],
  ])('is said with the due time: %s and %i days', (start, days, due, standing) => {
    const run = startRun(beijing(start), { value: days, unit: 'workday' }, shippedCalendar());
    expect([formatBeijing(run.dueAt), run.calendar]).toEqual([due, standing]);
  });
});
