import { z } from 'zod';
import categoryFile from '#resources/categories.json' with { type: 'json' };
import presetFile from '#resources/clock-presets.json' with { type: 'json' };
import { type CategoryTree, listCategories } from '../category.ts';
import { clockPresetFileSchema } from './clock-preset.ts';
import { type ClockRules, createClockRules } from './clock-rules.ts';
import { shippedCalendar } from './shipped-calendar.ts';

let shipped: ClockRules | null = null;

/**
 * Calendar, presets and categories of this build, read when they are first asked for. Not for the window: it needs the calendar only.
 * @throws Error naming file and reason when the presets are not good
 */
export function shippedClockRules(): ClockRules {
  if (shipped) return shipped;
  const parsed = clockPresetFileSchema.safeParse(presetFile);
  if (!parsed.success) throw new Error(`resources/clock-presets.json: ${z.prettifyError(parsed.error)}`);
  const categories = listCategories(categoryFile as unknown as CategoryTree);
  const clocks = new Map(categories.map(({ code, clock }) => [code, clock]));
  shipped = createClockRules(parsed.data, shippedCalendar(), clocks);
  return shipped;
}
