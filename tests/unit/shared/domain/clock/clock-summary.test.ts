import { expect, it } from 'vitest';
import { formatDue } from '#renderer/terms/format-due.ts';
import { spanLeft, summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { beijing } from '#tests/support/beijing.ts';

const rules = shippedClockRules();
const { toWorkTime } = rules.calendar;
const matter = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;
const accepted = (at: string) =>
  clocksAfter({ clocks: null, acceptedAt: beijing(at), matter }, { kind: 'accept' }, beijing(at), rules);

it.each([
  ['2026-09-30 09:59', '2026-09-30 10:00', { unit: 'minutes', count: 1 }],
  ['2026-09-30 09:59', '2026-09-30 09:59', { unit: 'minutes', count: 0 }],
  ['2026-09-30 08:01', '2026-09-30 10:00', { unit: 'minutes', count: 119 }],
  ['2026-09-30 08:00', '2026-09-30 10:59', { unit: 'hours', count: 2 }],
  ['2026-09-29 10:01', '2026-09-30 10:00', { unit: 'hours', count: 23 }],
  ['2026-09-28 10:00', '2026-09-30 10:00', { unit: 'workdays', count: 2 }],
  // Eight days on the wall, of which one is worked.
  ['2026-09-30 10:00', '2026-10-08 10:00', { unit: 'workdays', count: 1 }],
  ['2026-10-01 10:00', '2026-10-08 10:00', { unit: 'underWorkday', count: 1 }],
  // Over a worked Saturday.
  ['2026-10-08 10:00', '2026-10-12 10:00', { unit: 'workdays', count: 3 }],
] as const)('from %s to %s is %j, and as much over afterwards', (now, due, left) => {
  const clock = { dueAt: beijing(due), scale: 'work' as const };
  expect(spanLeft(clock, beijing(now), toWorkTime)).toEqual(left);
  expect(spanLeft({ ...clock, dueAt: beijing(now) }, beijing(due), toWorkTime)).toEqual(left);
});

it('counts days that run through as days, and so does a window that has no calendar yet', () => {
  const [now, dueAt] = [beijing('2026-09-30 10:00'), beijing('2026-10-08 10:00')];
  expect(spanLeft({ dueAt, scale: 'real' }, now, toWorkTime)).toEqual({ unit: 'days', count: 8 });
  expect(spanLeft({ dueAt, scale: 'work' }, now, null)).toEqual({ unit: 'days', count: 8 });
});

it('gives lists the clock that runs out first, and none of what has ended', () => {
  const clocks = accepted('2026-12-30 10:00');
  expect(summarizeClocks(clocks)).toMatchObject({ stage: 'dispatch', shown: 'stage', scale: 'real' });
  const signed = clocksAfter({ clocks, acceptedAt: null, matter: null }, { kind: 'sign' }, 0, rules);
  expect(summarizeClocks(signed)).toMatchObject({ shown: 'close', scale: 'work', calendar: 'provisional' });
  const done = clocksAfter({ clocks: signed, acceptedAt: null, matter: null }, { kind: 'close' }, 0, rules);
  expect(summarizeClocks(done)).toBeNull();
  expect(summarizeClocks(null)).toBeNull();
});

it('writes the end of a day as its 24:00', () => {
  expect(formatDue(beijing('2026-10-11 00:00'))).toBe('2026-10-10 24:00');
  expect(formatDue(beijing('2026-10-10 10:00'))).toBe('2026-10-10 10:00');
});
