import { z } from 'zod';
import { clockSummarySchema } from '../domain/clock/clock-summary.ts';
import { MERGE_REFUSALS } from '../domain/merge-tickets.ts';
import { flowReceiverSchema } from '../domain/overlay/flow.ts';
import { OVERLAY_KINDS, orderSourceSchema, overlayStepSchema } from '../domain/overlay/overlay-step.ts';
import { teamSchema } from '../domain/team.ts';
import { LIMITS, NOTE_KINDS, ticketSchema } from '../domain/ticket.ts';
import { ACCOUNT_CAUSES, ACT_ACTIONS, ticketActSchema } from '../domain/ticket-act.ts';
import { ticketAmendmentSchema } from '../domain/ticket-amendment.ts';
import { TICKET_STATUSES, ticketStatusSchema } from '../domain/ticket-status.ts';
import { TICKET_SORTS } from '../domain/ticket-view.ts';
import { COUNTED_QUEUES } from '../domain/work-queue.ts';
import { eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { olderHistorySchema } from './coverage.contract.ts';
import { base, idsPage, idsSchema, ok, rowsInputSchema } from './procedure.ts';

/** Where a ticket stands with the server. */
const standing = {
  /** True while an operation of this console on the ticket is not confirmed by the server. */
  pending: z.boolean(),
  /** The operation the server refused, and why: `ticket.create` when it did not take the ticket at all. */
  refused: z.object({ kind: z.string(), code: z.string(), detail: z.string() }).nullable(),
};

/** One line of a ticket list. */
export const ticketSummarySchema = z.object({
  uid: ticketIdSchema,
  number: z.number().int().positive().nullable(),
  provisionalNo: z.string(),
  status: ticketStatusSchema,
  type: ticketSchema.shape.fields.shape.type,
  categoryCode: z.string().nullable(),
  title: z.string(),
  /** Start of the content (or the passage a search found), at most 120 characters. */
  excerpt: z.string(),
  callerName: z.string(),
  callerPhone: z.string(),
  divisionCode: z.string().nullable(),
  address: z.string(),
  urgency: ticketSchema.shape.fields.shape.urgency,
  line: ticketSchema.shape.fields.shape.line,
  createdAt: z.number().int(),
  acceptedAt: z.number().int().nullable(),
  createdByName: z.string(),
  dueAt: z.number().int().nullable(),
  clock: clockSummarySchema.nullable(),
  /** Handling unit after dispatch. */
  unit: z.string().nullable(),
  /** Units whose 退单 was approved. */
  returnedBy: z.array(z.string()),
  /** The 母单 a seat proposes it under. */
  proposedUnder: ticketIdSchema.nullable(),
  /** Tickets that are worked on as part of this one. */
  children: z.number().int().nonnegative(),
  /** Of a 回访: how often the citizen was called in vain, and from when on to try again (null: at once). */
  attempts: z.number().int().nonnegative(),
  callFrom: z.number().int().nullable(),
  /** Who brought it into its state, what they wrote (at most 120 characters), and the days an extension asks for. */
  step: z
    .object({ at: z.number().int(), byName: z.string(), text: z.string(), days: z.number().int().nullable() })
    .nullable(),
  /** 督办 and 批示 that are open: how many, who wants the one that is due first, and its time. */
  orders: z
    .object({
      count: z.number().int().positive(),
      source: orderSourceSchema,
      clock: clockSummarySchema,
    })
    .nullable(),
  /** 协办单 that hold, and how many of them are not answered; null for none. */
  coOrders: z.object({ count: z.number().int().positive(), open: z.number().int().nonnegative() }).nullable(),
  /** The oldest 流转 or 移交 without a result, and whether its receiver has signed for it; null when nothing lies elsewhere. */
  flow: z.object({ receiver: flowReceiverSchema, sentAt: z.number().int(), isReceived: z.boolean() }).nullable(),
  /** 挂账: why, where that was said, and when it is looked at again; null for what is not on account. */
  account: z.object({ cause: z.enum(ACCOUNT_CAUSES).nullable(), reviewAt: z.number().int() }).nullable(),
  /** Until when it waits for its citizen; null for nobody. */
  awaitedUntil: z.number().int().nullable(),
  /** What is still open of the two stages of a ticket whose owner is not clear. */
  stage: z.enum(['make_safe', 'own']).nullable(),
  ...standing,
  /** The caller is kept secret from this user: name, number and place are masked. */
  masked: z.boolean(),
  /** It is older than what this computer holds, and was fetched or kept for a while. */
  outside: z.boolean(),
});
export type TicketSummary = z.infer<typeof ticketSummarySchema>;

/** What a list of tickets is narrowed to; everything that is given has to fit. */
export const ticketFilterSchema = z.strictObject({
  statuses: z.array(ticketStatusSchema).min(1).max(TICKET_STATUSES.length).optional(),
  /** A category of any level: two, four or six digits. */
  category: z
    .string()
    .regex(/^\d{2}(\d{2}){0,2}$/)
    .optional(),
  /** A province, city, district or street, with everything inside it. */
  division: z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .optional(),
  /** Handling units by name. */
  units: z.array(textSchema(LIMITS.name)).min(1).max(50).optional(),
  /** Agents as `tickets.filterChoices` names them. */
  agents: z
    .array(textSchema(LIMITS.name + 1))
    .min(1)
    .max(50)
    .optional(),
  /** 班组 of who took it in, as it is made up now. */
  team: teamSchema.optional(),
  /** Accepted (or made, as long as it is not accepted) from then on … */
  from: z.number().int().nonnegative().optional(),
  /** … and before then. */
  to: z.number().int().nonnegative().optional(),
});
export type TicketFilter = z.infer<typeof ticketFilterSchema>;

/** What a queue is narrowed to: those of the queues 流转移交 and 挂账 have a condition of their own. */
const queueFilterSchema = ticketFilterSchema.extend({
  /** Something of it lies there and has no result. */
  receiver: flowReceiverSchema.optional(),
  accountCause: z.enum(ACCOUNT_CAUSES).optional(),
});
export type QueueFilter = z.infer<typeof queueFilterSchema>;

/** A found ticket with the words to mark in it. */
export const ticketHitSchema = ticketSummarySchema.extend({ marks: z.array(z.string()) });
export type TicketHit = z.infer<typeof ticketHitSchema>;

/** Most tickets decided about at once. */
export const MOST_DECISIONS = 1_000;

/** Units that may have a thousand tickets between them. */
const MOST_UNITS = 4 * MOST_DECISIONS;

/** Why a decision was not taken on this console. */
export const DECISION_REFUSALS = [
  'FORBIDDEN',
  'WORDS_MISSING',
  'RETURN_TOO_LATE',
  'UNIT_RETURNED',
  'ROUNDS_SPENT',
  'EXTENSION_SPENT',
  'CO_ORDERS_OPEN',
  'NOT_REACHED',
  'BAD_INPUT',
  'NOT_FOUND',
  'STATUS_CHANGED',
  'REFUSED_BEFORE',
  ...MERGE_REFUSALS,
] as const;
const decisionRefusalSchema = z.enum(DECISION_REFUSALS);
export type DecisionRefusal = (typeof DECISION_REFUSALS)[number];

/** Why a 督办, 批示 or 权属 step was not taken on this console. */
const OVERLAY_TROUBLES = [
  'FORBIDDEN',
  'WORDS_MISSING',
  'NOT_FOUND',
  'OVERLAY_STATE',
  'OVERLAY_DONE',
  'WAIT_TOO_LONG',
  'WAITS_SPENT',
  'REFUSED_BEFORE',
] as const;
export type OverlayTrouble = (typeof OVERLAY_TROUBLES)[number];

const choiceSchema = z.object({ value: z.string(), label: z.string() });

/** Of a list across the states: what it is narrowed to, and its order; left out or `due`: the order of its own that is said with it. */
const across = { filter: queueFilterSchema.optional(), sort: z.enum(TICKET_SORTS).optional() };

/** A list of tickets: those this user made, or those in some states. */
const ticketListSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mine') }),
  /** Unfinished and due before now, the longest overdue first. */
  z.strictObject({ kind: z.literal('overdue'), ...across }),
  /** With an open 督办 or 批示, the one that is due first at the top. */
  z.strictObject({ kind: z.literal('supervised'), ...across }),
  /** Waiting for a 联席研判, in whatever state: who waits longest, or whose day comes first, at the top. */
  z.strictObject({ kind: z.literal('joint'), ...across }),
  /** Waiting for their citizen (等待市民补充): the wait that ends first at the top. */
  z.strictObject({ kind: z.literal('waiting'), ...across }),
  /** With a 流转 or 移交 that has no result: the longest sent at the top. */
  z.strictObject({ kind: z.literal('elsewhere'), ...across }),
  /** Citizens to be called: whose time has come, and then who is tried again later. */
  z.strictObject({ kind: z.literal('callback'), ...across }),
  /** 提议并单 that wait for a decision, the newest first. */
  z.strictObject({ kind: z.literal('proposed'), ...across }),
  z.strictObject({
    kind: z.literal('queue'),
    statuses: z.array(ticketStatusSchema).min(1),
    filter: queueFilterSchema.optional(),
    /** Left out: newest first. */
    sort: z.enum(TICKET_SORTS).optional(),
  }),
]);
export type TicketList = z.infer<typeof ticketListSchema>;

