import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { DAY_MS, dayOf, isWeekend, startOfDay, yearOfDay } from '#shared/domain/clock/beijing-day.ts';
import { addWorkdays, extendRun, remindersOf, shiftRun, startRun } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar, shippedCalendarYears } from '#shared/domain/clock/shipped-calendar.ts';
import { createWorkCalendar } from '#shared/domain/clock/work-calendar.ts';

const calendar = shippedCalendar();
const FROM = Date.UTC(2023, 11, 1);
const TO = Date.UTC(2028, 11, 31);
const moments = fc.integer({ min: FROM, max: TO });
const days = fc.integer({ min: 1, max: 40 });
const workdays = (value: number) => ({ value, unit: 'workday' }) as const;

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it('never lets a later start end earlier', () => {
  fc.assert(
    fc.property(moments, moments, days, (a, b, count) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const due = (at: number) => startRun(at, workdays(count), calendar).dueAt;
      expect(due(first)).toBeLessThanOrEqual(due(second));
    }),
  );
});

it('lies between start, 临近 and due, and a day more is due later', () => {
  fc.assert(
    fc.property(moments, days, (at, count) => {
      const run = startRun(at, workdays(count), calendar);
      expect(run.nearAt).toBeGreaterThanOrEqual(at);
      expect(run.dueAt).toBeGreaterThan(run.nearAt);
      expect(startRun(at, workdays(count + 1), calendar).dueAt).toBeGreaterThan(run.dueAt);
    }),
  );
});

it('skips no working day and counts none twice', () => {
  fc.assert(
    fc.property(moments, days, (at, count) => {
      const { dueAt } = startRun(at, workdays(count), calendar);
      // Counted day by day, with nothing of the calendar but whether a day is worked.
      let worked = 0;
      for (let day = dayOf(at); startOfDay(day) < dueAt; day++) {
        if (!calendar.isWorkday(day)) continue;
        worked += Math.min(startOfDay(day + 1), dueAt) - Math.max(startOfDay(day), at);
      }
      expect(worked).toBe(count * DAY_MS);
    }),
  );
});

it('ends in a day that is worked', () => {
  fc.assert(
    fc.property(moments, days, (at, count) => {
      expect(calendar.isWorkday(dayOf(startRun(at, workdays(count), calendar).dueAt - 1))).toBe(true);
    }),
  );
});

it('adds up: some days and some more are their sum', () => {
  fc.assert(
    fc.property(moments, days, days, (at, a, b) => {
      expect(addWorkdays(addWorkdays(at, a, calendar), b, calendar)).toBe(addWorkdays(at, a + b, calendar));
    }),
  );
});

it('takes the other way back: working time of a moment, and the moment of working time', () => {
  fc.assert(
    fc.property(moments, (at) => {
      const back = calendar.fromWorkTime(calendar.toWorkTime(at));
      expect(back).toBeLessThanOrEqual(at);
      expect(calendar.toWorkTime(back)).toBe(calendar.toWorkTime(at));
    }),
  );
});

it('does not ask the machine for its time zone', () => {
  const cases = fc.sample(fc.tuple(moments, days), { numRuns: 50, seed: 5 });
  const dueIn = (name: string) => {
    process.env.TZ = name;
    const fresh = createWorkCalendar(shippedCalendarYears());
    return cases.map(([at, count]) => startRun(at, workdays(count), fresh));
  };
  const atHome = dueIn('Asia/Shanghai');
  for (const name of ['UTC', 'America/New_York', 'Europe/London', 'Pacific/Kiritimati', 'Asia/Kathmandu']) {
    expect(dueIn(name), name).toEqual(atHome);
  }
});

it('has the 365 or 366 days of every year, and weekends and holidays are the only days off', () => {
  for (const { year, holidays, makeUpDays } of shippedCalendarYears()) {
    const first = dayOf(Date.UTC(year, 0, 1));
    const last = dayOf(Date.UTC(year + 1, 0, 1)) - 1;
    expect(last - first + 1).toBe(year % 4 === 0 ? 366 : 365);
    const off = new Set(
      holidays.flatMap(({ from, to }) => {
        const [start, end] = [dayOf(Date.parse(from)), dayOf(Date.parse(to))];
        return Array.from({ length: end - start + 1 }, (_, index) => start + index);
      }),
    );
    let worked = 0;
    for (let day = first; day <= last; day++) {
      expect(yearOfDay(day)).toBe(year);
      if (!isWeekend(day) && !off.has(day)) worked++;
    }
    const counted = (calendar.toWorkTime(startOfDay(last + 1)) - calendar.toWorkTime(startOfDay(first))) / DAY_MS;
    expect(counted, String(year)).toBe(worked + makeUpDays.length);
  }
});

it('leaves after a pause what was left before it', () => {
  fc.assert(
    fc.property(moments, days, fc.nat(20 * DAY_MS), fc.nat(60 * DAY_MS), (at, count, before, length) => {
      const run = startRun(at, workdays(count), calendar);
      const from = at + before;
      const later = shiftRun(run, from, from + length, calendar);
      if (run.dueAt <= from) return void expect(later.dueAt).toBe(run.dueAt);
      const left = (due: number, since: number) => calendar.toWorkTime(due) - calendar.toWorkTime(since);
      expect(left(later.dueAt, from + length)).toBe(left(run.dueAt, from));
      expect(later.dueAt).toBeGreaterThanOrEqual(run.dueAt);
    }),
  );
});

it('is extended by the working days granted, and 临近 at four fifths of the longer limit', () => {
  fc.assert(
    fc.property(moments, days, fc.integer({ min: 1, max: 10 }), (at, count, more) => {
      const longer = extendRun(startRun(at, workdays(count), calendar), more, calendar);
      const whole = startRun(at, workdays(count + more), calendar);
      expect(longer).toEqual(whole);
    }),
  );
});

it('reminds one working day before, one and five after the due time', () => {
  const due = Date.parse('2026-09-30T10:00:00+08:00');
  expect(remindersOf(due, calendar)).toEqual(
    ['2026-09-29T10:00:00+08:00', '2026-10-08T10:00:00+08:00', '2026-10-13T10:00:00+08:00'].map((at) => Date.parse(at)),
  );
});
