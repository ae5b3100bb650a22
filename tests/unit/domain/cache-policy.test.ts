import { describe, expect, test } from 'vitest';
import { type CachePolicy, holdMonths, policyChoices, policyOf } from '#shared/domain/cache-policy.ts';
import { addMonths, monthOf, startOfMonth } from '#shared/domain/month.ts';

const beijing = (text: string) => Date.parse(`${text}+08:00`);

describe('a month', () => {
  test.each([
    ['2026-11-30T23:59:59.999', '2026-11'],
    ['2026-12-01T00:00:00', '2026-12'],
    ['2026-12-31T23:59:59', '2026-12'],
    ['2027-01-01T07:59:59', '2027-01'],
    ['2028-02-29T12:00:00', '2028-02'],
  ])('%s in Beijing is in %s', (at, month) => {
    expect(monthOf(beijing(at))).toBe(month);
  });

  test('begins at midnight in Beijing and is counted across years', () => {
    expect(startOfMonth('2027-01')).toBe(beijing('2027-01-01T00:00:00'));
    expect(addMonths('2026-11', 2)).toBe('2027-01');
    expect(addMonths('2026-01', -13)).toBe('2024-12');
    expect(addMonths('2026-11', 0)).toBe('2026-11');
  });
});

const YEARS = Array.from({ length: 36 }, (_, back) => ({ month: addMonths('2026-11', -back), tickets: 1_000 }));
const hold = (policy: CachePolicy, at: string, sizes = YEARS) => holdMonths(policy, sizes, beijing(at));

describe('months back', () => {
  const thirteen: CachePolicy = { kind: 'months', months: 13 };
  test('count this month and the twelve before it, on its first day and on its last', () => {
    expect(hold(thirteen, '2026-11-01T00:00:00').from).toBe('2025-11');
    expect(hold(thirteen, '2026-11-30T23:59:59').from).toBe('2025-11');
    expect(hold(thirteen, '2026-12-01T00:00:00').from).toBe('2025-12');
  });

  test('say how much is outside', () => {
    expect(hold(thirteen, '2026-11-30T12:00:00').outside).toEqual({ months: 23, tickets: 23_000 });
    expect(hold({ kind: 'months', months: 37 }, '2026-11-30T12:00:00').outside).toEqual({ months: 0, tickets: 0 });
  });

  test('of a large city end where a million tickets are full', () => {
    const large = YEARS.map(({ month }) => ({ month, tickets: 280_000 }));
    expect(hold(thirteen, '2026-11-30T12:00:00', large).from).toBe('2026-09');
  });

  test('one month is this month', () => {
    expect(hold({ kind: 'months', months: 1 }, '2026-11-30T12:00:00').from).toBe('2026-11');
  });
});

describe('as many months as fit', () => {
  test('are whole months without a gap', () => {
    const held = hold({ kind: 'tickets', tickets: 3_500 }, '2026-11-15T12:00:00');
    expect(held).toEqual({ from: '2026-09', outside: { months: 33, tickets: 33_000 } });
  });

  test('never skip a large month for a smaller one before it', () => {
    const sizes = [
      { month: '2026-11', tickets: 1_000 },
      { month: '2026-10', tickets: 100 },
      { month: '2026-09', tickets: 9_000 },
      { month: '2026-08', tickets: 10 },
    ];
    expect(hold({ kind: 'tickets', tickets: 2_000 }, '2026-11-15T12:00:00', sizes).from).toBe('2026-10');
  });

  test('always are this month and the one before, however large, and everything when it fits', () => {
    const sizes = [
      { month: '2026-12', tickets: 0 },
      { month: '2026-11', tickets: 5_000 },
      { month: '2026-10', tickets: 5_000 },
      { month: '2026-09', tickets: 1 },
    ];
    expect(hold({ kind: 'tickets', tickets: 1_000 }, '2026-11-15T12:00:00', sizes)).toEqual({
      from: '2026-10',
      outside: { months: 1, tickets: 1 },
    });
    // On the first of a month the work of yesterday is still here.
    expect(hold({ kind: 'tickets', tickets: 1_000 }, '2026-12-01T00:00:00', sizes).from).toBe('2026-11');
    expect(hold({ kind: 'tickets', tickets: 1_000_000 }, '2026-11-15T12:00:00').outside.tickets).toBe(0);
  });

  test('of a centre without tickets are this month and the one before', () => {
    expect(hold({ kind: 'tickets', tickets: 1_000_000 }, '2026-11-15T12:00:00', []).from).toBe('2026-10');
  });
});

describe('the bounds of a role', () => {
  test('an agent holds thirteen months, a 班长 or 督办员 a million tickets', () => {
    expect(policyOf('agent', null)).toEqual({ kind: 'months', months: 13 });
    expect(policyOf('lead', null)).toEqual({ kind: 'tickets', tickets: 1_000_000 });
    expect(policyOf('supervisor', null)).toEqual({ kind: 'tickets', tickets: 1_000_000 });
  });

  test('what was chosen counts only while the role may have it', () => {
    const wide: CachePolicy = { kind: 'tickets', tickets: 300_000 };
    expect(policyOf('supervisor', wide)).toEqual(wide);
    expect(policyOf('lead', { kind: 'months', months: 3 })).toEqual({ kind: 'months', months: 3 });
    expect(policyOf('agent', wide)).toEqual(policyChoices('agent').usual);
    expect(policyOf('agent', { kind: 'months', months: 25 })).toEqual({ kind: 'months', months: 25 });
    expect(policyOf('agent', { kind: 'months', months: 120 })).toEqual(policyChoices('agent').usual);
  });
});
