import { describe, expect, it } from 'vitest';
import { areAttemptsSpent, nextAttempt, partOf, windowsAfter } from '#shared/domain/callback/callback-attempts.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { beijing } from '#tests/support/beijing.ts';

const rules = shippedCallbackRules();
const calendar = shippedCalendar();
const next = (tried: readonly string[], agreed: string | null = null) => {
  const window = nextAttempt(tried.map(beijing), agreed === null ? null : beijing(agreed), rules, calendar);
  return window && [window.from, window.to];
};

describe('the part of the day of a call', () => {
  it.each([
    ['2026-11-26 08:20', 'morning'],
    ['2026-11-26 11:59', 'morning'],
    // Between two parts it counts as the one that is to come.
    ['2026-11-26 12:30', 'afternoon'],
    ['2026-11-26 17:59', 'afternoon'],
    ['2026-11-26 18:10', 'evening'],
    ['2026-11-26 22:40', 'evening'],
  ])('%s is %s', (at, part) => {
    expect(partOf(beijing(at), rules)).toBe(part);
  });
});

describe('the next attempt', () => {
  it.each([
    ['in the afternoon of the same day', ['2026-11-26 10:00'], ['2026-11-26 14:00', '2026-11-26 18:00']],
    [
      'in the part of the day that is left',
      ['2026-11-26 10:00', '2026-11-26 15:00'],
      ['2026-11-26 18:30', '2026-11-26 20:30'],
    ],
    [
      'never in a part that was tried',
      ['2026-11-26 15:00', '2026-11-26 19:00'],
      ['2026-11-27 09:00', '2026-11-27 12:00'],
    ],
    ['after the weekend', ['2026-11-27 19:00'], ['2026-11-30 09:00', '2026-11-30 12:00']],
    ['after 国庆', ['2026-09-30 19:00'], ['2026-10-08 09:00', '2026-10-08 12:00']],
    ['on a Saturday that is worked (调休)', ['2026-10-09 19:00'], ['2026-10-10 09:00', '2026-10-10 12:00']],
  ])('is %s', (_name, tried, [from = '', to = '']) => {
    expect(next(tried)).toEqual([beijing(from), beijing(to)]);
  });

  it('is at the time somebody at the number named', () => {
    expect(next(['2026-11-26 10:00'], '2026-11-27 14:00')).toEqual([
      beijing('2026-11-27 14:00'),
      beijing('2026-11-27 18:00'),
    ]);
    expect(next(['2026-11-26 10:00'], '2026-11-28 16:30')).toEqual([
      beijing('2026-11-28 16:30'),
      beijing('2026-11-28 18:30'),
    ]);
  });

  it('is none after three in three parts of the day, not even an agreed one', () => {
    const tried = ['2026-11-26 10:00', '2026-11-26 15:00', '2026-11-26 19:00'];
    expect(areAttemptsSpent(tried.map(beijing), rules)).toBe(true);
    expect(next(tried)).toBeNull();
    expect(next(tried, '2026-11-27 10:00')).toBeNull();
  });

  it('is still to come after three in one morning', () => {
    const tried = ['2026-11-26 10:00', '2026-11-26 10:05', '2026-11-26 10:10'];
    expect(areAttemptsSpent(tried.map(beijing), rules)).toBe(false);
    expect(next(tried)).toEqual([beijing('2026-11-26 14:00'), beijing('2026-11-26 18:00')]);
  });
});

it('offers the parts of the day that come next', () => {
  const windows = windowsAfter(beijing('2026-11-26 14:30'), 3, rules, calendar);
  expect(windows.map(({ part, from }) => [part, from])).toEqual([
    ['evening', beijing('2026-11-26 18:30')],
    ['morning', beijing('2026-11-27 09:00')],
    ['afternoon', beijing('2026-11-27 14:00')],
  ]);
});
