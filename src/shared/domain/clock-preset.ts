import { z } from 'zod';

/** Working days need a calendar with holidays and make-up days; minutes and hours run through. */
const spanSchema = z.strictObject({
  value: z.number().int().positive(),
  unit: z.enum(['minute', 'hour', 'workday']),
});
export type ClockSpan = z.infer<typeof spanSchema>;

/** Limits of one kind of matter, counted from acceptance. Data only: due times wait for the calendar. */
const clockPresetSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string().min(1),
  en: z.string().min(1),
  /** 派单, null when the centre itself handles it. */
  dispatch: spanSchema.nullable(),
  /** 签收 */
  sign: spanSchema.nullable(),
  /** 到场 */
  onSite: spanSchema.nullable(),
  /** 消险: first stage of a two-stage closure. */
  makeSafe: spanSchema.nullable(),
  /** 办结 */
  close: spanSchema,
  /** Where each number comes from. Numbers without a public source are our defaults, and say so. */
  source: z.string().min(1),
});
export type ClockPreset = z.infer<typeof clockPresetSchema>;

/** The file resources/clock-presets.json. */
export const clockPresetFileSchema = z.strictObject({
  version: z.number().int().positive(),
  presets: z.array(clockPresetSchema).min(1),
});
export type ClockPresetFile = z.infer<typeof clockPresetFileSchema>;
