import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FLOW_OUTCOMES, flowReceiverSchema, handOverLegSchema, receiptNumberSchema } from '../domain/overlay/flow.ts';
import { formValueSchema, LIMITS, ticketSchema } from '../domain/ticket.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { idempotencyKeySchema, pageEndSchema, UNIT_PAGE_MAX, unitTicketSchema } from './units.contract.ts';

const epochMs = z.number().int().nonnegative();
const { title, content, demands, place, occurredAt, subject, urgency } = ticketSchema.shape.fields.shape;

/** A matter that went on to a receiver: 公安 by rule, or a service a call was handed over to. Times in epoch ms. */
const flowSchema = z.object({
  id: z.uuid(),
  receiver: flowReceiverSchema,
  /** The rule that sent it; null for a call that was handed over. */
  rule: z.object({ id: z.string(), version: z.number().int().positive() }).nullable(),
  ticket: z.object({ uid: ticketIdSchema, number: z.string(), acceptedAt: epochMs.nullable() }),
  /** What the rule names, and nothing else; of a call, what the service needs to come. */
  sent: z.object({
    category: z.object({ code: z.string(), names: z.array(z.string()) }).nullable(),
    title: title.optional(),
    content: content.optional(),
    place: place.optional(),
    occurredAt: occurredAt.optional(),
    urgency: urgency.optional(),
    subject: subject.optional(),
    demands: demands.optional(),
    /** Never of a caller who is kept secret. */
    caller: unitTicketSchema.shape.caller.optional(),
    answers: z.array(z.object({ field: z.string(), label: z.string(), value: formValueSchema })),
  }),
  /** The calls that were handed over, and what else was told. */
  told: z.array(z.object({ at: epochMs, text: z.string(), leg: handOverLegSchema.nullable() })),
  sentAt: epochMs,
  receipt: z.object({ number: z.string(), at: epochMs }).nullable(),
  result: z.object({ outcome: z.enum(FLOW_OUTCOMES), text: z.string(), at: epochMs }).nullable(),
  updatedAt: epochMs,
});
export type FlowRecord = z.infer<typeof flowSchema>;

export const flowPageSchema = z.object({
  flows: z.array(flowSchema),
  /** The next page of this list; null at its end. */
  next: z.string().nullable(),
  /** `changedSince` of the next look; it reaches back a little. */
  asOf: epochMs,
});

const base = oc.errors({
  BAD_INPUT: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  NOT_FOUND: { status: 404 },
  /** Nothing was changed: OVERLAY_DONE it was said before, OP_ID_TAKEN another content under the same Idempotency-Key. */
  FLOW_REFUSED: { status: 409, data: z.object({ reason: z.string() }) },
  RATE_LIMITED: { status: 429 },
  NOT_READY: { status: 503 },
});
const route = (method: 'GET' | 'POST', path: string, summary: string) =>
  ({
    method,
    path: `/flows${path}` as `/${string}`,
    tags: ['flows'],
    summary,
    spec: (operation: object) => ({ ...operation, security: [{ flowKey: [] }] }),
  }) as const;
const answer = <B extends z.ZodType>(path: string, summary: string, body: B) =>
  base
    .route({ ...route('POST', `/{id}${path}`, summary), inputStructure: 'detailed' })
    .input(
      z.object({
        params: z.strictObject({ id: z.uuid() }),
        query: z.strictObject({}).optional(),
        headers: z.object({ 'idempotency-key': idempotencyKeySchema }),
        body,
      }),
    )
    .output(flowSchema);

/** What receivers of 流转 and 移交 (公安, 110, 119, 120, 122) do from their own systems, each with a key of its own. */
export const flowsContract = {
  list: base
    .route(route('GET', '', 'What went to the receivers of the key, that which changed longest ago first'))
    .input(
      z.strictObject({
        /** `new` without a receipt, `received` with one, `open` without a result; all when left out. */
        state: z.enum(['new', 'received', 'open', 'done']).optional(),
        changedSince: z.coerce.number().int().nonnegative().optional(),
        after: pageEndSchema.optional(),
        limit: z.coerce.number().int().min(1).max(UNIT_PAGE_MAX).default(50),
      }),
    )
    .output(flowPageSchema),
  get: base
    .route(route('GET', '/{id}', 'One of them'))
    .input(z.strictObject({ id: z.uuid() }))
    .output(flowSchema),
  receive: answer(
    '/receipt',
    '签收: the receiver has it, under a number of its own',
    z.strictObject({ number: receiptNumberSchema }),
  ),
  finish: answer(
    '/result',
    '结果: what came of it, once',
    z.strictObject({
      outcome: z.enum(FLOW_OUTCOMES),
      text: textSchema(LIMITS.longText).refine((text) => text.trim() !== '', { message: 'empty' }),
    }),
  ),
};
