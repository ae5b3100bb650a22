import { oc } from '@orpc/contract';
import { z } from 'zod';
import { coOrderSchema } from '../domain/co-order.ts';
import { callerSchema, LIMITS, ticketSchema } from '../domain/ticket.ts';
import { MOST_EXTENSION_DAYS, unitNameSchema } from '../domain/ticket-act.ts';
import { ticketHandlingSchema } from '../domain/ticket-handling.ts';
import { TICKET_STATUSES, ticketStatusSchema } from '../domain/ticket-status.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';

const epochMs = z.number().int().nonnegative();
const { type, title, content, demands, place, occurredAt, subject, urgency, markers } = ticketSchema.shape.fields.shape;

/** Most tickets in one page of a list. */
export const UNIT_PAGE_MAX = 200;

/** Where a page ended, as the next one is asked for: when the last of it changed, and its id. */
export const pageEndSchema = z
  .string()
  .regex(/^\d{1,15}\.[0-9a-f-]{36}$/)
  .refine((end) => z.uuid().safeParse(end.split('.')[1]).success, { message: 'not the end of a page' });

/** What happened to a ticket, as a handling unit reads it. */
const unitTicketStepSchema = z.object({
  at: epochMs,
  /** What was decided, or laid over the ticket (督办, 批示 …); null for what the centre does by rule, notes and reminders. */
  action: z.string().nullable(),
  kind: z.string(),
  from: ticketStatusSchema.nullable(),
  to: ticketStatusSchema.nullable(),
  /** The unit that did it; null for the centre. */
  unit: z.string().nullable(),
  /** Until when a 督办 or 批示 is to be done. */
  dueAt: epochMs.nullable(),
  /** Reason, reply, order, note (补充) or reminder (催办). */
  text: z.string(),
});

/** By whose event it began is the centre's own. */
const unitCoOrderSchema = coOrderSchema.omit({ id: true });

/** A ticket as a handling unit reads it. Times in epoch ms. */
export const unitTicketSchema = z.object({
  uid: ticketIdSchema,
  /** As people read and say it: 20261126-00060001. */
  number: z.string(),
  /** Grows with every change; goes back with what the unit does (`seen`). */
  version: z.number().int().positive(),
  status: ticketStatusSchema,
  /** 主办; null while nobody has it, which is read by a unit that a 督办 or 批示 names only. */
  unit: z.string().nullable(),
  /** 协办 */
  coUnits: z.array(z.string()),
  /** 协办单: what each 协办 has to do, and until when (null while nothing runs). */
  coOrders: z.array(unitCoOrderSchema),
  /** 1 with the first dispatch, one more after every approved return and every 重办. */
  round: z.number().int().nonnegative(),
  type,
  category: z.object({ code: z.string(), names: z.array(z.string()) }).nullable(),
  title,
  content,
  demands,
  urgency,
  markers,
  /** Of a caller who is kept secret, no closer than the district. */
  place,
  occurredAt,
  subject,
  /** Null for a caller who is kept secret: 保密, 匿名, line 12350. */
  caller: callerSchema.pick({ name: true, gender: true, kind: true, phone: true }).nullable(),
  acceptedAt: epochMs.nullable(),
  /** 签收: until when it has to be signed; null when it does not wait for that. */
  signBy: epochMs.nullable(),
  /** 退单: until when the unit may ask to give it back; null when it may not in this state, or no limit is known. */
  returnBy: epochMs.nullable(),
  /** 办结: until when it has to be answered. */
  dueAt: epochMs.nullable(),
  /** Working days of the extension that was granted; 0 for none. */
  extendedDays: z.number().int().nonnegative(),
  /** 退单 or 延期 that waits for an answer of the centre. */
  request: ticketHandlingSchema.shape.request.unwrap(),
  /** 等待市民补充: until when its limits stand still; null while they run. */
  waitingUntil: epochMs.nullable(),
  replies: ticketSchema.shape.replies,
  updatedAt: epochMs,
});
export type UnitTicket = z.infer<typeof unitTicketSchema>;

/** With what happened to it, oldest first. */
export const unitTicketDetailSchema = unitTicketSchema.extend({
  /** With what was asked of it and what it answered, for the 主办 to make one reply of. */
  coOrders: z.array(
    unitCoOrderSchema.extend({
      asked: z.string(),
      answer: z.object({ at: epochMs, text: z.string() }).nullable(),
    }),
  ),
  steps: z.array(unitTicketStepSchema),
});
export type UnitTicketDetail = z.infer<typeof unitTicketDetailSchema>;

export const unitTicketPageSchema = z.object({
  tickets: z.array(unitTicketSchema),
  /** The next page of this list; null at its end. */
  next: z.string().nullable(),
  /**
   * `changedSince` of the next look. It reaches back a little, so that nothing is missed that was being written: tickets that are known
   * with their version come again.
   */
  asOf: epochMs,
});

/** What the unit saw when it decided: of a ticket that somebody else decided about since, nothing is changed. */
const seenSchema = z.strictObject({ status: ticketStatusSchema, version: z.number().int().positive() });
const words = textSchema(LIMITS.longText).refine((text) => text.trim() !== '', { message: 'empty' });

/** Where the ticket stands after an action. A repeated Idempotency-Key does nothing again. */
export const unitActedSchema = z.object({
  uid: ticketIdSchema,
  status: ticketStatusSchema,
  version: z.number().int().positive(),
  dueAt: epochMs.nullable(),
});
export type UnitActed = z.infer<typeof unitActedSchema>;

