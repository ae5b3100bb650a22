import { expect, test } from 'vitest';
import { parsePeriod, periodDays, presetPeriod } from '#renderer/terms/conditions/period.ts';
import { toTicketFilter } from '#renderer/terms/conditions/ticket-filter.ts';
import { NO_CONDITIONS } from '#shared/domain/ticket-view.ts';
import { START } from '#tests/support/data/samples.ts';

/** First and last day of what was typed on 2026-11-22. */
function days(typed: string): string | null {
  const period = parsePeriod(typed, START);
  return period ? periodDays(period).join(' ') : null;
}

test('spans are read as people type them, in Beijing days', () => {
  const cases: readonly [string, string | null][] = [
    ['2026-06-18', '2026-06-18'],
    ['2026年6月18日', '2026-06-18'],
    ['20260618', '2026-06-18'],
    ['6-18', '2026-06-18'],
    ['６．１８', '2026-06-18'],
    ['6月18号', '2026-06-18'],
    // Not in the future: the last one.
    ['12-30', '2025-12-30'],
    ['6月', '2026-06-01 2026-06-30'],
    ['12月', '2025-12-01 2025-12-31'],
    ['2024-02', '2024-02-01 2024-02-29'],
    ['2025', '2025-01-01 2025-12-31'],
    ['近3天', '2026-11-20 2026-11-22'],
    ['7d', '2026-11-16 2026-11-22'],
    ['6-1~6-18', '2026-06-01 2026-06-18'],
    ['6.1 至 6.18', '2026-06-01 2026-06-18'],
    ['2025-12-20到2026-01-05', '2025-12-20 2026-01-05'],
    ['6-18~6-1', null],
    ['2-30', null],
    ['13月', null],
    ['0天', null],
    ['6-1~6-2~6-3', null],
    ['上周', null],
    ['', null],
  ];
  for (const [typed, expected] of cases) expect([typed, days(typed)]).toEqual([typed, expected]);
});

test('what is shown of a span can be typed again', () => {
  for (const preset of ['today', 'yesterday', 'last7', 'last30', 'thisMonth', 'thisYear'] as const) {
    const period = presetPeriod(preset, START);
    expect(parsePeriod(periodDays(period).join(' 至 '), START)).toEqual(period);
  }
});

test('a filter asks for what was chosen, and for nothing when nothing was', () => {
  expect(toTicketFilter(NO_CONDITIONS, START)).toBeUndefined();
  expect(toTicketFilter({ ...NO_CONDITIONS, status: 'handling' }, START)).toEqual({ statuses: ['handling'] });
  expect(toTicketFilter({ ...NO_CONDITIONS, status: 'group:callback', period: 'today' }, START)).toEqual({
    statuses: ['replied', 'to_callback'],
    from: Date.UTC(2026, 10, 21, 16),
    to: Date.UTC(2026, 10, 22, 16),
  });
  expect(
    toTicketFilter(
      {
        ...NO_CONDITIONS,
        category: '01',
        division: '320106',
        unit: '市城管局',
        agent: { value: 'a', label: '林晓雯' },
      },
      START,
    ),
  ).toEqual({ category: '01', division: '320106', units: ['市城管局'], agents: ['a'] });
});
