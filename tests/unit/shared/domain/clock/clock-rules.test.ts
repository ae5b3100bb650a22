import { expect, test } from 'vitest';
import presetFile from '#resources/clock-presets.json' with { type: 'json' };
import { formatBeijing } from '#shared/domain/beijing-time.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { clockPresetFileSchema } from '#shared/domain/clock/clock-preset.ts';
import { createClockRules } from '#shared/domain/clock/clock-rules.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { startMakeSafe } from '#shared/domain/clock/make-safe-clock.ts';
import { returnAnswerRun } from '#shared/domain/clock/return-answer.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { Urgency } from '#shared/domain/ticket.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { beijing } from '#tests/support/beijing.ts';

const file = clockPresetFileSchema.parse(presetFile);
const byCode = new Map(file.presets.map(({ id }) => [id, id]));
const rules = createClockRules(file, shippedCalendar(), byCode);

test.each<[string, Urgency, string]>([
  ['consult-3wd', 'urgent', 'urgent-2h'],
  ['ordinary-5wd', 'urgent', 'urgent-2h'],
  // Dispatched and signed within a working day: nobody in danger waits for that.
  ['two-stage-15wd', 'urgent', 'urgent-2h'],
  ['two-stage-15wd', 'critical', 'life-15min'],
  ['utility-30min', 'urgent', 'utility-30min'],
  ['utility-30min', 'critical', 'life-15min'],
  ['urgent-2h', 'critical', 'life-15min'],
  ['life-15min', 'urgent', 'life-15min'],
  // Nobody dispatches or signs it.
  ['centre-3wd', 'critical', 'centre-3wd'],
  ['two-stage-15wd', 'normal', 'two-stage-15wd'],
])('%s marked as %s has the limits of %s', (categoryCode, urgency, preset) => {
  expect(rules.choosePreset({ categoryCode, type: 'complaint', urgency })).toBe(preset);
});

test.each(['consult-3wd', 'ordinary-5wd', 'urgent-2h', 'life-15min', 'utility-30min'])(
  'a file without %s, which rules or categories name, is refused by name',
  (id) => {
    const less = { ...file, presets: file.presets.filter((preset) => preset.id !== id) };
    expect(() => createClockRules(less, shippedCalendar(), byCode)).toThrow(id);
  },
);

test('times that are the same for every kind of matter are a city’s own, too: 退单, 回访, 消险, 等待', () => {
  const terms = {
    returnAnswer: { value: 4, unit: 'hour' },
    callback: { value: 2, unit: 'workday' },
    makeSafe: { value: 6, unit: 'hour' },
    waitDays: 7,
  } as const;
  const [jiangsu, ...others] = file.sets;
  if (!jiangsu) throw new Error('no set');
  const city = { ...jiangsu, id: 'city', terms };
  const own = createClockRules({ ...file, sets: [jiangsu, ...others, city] }, shippedCalendar(), byCode);
  const usual = own.termsOf('jiangsu');
  expect(own.termsOf('city')).toEqual({ ...usual, ...terms });
  // Of a set this build does not know, and of none, those of the default set.
  expect([own.termsOf('elsewhere'), own.termsOf(undefined)]).toEqual([usual, usual]);

  const asked = beijing('2026-03-02 10:00');
  const dueOf = (set: string) => formatBeijing(returnAnswerRun(asked, set, own).dueAt);
  expect([dueOf('jiangsu'), dueOf('city')]).toEqual(['2026-03-04 10:00', '2026-03-02 14:00']);
  const matter = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;
  const facts = { clocks: null, acceptedAt: asked, matter };
  const calledBy = (set: string) => {
    const answered = clocksAfter({ ...facts, set }, { kind: 'reply' }, asked, own);
    return answered?.run && formatBeijing(answered.run.dueAt);
  };
  expect([calledBy('jiangsu'), calledBy('city')]).toEqual(['2026-03-03 10:00', '2026-03-04 10:00']);
  const safeBy = (set: string) => {
    const clocks = clocksAfter({ ...facts, set }, { kind: 'dispatch' }, asked, own);
    return startMakeSafe(clocks, matter, asked, own)?.orders.map(({ dueAt }) => formatBeijing(dueAt));
  };
  expect([safeBy('jiangsu'), safeBy('city')]).toEqual([['2026-03-03 10:00'], ['2026-03-02 16:00']]);

  // Nobody waits for a citizen longer than that city does.
  const waits = (set: string, days: number) => {
    const clocks = clocksAfter({ ...facts, set }, { kind: 'dispatch' }, asked, own);
    const held = {
      status: 'handling',
      unit: '鼓楼区城管局',
      handling: undefined,
      clocks,
      overlays: [],
      matter,
    } as const;
    const step = { step: 'wait', until: asked + days * DAY_MS } as const;
    const taken = takeOverlay(held, newId<EventId>(asked), step, '请补充', { role: 'lead', name: '王敏' }, asked, own);
    return taken.ok ? 'taken' : taken.error;
  };
  expect([waits('jiangsu', 8), waits('city', 8), waits('city', 7)]).toEqual(['taken', 'WAIT_TOO_LONG', 'taken']);
});
