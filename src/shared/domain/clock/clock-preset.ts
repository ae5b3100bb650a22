import { z } from 'zod';

/** Minutes, hours and days run through; working days follow the calendar with its holidays and make-up days. */
export const clockSpanSchema = z.strictObject({
  value: z.number().int().positive(),
  unit: z.enum(['minute', 'hour', 'day', 'workday']),
});
export type ClockSpan = z.infer<typeof clockSpanSchema>;

const presetIdSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const limits = {
  /** 派单, null when the centre itself handles it. */
  dispatch: clockSpanSchema.nullable(),
  /** 签收 */
  sign: clockSpanSchema.nullable(),
  /** 退单: from then on after its dispatch a unit keeps it; null when no unit has it. */
  return: clockSpanSchema.nullable(),
  /** 到场 */
  onSite: clockSpanSchema.nullable(),
  /** 消险: first stage of a two-stage closure. */
  makeSafe: clockSpanSchema.nullable(),
  /** 办结 */
  close: clockSpanSchema,
};

/** Limits of one kind of matter. The close limit counts from acceptance, those of a stage from its beginning. */
const clockPresetSchema = z.strictObject({
  id: presetIdSchema,
  name: z.string().min(1),
  en: z.string().min(1),
  ...limits,
  /** Where each number comes from. Numbers without a public source are our defaults, and say so. */
  source: z.string().min(1),
});
export type ClockPreset = z.infer<typeof clockPresetSchema>;

/** What a city does differently for one kind of matter. */
const presetChangeSchema = z
  .strictObject({ preset: presetIdSchema, ...limits })
  .partial()
  .required({ preset: true });

/** Limits of a city that a centre can choose. */
const presetSetSchema = z.strictObject({
  id: presetIdSchema,
  name: z.string().min(1),
  en: z.string().min(1),
  source: z.string().min(1),
  changes: z.array(presetChangeSchema),
});

/** The file resources/clock-presets.json. The first set is the one of centres that chose none. */
export const clockPresetFileSchema = z
  .strictObject({
    version: z.number().int().positive(),
    presets: z.array(clockPresetSchema).min(1),
    sets: z.array(presetSetSchema).min(1),
  })
  .superRefine(({ presets, sets }, ctx) => {
    const ids = new Set(presets.map(({ id }) => id));
    sets.forEach(({ changes }, set) => {
      changes.forEach(({ preset }, change) => {
        if (ids.has(preset)) return;
        ctx.addIssue({ code: 'custom', path: ['sets', set, 'changes', change, 'preset'], message: 'is no preset' });
      });
    });
  });
export type ClockPresetFile = z.infer<typeof clockPresetFileSchema>;

/** The presets as a set has them, by id. */
export function presetsOfSet(
  file: ClockPresetFile,
  set: ClockPresetFile['sets'][number],
): ReadonlyMap<string, ClockPreset> {
  const changes = new Map(set.changes.map(({ preset, ...change }) => [preset, change]));
  return new Map(
    file.presets.map((preset) => {
      const change = changes.get(preset.id);
      return [preset.id, change ? ({ ...preset, ...change, source: set.source } as ClockPreset) : preset];
    }),
  );
}
