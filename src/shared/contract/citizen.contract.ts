import { z } from 'zod';
import { CITIZEN_FLAGS, citizenFieldsSchema } from '../domain/citizen.ts';
import { LIMITS, ticketSchema } from '../domain/ticket.ts';
import { ticketStatusSchema } from '../domain/ticket-status.ts';
import { citizenIdSchema, eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';

const epochMs = z.number().int().nonnegative();
const fields = citizenFieldsSchema.shape;

/** A record that was merged into the one that is shown. */
export const mergedRecordSchema = z.object({
  uid: citizenIdSchema,
  name: z.string(),
  phones: z.array(z.string()),
});

/** One call of a person. */
export const cardCallSchema = z.object({
  callId: z.string(),
  direction: z.enum(['in', 'out']),
  line: ticketSchema.shape.fields.shape.line,
  ringAt: epochMs,
  answeredAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
});

/** What somebody promised the person, and on which ticket. */
export const cardPromiseSchema = z.object({
  ticketUid: ticketIdSchema,
  text: z.string(),
  at: epochMs,
  byName: z.string(),
  dueAt: epochMs.nullable(),
  /** 兑现: it was said that it was kept. */
  kept: z.boolean(),
});
export type CardPromise = z.infer<typeof cardPromiseSchema>;

/** Why a caller counts as 重复来电: how many tickets in how many days, and how many of them about one matter. */
export const repeatReasonSchema = z.object({
  days: z.number().int(),
  count: z.number().int(),
  same: z
    .object({
      count: z.number().int(),
      categoryCode: z.string(),
      /** The one place of all of them, null when only the category is the same. */
      place: z.object({ divisionCode: z.string().nullable(), address: z.string() }).nullable(),
    })
    .nullable(),
});

/**
 * Changes to a person's record; what is not given stays. Phones that stay are named by their place in the record as it was shown, so
 * that a record can be changed by somebody who sees its numbers masked.
 */
export const personChangesSchema = z.strictObject({
  name: fields.name.optional(),
  gender: fields.gender.optional(),
  kind: fields.kind.optional(),
  /** 保密 is set like everything else; it goes off with `lift`. */
  confidential: z.literal(true).optional(),
  remark: fields.remark.optional(),
  ageBand: citizenFieldsSchema.shape.ageBand.unwrap().optional(),
  needs: citizenFieldsSchema.shape.needs.unwrap().optional(),
  phones: z
    .strictObject({
      /** The first one is called back. */
      kept: z.array(z.number().int().min(0).max(9)).max(10),
      added: z.array(textSchema(LIMITS.phone)).max(10),
    })
    .optional(),
  flags: z
    .strictObject({
      removed: z.array(eventIdSchema).max(20),
      added: z
        .array(z.strictObject({ kind: z.enum(CITIZEN_FLAGS), text: textSchema(200), until: epochMs.nullable() }))
        .max(20),
    })
    .optional(),
});
export type PersonChanges = z.infer<typeof personChangesSchema>;

export const savePersonSchema = z.strictObject({
  /** Null makes a new record. */
  uid: citizenIdSchema.nullable(),
  /** `updatedAt` of the record that was shown; 0 for a new one. */
  seenAt: epochMs,
  changes: personChangesSchema,
  /** Takes 保密 away, for a reason that is written down; for those only who see secret callers anyway. */
  lift: z.strictObject({ reason: textSchema(200).min(1) }).optional(),
});
export type SavePerson = z.infer<typeof savePersonSchema>;

/** What a timeline is made of. */
export const TIMELINE_KINDS = ['call', 'ticket', 'callback'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

const ticketRef = { ticketUid: ticketIdSchema, title: z.string() };
/** One moment in the history of a person, newest first: a call, a ticket, or that somebody called back or promised to. */
export const timelineEntrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.string(), at: epochMs, call: cardCallSchema }),
  z.object({
    kind: z.literal('ticket'),
    id: z.string(),
    at: epochMs,
    ...ticketRef,
    status: ticketStatusSchema,
    type: ticketSchema.shape.fields.shape.type,
    categoryCode: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('callback'),
    id: z.string(),
    at: epochMs,
    ...ticketRef,
    event: z.enum(['called', 'promise', 'status']),
    to: ticketStatusSchema.nullable(),
    text: z.string(),
    byName: z.string(),
    dueAt: epochMs.nullable(),
  }),
]);
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const timelineRequestSchema = z.strictObject({
  /** The person, or the number of somebody without a record. */
  uid: citizenIdSchema.nullable(),
  phone: textSchema(LIMITS.phone),
  kinds: z.array(z.enum(TIMELINE_KINDS)).min(1).max(TIMELINE_KINDS.length),
  limit: z.number().int().min(1).max(200).default(50),
  /** How many entries to pass over: the next page. */
  skip: z.number().int().min(0).max(10_000).default(0),
});
export type TimelineRequest = z.infer<typeof timelineRequestSchema>;
export const timelineSchema = z.object({ entries: z.array(timelineEntrySchema), more: z.boolean() });
