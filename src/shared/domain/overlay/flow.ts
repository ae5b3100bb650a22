import { z } from 'zod';
import { textSchema } from '../../kernel/text.ts';

/**
 * Who matters of the hotline go on to beside its own units: 公安 by rule (流转), and the services a call was handed over to (移交,
 * 国办发〔2022〕12号). Each has a ticket once.
 */
export const FLOW_RECEIVERS = ['police', '110', '119', '120', '122'] as const;
export type FlowReceiver = (typeof FLOW_RECEIVERS)[number];
export const flowReceiverSchema = z.enum(FLOW_RECEIVERS);

/** Under which name a receiver's own system writes on a ticket. */
export const RECEIVER_NAMES: Readonly<Record<FlowReceiver, string>> = {
  police: '公安机关',
  110: '110 报警服务台',
  119: '119 消防救援',
  120: '120 急救中心',
  122: '122 交通事故报警',
};

/** What came of it: 已整改 已查处 已到场处置 不属实 转其他部门 其他. */
export const FLOW_OUTCOMES = ['rectified', 'punished', 'attended', 'unfounded', 'passed_on', 'other'] as const;
export type FlowOutcome = (typeof FLOW_OUTCOMES)[number];

/** 签收: the number the receiver keeps it under. */
export const receiptNumberSchema = textSchema(60).refine((number) => number.trim() !== '', { message: 'empty' });
const epochMs = z.number().int().nonnegative();

/** The part of a call in which the service was there: when it was called, answered, and was left alone with the citizen or hung up. */
export const handOverLegSchema = z.strictObject({
  callId: z.uuid(),
  startedAt: epochMs,
  answeredAt: epochMs,
  endedAt: epochMs,
});
export type HandOverLeg = z.infer<typeof handOverLegSchema>;

/**
 * Steps of a 流转 or 移交: `flow` it was sent by rule, or would have been where the city has not enabled it; `hand_over` a call that was handed over,
 * or (without one) what else was told; 签收 and its result.
 */
export const flowSteps = [
  z.strictObject({
    step: z.literal('flow'),
    receiver: flowReceiverSchema,
    rule: z.strictObject({ id: z.string().regex(/^[a-z-]{1,40}$/), version: z.number().int().positive() }),
    isEnabled: z.boolean(),
  }),
  z.strictObject({ step: z.literal('hand_over'), receiver: flowReceiverSchema, leg: handOverLegSchema.nullable() }),
  z.strictObject({ step: z.literal('flow_receipt'), receiver: flowReceiverSchema, number: receiptNumberSchema }),
  z.strictObject({ step: z.literal('flow_result'), receiver: flowReceiverSchema, outcome: z.enum(FLOW_OUTCOMES) }),
] as const;
