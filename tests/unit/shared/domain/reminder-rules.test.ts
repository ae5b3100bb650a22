import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMINDER_DAYS } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { remindedAt, remindedSteps, remindedUntil } from '#shared/domain/reminder/reminder-rules.ts';
import { readReminderRules, shippedReminderRules } from '#shared/domain/reminder/shipped-reminder-rules.ts';

const calendar = shippedCalendar();
const moment = fc.integer({ min: Date.UTC(2025, 11, 1), max: Date.UTC(2026, 11, 31) });

describe('the last due time that is reminded of', () => {
  it('parts due times whose reminder has come from those whose has not, on days off and around holidays as well', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: -20 * 86_400_000, max: 20 * 86_400_000 }),
        fc.constantFrom(...REMINDER_DAYS),
        (now, by, days) => {
          const dueAt = now + by;
          return dueAt <= remindedUntil(now, days, calendar) === remindedAt(dueAt, days, calendar) <= now;
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('never falls back while time goes on', () => {
    fc.assert(
      fc.property(
        moment,
        fc.nat(86_400_000 * 10),
        fc.constantFrom(...REMINDER_DAYS),
        (now, later, days) => remindedUntil(now, days, calendar) <= remindedUntil(now + later, days, calendar),
      ),
    );
  });
});

describe('the rules for reminders', () => {
  it('tell 督办员 what is overdue, 派单员 and 班长 also what is about to be, and agents nothing', () => {
    const rules = shippedReminderRules();
    expect(remindedSteps(rules, 'supervisor')).toEqual([5, 1]);
    expect(remindedSteps(rules, 'dispatcher')).toEqual([5, 1, -1]);
    expect(remindedSteps(rules, 'lead')).toEqual([5, 1, -1]);
    expect(remindedSteps(rules, 'agent')).toEqual([]);
  });

  it('are refused with file and place when they are not good', () => {
    const rules = shippedReminderRules();
    const [step] = rules.steps;
    expect(() => readReminderRules({ ...rules, steps: [step, step] })).toThrow(/reminder-rules\.json.*twice/s);
    expect(() => readReminderRules({ ...rules, steps: [{ days: 2, roles: ['lead'] }] })).toThrow(/steps\[0\]\.days/);
  });
});
