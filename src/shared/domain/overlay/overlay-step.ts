import { z } from 'zod';
import { eventIdSchema } from '../../kernel/ids.ts';
import { textSchema } from '../../kernel/text.ts';
import { clockSpanSchema } from '../clock/clock-preset.ts';
import { clockRunSchema } from '../clock/clock-run.ts';
import { flowSteps } from './flow.ts';
import { reviewMembersSchema, reviewRecordSchema } from './review-record.ts';
import { waitSteps } from './waiting.ts';

const epochMs = z.number().int().nonnegative();
const nameSchema = textSchema(60).refine((name) => name.trim() !== '', { message: 'empty' });

/** 省 → 市 → 区县/街道: the levels a 督办 goes down, the highest first. */
export const ORDER_LEVELS = ['province', 'city', 'district'] as const;
export type OrderLevel = (typeof ORDER_LEVELS)[number];

/** Who wants it done: a 督办 comes from a level, a 批示 from a person on a day. */
export const orderSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('supervision'), level: z.enum(ORDER_LEVELS) }),
  z.strictObject({ kind: z.literal('instruction'), author: nameSchema, writtenAt: epochMs }),
]);
export type OrderSource = z.infer<typeof orderSourceSchema>;

/** Most of a unit of time that an order may be given. */
const MOST_ORDER_TIME = 365;

const order = {
  step: z.literal('order'),
  source: orderSourceSchema,
  unit: nameSchema,
  /** Its own time, whatever the ticket's limits are. */
  limit: clockSpanSchema.refine(({ value }) => value <= MOST_ORDER_TIME, { path: ['value'] }),
  /** SHA-256 of its scan, a file of the ticket; left out of an order that came without paper. */
  scan: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};
const further = [
  z.strictObject({ step: z.literal('progress'), ref: eventIdSchema, milestoneAt: epochMs.optional() }),
  z.strictObject({ step: z.literal('finish'), ref: eventIdSchema }),
  z.strictObject({ step: z.literal('unclear') }),
  z.strictObject({ step: z.literal('made_safe'), at: epochMs }),
  z.strictObject({
    step: z.literal('review_open'),
    members: reviewMembersSchema,
    plannedAt: epochMs,
    ref: eventIdSchema.optional(),
  }),
  z.strictObject({ step: z.literal('review'), review: reviewRecordSchema }),
  z.strictObject({ step: z.literal('owned'), owner: nameSchema }),
  z.strictObject({ step: z.literal('measure'), unit: nameSchema, dueAt: epochMs }),
  z.strictObject({ step: z.literal('measure_done'), ref: eventIdSchema }),
  z.strictObject({ step: z.literal('announced'), at: epochMs, where: nameSchema }),
  z.strictObject({ step: z.literal('co_order'), unit: nameSchema, dueAt: epochMs.nullable() }),
  z.strictObject({ step: z.literal('co_withdraw'), unit: nameSchema, ref: eventIdSchema.optional() }),
  z.strictObject({ step: z.literal('co_sign'), unit: nameSchema }),
  z.strictObject({ step: z.literal('co_return'), unit: nameSchema }),
  z.strictObject({ step: z.literal('co_answer'), unit: nameSchema }),
  ...waitSteps,
  ...flowSteps,
] as const;

/**
 * What somebody lays over a ticket, without the words; none of it changes the state, and but for 等待 the limits under it: 督办 or 批示, 进展 (`milestoneAt`: a milestone, and when it was reached) and 办结 of one,
 * 权属不清 of a ticket that has a unit, 消险, 联席研判 opened (`ref`: the opening that this one moves) and with its record, 确权, a further measure and its end; what was announced to the public (`where`: through which channel); a 协办单 to a unit, taken back, signed,
 * returned, answered; 等待市民补充 and its end; 流转 and 移交. `ref` names the event it is about
 * (what ends a 等待 or a 协办单 may leave it out), `unit` of a 协办单 whose it is.
 */
export const overlayStepSchema = z.discriminatedUnion('step', [z.strictObject(order), ...further]);
export type OverlayStep = z.infer<typeof overlayStepSchema>;
export type OverlayKind = OverlayStep['step'];
export const OVERLAY_KINDS: readonly OverlayKind[] = overlayStepSchema.options.map(({ shape }) => shape.step.value);

/** The event a step is about; empty for one that stands for itself. */
export function refOf(step: OverlayStep): string {
  return 'ref' in step ? (step.ref ?? '') : '';
}

const runSchema = clockRunSchema.pick({ startedAt: true, nearAt: true, dueAt: true, scale: true, calendar: true });

/** The same as it stays in the ticket's history: an order with the times that were set when it was taken. */
export const overlaySchema = z.discriminatedUnion('step', [z.strictObject({ ...order, run: runSchema }), ...further]);
export type Overlay = z.infer<typeof overlaySchema>;
export type OverlayOf<K extends OverlayKind> = Extract<Overlay, { step: K }>;
