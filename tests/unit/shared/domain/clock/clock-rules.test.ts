import { expect, test } from 'vitest';
import presetFile from '#resources/clock-presets.json' with { type: 'json' };
import { clockPresetFileSchema } from '#shared/domain/clock/clock-preset.ts';
import { createClockRules } from '#shared/domain/clock/clock-rules.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import type { Urgency } from '#shared/domain/ticket.ts';

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
