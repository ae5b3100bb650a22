import { z } from 'zod';
import { CITIZEN_FLAGS, citizenFieldsSchema, citizenSchema } from '../domain/citizen.ts';
import { clockSummarySchema } from '../domain/clock/clock-summary.ts';
import { LIMITS, ticketSchema } from '../domain/ticket.ts';
import { ticketStatusSchema } from '../domain/ticket-status.ts';
import { callIdSchema, citizenIdSchema, eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { olderHistorySchema } from './coverage.contract.ts';
import { base, ok } from './procedure.ts';
import { ticketSummarySchema } from './tickets.contract.ts';

const epochMs = z.number().int().nonnegative();
const fields = citizenFieldsSchema.shape;

/** A record that was merged into the one that is shown. */
export const mergedRecordSchema = z.object({
  uid: citizenIdSchema,
  name: z.string(),
  phones: z.array(z.string()),
});

/** One call of a person. Of a call at another seat is told what the ticket says that was made in it, maybe before it ended. */
export const cardCallSchema = z.object({
  callId: z.string(),
  direction: z.enum(['in', 'out']),
  line: ticketSchema.shape.fields.shape.line,
  ringAt: epochMs,
  answeredAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** Who wrote a ticket in it at another seat; null for a call of this console. */
  takenBy: z.string().nullable(),
});
export type CardCall = z.infer<typeof cardCallSchema>;

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
    clock: clockSummarySchema.nullable(),
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

/** A found person. */
export const personHitSchema = z.object({
  uid: citizenIdSchema,
  name: z.string(),
  gender: citizenSchema.shape.fields.shape.gender,
  kind: citizenSchema.shape.fields.shape.kind,
  phones: z.array(z.string()),
  confidential: z.boolean(),
  remark: z.string(),
  masked: z.boolean(),
  /** Tickets under their numbers: all, and those not finished. */
  tickets: z.number().int(),
  open: z.number().int(),
  marks: z.array(z.string()),
});
export type PersonHit = z.infer<typeof personHitSchema>;

/** What the citizen panel shows at the first ring. */
export const callerCardSchema = z.object({
  phone: z.string(),
  citizen: citizenSchema.nullable(),
  /** The person is kept secret from this user: name and numbers are masked. */
  masked: z.boolean(),
  /** Something this console did to the record is not confirmed by the server. */
  unconfirmed: z.boolean(),
  /** Somebody known under the number asked for 保密. */
  confidential: z.boolean(),
  /** Records that were merged into this person. */
  merged: z.array(mergedRecordSchema),
  /** Other people known under the same number. */
  alsoKnown: z.array(z.object({ uid: z.string(), name: z.string() })),
  /** The last ones, newest first. */
  tickets: z.array(ticketSummarySchema),
  /** Those nobody has finished, whatever their age; newest first. */
  open: z.array(ticketSummarySchema),
  calls: z.array(cardCallSchema),
  promise: cardPromiseSchema.nullable(),
  repeat: repeatReasonSchema.nullable(),
  totals: z.object({
    tickets: z.number().int(),
    open: z.number().int(),
    last30Days: z.number().int(),
    calls: z.number().int(),
  }),
});
export type CallerCard = z.infer<typeof callerCardSchema>;

export const citizensContract = {
  /** The card of a number. With the call that is going on, counted is what was before it. */
  lookup: base
    .input(z.strictObject({ phone: textSchema(LIMITS.phone), callId: callIdSchema.optional() }))
    .output(callerCardSchema),
  /** The card of a person, as at a ring; of the one who stands for them when they were merged. */
  get: base.input(z.strictObject({ uid: citizenIdSchema })).output(callerCardSchema),
  /** Fetches a person's (or number's) tickets that are older than what this computer holds; they are in card and timeline then. */
  older: base
    .input(z.union([z.strictObject({ uid: citizenIdSchema }), z.strictObject({ phone: textSchema(LIMITS.phone) })]))
    .output(olderHistorySchema),
  /** Calls, tickets and callbacks of a person, newest first. */
  timeline: base.input(timelineRequestSchema).output(timelineSchema),
  /** Writes a person's record, at once here and queued for the server. */
  save: base.input(savePersonSchema).output(z.object({ uid: citizenIdSchema })),
  /** Says that two records are one person: `into` stands for both from now on. Nothing is moved, so it can be taken back. */
  merge: base.input(z.strictObject({ uid: citizenIdSchema, into: citizenIdSchema })).output(ok),
  /** Takes a merge back. */
  split: base.input(z.strictObject({ uid: citizenIdSchema })).output(ok),
  /** People by name, 拼音 or initials of the name, any part of a phone number, remark. `incomplete`: more fit than are given. */
  search: base
    .input(z.strictObject({ query: textSchema(200), limit: z.number().int().min(1).max(50).default(10) }))
    .output(z.object({ persons: z.array(personHitSchema), incomplete: z.boolean() })),
};
