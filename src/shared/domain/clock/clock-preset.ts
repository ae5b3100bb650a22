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

const terms = {
  /** How long a 退单 waits for an answer before it counts as refused. */
  returnAnswer: clockSpanSchema,
  /** 回访 after the answer. */
  callback: clockSpanSchema,
  /** 消险 of a preset that names no time for it, and of what is urgent. */
  makeSafe: clockSpanSchema,
  makeSafeUrgent: clockSpanSchema,
  /** Longest 延期, in working days. */
  extensionDays: z.number().int().min(1).max(10),
  /** The longest that is waited for a citizen at once, in days. */
  waitDays: z.number().int().min(1).max(365),
  /** How often a unit may let its own limits stand still in one round of handling, without anybody's approval, and for how many days in all. */
  unitWaits: z.number().int().nonnegative(),
  unitWaitDays: z.number().int().nonnegative(),
};
const clockTermsSchema = z.strictObject(terms);
/** Times that are the same for every kind of matter. */
export type ClockTerms = z.infer<typeof clockTermsSchema>;

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
  /** What it does differently for every kind of matter. */
  terms: clockTermsSchema.partial().optional(),
});

/** The file resources/clock-presets.json. The first set is the one of centres that chose none. */
export const clockPresetFileSchema = z
  .strictObject({
    version: z.number().int().positive(),
    terms: clockTermsSchema.extend({ source: z.string().min(1) }),
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

/** The terms as a set has them. */
export function termsOfSet(
  { terms: { source: _, ...usual } }: ClockPresetFile,
  set: ClockPresetFile['sets'][number],
): ClockTerms {
  return { ...usual, ...set.terms } as ClockTerms;
}