export const ticketsContract = {
  get: base.input(z.strictObject({ uid: ticketIdSchema })).output(
    ticketSchema.extend({
      ...standing,
      masked: z.boolean(),
      /** This user may correct it now. */
      amendable: z.boolean(),
      /** What this user may decide about it now. */
      acts: z.array(z.enum(ACT_ACTIONS)),
      /** What this user may lay over it now. */
      overlays: z.array(z.enum(OVERLAY_KINDS)),
      /** Events of this console that the server has not decided about. */
      unconfirmed: z.array(eventIdSchema),
    }),
  ),
  /**
   * Row ids of a list, in its order, after one of them; small enough to hold a list of any length. A narrowed list may answer with few or no ids
   * and go on all the same.
   */
  ids: base
    .input(
      z.strictObject({
        list: ticketListSchema,
        ...idsPage,
      }),
    )
    .output(idsSchema),
  /** The lines of some row ids; those that are gone are left out. */
  rows: base
    .input(rowsInputSchema)
    .output(z.object({ rows: z.array(z.object({ id: z.number().int(), ticket: ticketSummarySchema })) })),
  /**
   * Full text of titles, content, names, places; 拼音 and initials of names and places; phone (part), ticket number, 暂编号.
   * A filter alone lists what passes it. Newest first, or in another order of the newest ones that fit.
   */
  search: base
    .input(
      z.strictObject({
        query: textSchema(200),
        limit: z.number().int().min(1).max(100).default(20),
        filter: ticketFilterSchema.optional(),
        sort: z.enum(TICKET_SORTS).default('newest'),
      }),
    )
    .output(
      z.object({
        tickets: z.array(ticketHitSchema),
        /** True when the time box ended before all candidates were checked. */
        incomplete: z.boolean(),
        /** Tickets not yet in the index; they are searched by scanning, oldest of them may be left out. */
        indexing: z.number().int(),
        /** How many of the newest were put in order, when more than those may fit; null when the order is that of all. */
        ordered: z.number().int().nullable(),
      }),
    ),
  /** Looks for a ticket number or the number of a caller beyond what this computer holds; what is found is found by `search` then. */
  searchOlder: base.input(z.strictObject({ query: textSchema(200).min(1) })).output(olderHistorySchema),
  /** Builds the search index anew in the background, e.g. when a search finds what it should not. */
  rebuildIndex: base.output(ok),
  /** Units and agents the tickets have, and the 班组 of the centre, to choose from in a filter. The own 班组 comes first. */
  filterChoices: base.output(
    z.object({ units: z.array(choiceSchema), agents: z.array(choiceSchema), teams: z.array(teamSchema) }),
  ),
  /** 补充, 催办 or 承诺 on an existing ticket. */
  addNote: base
    .input(
      z.strictObject({
        uid: ticketIdSchema,
        kind: z.enum(NOTE_KINDS),
        text: textSchema(LIMITS.longText).min(1),
        /** When a promise is due. */
        dueAt: z.number().int().nonnegative().optional(),
      }),
    )
    .output(z.object({ eventId: eventIdSchema })),
  /** 更正: changes what was written on a ticket; each value with the one it replaces. */
  amend: base
    .input(z.strictObject({ uid: ticketIdSchema, changes: ticketAmendmentSchema, reason: textSchema(500) }))
    .output(ok),
  /** How many tickets lie in each work queue. */
  queueCounts: base.output(z.record(z.enum(COUNTED_QUEUES), z.number().int().nonnegative())),
  /** How many tickets are worked on as part of those in each work queue: 诉求 beyond the 事件 that are counted there. */
  queueChildren: base.output(z.record(z.enum(COUNTED_QUEUES), z.number().int().nonnegative())),
  /** Open tickets that units have, as far as this computer holds them; null while it leaves out those of other 班组: nobody could tell from the rest. */
  unitLoads: base
    .input(z.strictObject({ units: z.array(textSchema(LIMITS.name)).max(MOST_UNITS) }))
    .output(z.record(z.string(), z.number().int().nonnegative()).nullable()),
  /**
   * Decisions about tickets, one for each: done at once here, confirmed or refused by the server later. What cannot be decided is left alone,
   * with the reason.
   */
  decide: base
    .input(
      z.strictObject({
        decisions: z
          .array(
            z.strictObject({
              uid: ticketIdSchema,
              /** The state the person saw. */
              from: ticketStatusSchema,
              act: ticketActSchema,
              words: textSchema(LIMITS.longText),
            }),
          )
          .min(1)
          .max(MOST_DECISIONS),
      }),
    )
    .output(
      z.object({ outcomes: z.array(z.object({ uid: ticketIdSchema, refused: decisionRefusalSchema.nullable() })) }),
    ),
  /** 督办, 批示, 权属: laid over a ticket at once here, confirmed or refused by the server later. What cannot be is left alone, with the reason. */
  overlay: base
    .input(z.strictObject({ uid: ticketIdSchema, step: overlayStepSchema, words: textSchema(LIMITS.longText) }))
    .output(z.object({ refused: z.enum(OVERLAY_TROUBLES).nullable() })),
  /** Says that a promise was kept (兑现), or takes it back. Who made it and who decides for the centre may take it back. */
  settlePromise: base
    .input(
      z.strictObject({
        uid: ticketIdSchema,
        eventId: eventIdSchema,
        how: z.enum(['kept', 'withdrawn']),
        text: textSchema(500),
      }),
    )
    .output(ok),
};