/** A file of a reply, uploaded before at /attachments/uploads. */
const fileSchema = z.strictObject({
  name: textSchema(200).regex(/^[^/\\\p{Cc}]+$/u),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** Most files of one reply. */
const MOST_FILES = 10;

/** Printable, as headers are. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{8,200}$/);

/** As whom: 主办, or 协办 with its own 协办单; `unit` tells several units of one key apart that help with the same ticket. */
const partSchema = z.strictObject({ as: z.enum(['lead', 'co']).default('lead'), unit: unitNameSchema.optional() });

const actInput = <B extends z.ZodType, Q extends z.ZodType>(body: B, query: Q) =>
  z.object({
    params: z.strictObject({ uid: ticketIdSchema }),
    query,
    /** One key for one action, sent again with each retry. */
    headers: z.object({ 'idempotency-key': idempotencyKeySchema }),
    body,
  });

const base = oc.errors({
  BAD_INPUT: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  NOT_FOUND: { status: 404 },
  /** Nothing was changed; `reason` says why, `status` and `version` where the ticket stands. */
  ACT_REFUSED: {
    status: 409,
    data: z.object({ reason: z.string(), status: ticketStatusSchema, version: z.number().int().positive() }),
  },
  /** A file of the reply that was not uploaded before. */
  ATTACHMENT_MISSING: { status: 409, data: z.object({ sha256: z.string() }) },
  /** More requests of one key than a server takes; Retry-After says when the next one is taken. */
  RATE_LIMITED: { status: 429 },
  NOT_READY: { status: 503 },
});

const route = (method: 'GET' | 'POST', path: `/${string}`, summary: string) =>
  ({
    method,
    path: `/unit/tickets${path === '/' ? '' : path}` as `/${string}`,
    tags: ['unit'],
    summary,
    spec: (operation: object) => ({ ...operation, security: [{ unitKey: [] }] }),
  }) as const;
const act = (path: `/${string}`, summary: string) =>
  ({ ...route('POST', `/{uid}${path}`, summary), inputStructure: 'detailed' }) as const;

const statusList = z
  .string()
  .max(300)
  .transform((list) => list.split(','))
  .pipe(z.array(z.enum(TICKET_STATUSES)).min(1));

/** What handling units (承办单位) do from their own systems, each with a key of its own. */
export const unitsContract = {
  list: base
    .route(route('GET', '/', 'Tickets of the own units, those that changed longest ago first'))
    .input(
      z.strictObject({
        /** Tickets the units answer (lead, 主办), help with (co, 协办), or are named on by an open 督办 or 批示 (order). */
        as: z.enum(['lead', 'co', 'order']).default('lead'),
        /** States with commas between them (to_sign,handling); all when left out. */
        status: statusList.optional(),
        /** Epoch ms; `asOf` of the last look. */
        changedSince: z.coerce.number().int().nonnegative().optional(),
        /** `next` of the page before. */
        after: pageEndSchema.optional(),
        limit: z.coerce.number().int().min(1).max(UNIT_PAGE_MAX).default(50),
      }),
    )
    .output(unitTicketPageSchema),
  get: base
    .route(route('GET', '/{uid}', 'One ticket with what happened to it'))
    .input(z.strictObject({ uid: ticketIdSchema }))
    .output(unitTicketDetailSchema),
  sign: base
    .route(act('/sign', '签收: the unit takes the ticket, or its part of it, on'))
    .input(actInput(z.strictObject({ seen: seenSchema }), partSchema.default({ as: 'lead' })))
    .output(unitActedSchema),
  askReturn: base
    .route(act('/return', '申请退单: the unit asks the centre to send it to somebody else; a 协办 gives its part back'))
    .input(actInput(z.strictObject({ seen: seenSchema, reason: words }), partSchema.default({ as: 'lead' })))
    .output(unitActedSchema),
  askExtension: base
    .route(act('/extension', '申请延期: the unit asks for more working days, once'))
    .input(
      actInput(
        z.strictObject({ seen: seenSchema, reason: words, days: z.number().int().min(1).max(MOST_EXTENSION_DAYS) }),
        z.strictObject({}).optional(),
      ),
    )
    .output(unitActedSchema),
  wait: base
    .route(act('/wait', '等待市民补充: the limits stand still until the citizen has answered, or until then'))
    .input(actInput(z.strictObject({ seen: seenSchema, reason: words, until: epochMs }), z.strictObject({}).optional()))
    .output(unitActedSchema),
  resume: base
    .route(act('/resume', '结束等待: what was waited for is there, the limits go on'))
    .input(actInput(z.strictObject({ seen: seenSchema, reason: words }), z.strictObject({}).optional()))
    .output(unitActedSchema),
  reply: base
    .route(
      act('/reply', '办结答复: what is told to the citizen; the 回访 follows. Of a 协办: what it answers to the 主办'),
    )
    .input(
      actInput(
        z.strictObject({
          seen: seenSchema,
          text: words,
          files: z.array(fileSchema).max(MOST_FILES).default([]),
          /** 主办 only: why the citizen is answered although a 协办 still owes its part. */
          withoutCo: textSchema(500)
            .refine((text) => text.trim() !== '', { message: 'empty' })
            .optional(),
        }),
        partSchema.default({ as: 'lead' }),
      ),
    )
    .output(unitActedSchema),
};
