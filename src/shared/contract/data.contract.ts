import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { seatPartySchema, wrapUpMsSchema } from '../domain/call-events.ts';
import { callRecordSchema } from '../domain/call-record.ts';
import { citizenSchema } from '../domain/citizen.ts';
import { draftSchema, intakeContentSchema, intakeOutcomeSchema } from '../domain/intake.ts';
import { REVEAL_FIELDS } from '../domain/masking.ts';
import {
  callFactsSchema,
  handOffsSchema,
  LIMITS,
  LOST_NOTE_KINDS,
  NOTE_KINDS,
  ticketSchema,
} from '../domain/ticket.ts';
import { TICKET_STATUSES, ticketStatusSchema } from '../domain/ticket-status.ts';
import {
  callIdSchema,
  citizenIdSchema,
  draftIdSchema,
  eventIdSchema,
  opIdSchema,
  ticketIdSchema,
} from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import {
  appendAttachmentInputSchema,
  attachInputSchema,
  attachmentBytesSchema,
  attachmentHashesSchema,
  attachmentStateSchema,
  attachmentsOfTicketSchema,
  beginAttachmentInputSchema,
  fetchAttachmentInputSchema,
  incomingAttachmentSchema,
  readAttachmentInputSchema,
  storedAttachmentSchema,
  unsentAttachmentSchema,
} from './attachments.contract.ts';
import {
  cardCallSchema,
  cardPromiseSchema,
  mergedRecordSchema,
  repeatReasonSchema,
  savePersonSchema,
  timelineRequestSchema,
  timelineSchema,
} from './citizen.contract.ts';
import {
  findDuplicatesInputSchema,
  findDuplicatesOfInputSchema,
  joinDraftInputSchema,
  likenessReasonSchema,
  linkInputSchema,
  linkSchema,
  openPromiseSchema,
  planLinkInputSchema,
  separateDraftInputSchema,
  unlinkInputSchema,
  withdrawableSchema,
  withdrawalSchema,
  withdrawNoteInputSchema,
} from './duplicates.contract.ts';
import {
  articleDeskSchema,
  articleDraftInputSchema,
  articleListInputSchema,
  articleListSchema,
  articleProposeInputSchema,
  articleReportInputSchema,
  articleReviewInputSchema,
  articleSuggestInputSchema,
  articleSuggestionSchema,
  articleSummarySchema,
  articleUidSchema,
  articleUidsSchema,
  articleViewSchema,
  refusedOpInputSchema,
} from './knowledge.contract.ts';
import { colleagueSchema, userSchema } from './server.contract.ts';
import { suggestInputSchema, suggestionsSchema, suggestStatusSchema } from './suggest.contract.ts';

/** Topics of live queries: a procedure's answer is stale when one of its topics was announced. */
export const TOPICS = [
  'session',
  'drafts',
  'tickets',
  'citizens',
  'records',
  'outbox',
  'sync',
  'calls',
  'suggestions',
  'attachments',
] as const;
export const topicSchema = z.enum(TOPICS);
export type Topic = z.infer<typeof topicSchema>;

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
  /** True while an operation of this console on the ticket is not confirmed by the server. */
  pending: z.boolean(),
  /** The caller is kept secret from this user: name, number and place are masked. */
  masked: z.boolean(),
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
  /** Accepted (or made, as long as it is not accepted) from then on … */
  from: z.number().int().nonnegative().optional(),
  /** … and before then. */
  to: z.number().int().nonnegative().optional(),
});
export type TicketFilter = z.infer<typeof ticketFilterSchema>;

/** A found ticket with the words to mark in it. */
export const ticketHitSchema = ticketSummarySchema.extend({ marks: z.array(z.string()) });
export type TicketHit = z.infer<typeof ticketHitSchema>;

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

/** One look behind the mask. */
export const revealRequestSchema = z.strictObject({
  subject: z.enum(['ticket', 'citizen', 'call']),
  uid: z.uuid(),
  field: z.enum(REVEAL_FIELDS),
  reason: textSchema(200).refine((reason) => reason.trim() !== ''),
});
export type RevealRequest = z.infer<typeof revealRequestSchema>;

/** The row with that one value in it; the others are null. Of a call it is who it was with. */
export const revealedSchema = z.object({
  ticket: ticketSchema.nullable(),
  citizen: citizenSchema.nullable(),
  call: z.object({ ani: z.string(), name: z.string(), knownName: z.string() }).nullable(),
});
export type Revealed = z.infer<typeof revealedSchema>;

const choiceSchema = z.object({ value: z.string(), label: z.string() });

/** Ids one answer holds at most. */
const MOST_IDS = 5_000;

/** A list of tickets: those this user made, or those in some states. */
const ticketListSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mine') }),
  z.strictObject({ kind: z.literal('queue'), statuses: z.array(ticketStatusSchema).min(1) }),
]);
export type TicketList = z.infer<typeof ticketListSchema>;
/** Why rows that the server no longer has wait for a person: it was restored or replaced, or it deletes suspiciously much. */
export const heldReasonSchema = z.enum(['server-restored', 'mass-delete']);
export type HeldReason = z.infer<typeof heldReasonSchema>;
/** Their rows go from this computer, or stay here without the server having them. */
export const heldDecisionSchema = z.enum(['delete', 'keep']);
export type HeldDecision = z.infer<typeof heldDecisionSchema>;

/** Own work that the server had confirmed and lost when it was restored. */
export const missingWorkSchema = z.object({
  tickets: z.array(ticketSummarySchema),
  notes: z.array(
    z.object({
      eventId: z.string(),
      ticketUid: ticketIdSchema,
      number: z.number().int().positive().nullable(),
      provisionalNo: z.string(),
      acceptedAt: z.number().int().nullable(),
      kind: z.enum(LOST_NOTE_KINDS),
      /** Words of the note, name of the file. */
      text: z.string(),
      at: z.number().int(),
    }),
  ),
});
export type MissingWork = z.infer<typeof missingWorkSchema>;

/** Where the console stands with the server; from real request outcomes only. */
export const syncStatusSchema = z.object({
  connection: z.enum(['never-tried', 'online', 'offline', 'refused']),
  /** Error code of the last failed request, with what the server or network said. */
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  lastSuccessAt: z.number().int().nullable(),
  nextTryAt: z.number().int().nullable(),
  outbox: z.object({ waiting: z.number().int(), needsAttention: z.number().int() }),
  /** First sync or catching up: rows received of rows expected; null when caught up. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Rows this console holds, for the data scope in the status bar. */
  cached: z.object({ tickets: z.number().int(), citizens: z.number().int() }),
  /** Result of the last comparison of count and digest with the server. */
  parity: z.enum(['unknown', 'equal', 'different']),
  /** Rows the server no longer has that wait for a decision, and own work among what it lost; null when there is neither. */
  held: z
    .object({
      because: heldReasonSchema,
      tickets: z.number().int(),
      citizens: z.number().int(),
      records: z.number().int(),
      ownTickets: z.number().int(),
      ownNotes: z.number().int(),
    })
    .nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

export const sessionStatusSchema = z.object({
  phase: z.enum(['locked', 'unlocked']),
  mode: z.enum(['demo', 'production']),
  user: userSchema.nullable(),
  /** Accounts that can be unlocked on this console without a network. */
  profiles: z.array(z.object({ account: z.string(), name: z.string() })),
  /** Demo mode only: accounts of the demo centre, with their public password. */
  demoAccounts: z.array(z.object({ account: z.string(), name: z.string(), role: z.string(), password: z.string() })),
  /** What the server says before anybody signed in: reachable, preparing (with progress), ready; or that none is configured. */
  server: z.object({
    state: z.enum(['not-configured', 'unknown', 'unreachable', 'preparing', 'ready', 'wrong-mode']),
    done: z.number().int().nullable(),
    total: z.number().int().nullable(),
  }),
  /** A storage problem that everything on screen has to know about; work is kept in the form meanwhile. */
  storage: z.enum(['ok', 'disk-full', 'read-only']),
  /**
   * Part of the system keyring in protecting the key (docs/security.md): `used`; `unused`: there is one, but the profile was made
   * without it; `absent`; `unreadable`: a secret lies in a keyring that does not open now.
   */
  keyring: z.enum(['used', 'unused', 'absent', 'unreadable']),
});
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

/** What the citizen panel shows at the first ring. */
export const callerCardSchema = z.object({
  phone: z.string(),
  citizen: citizenSchema.nullable(),
  /** The person is kept secret from this user: name and numbers are masked. */
  masked: z.boolean(),
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

export const outboxItemSchema = z.object({
  s: z.number().int().positive(),
  opId: opIdSchema,
  kind: z.string(),
  /** Title or name of what the operation is about. */
  label: z.string(),
  uid: z.string(),
  at: z.number().int(),
  state: z.enum(['waiting', 'sending', 'rejected', 'blocked']),
  attempts: z.number().int(),
  lastTryAt: z.number().int().nullable(),
  /** What stopped it last: an error code or a reason of the server, with what exactly was wrong. */
  lastError: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** The draft in which this refused ticket is being corrected. */
  correctedIn: draftIdSchema.nullable(),
});
export type OutboxItem = z.infer<typeof outboxItemSchema>;

/** A call of the call log with what it is linked to. */
export const callLogItemSchema = callRecordSchema.extend({
  /** Name under which the number is known here. */
  knownName: z.string(),
  /** When somebody of that number was spoken to after this missed call. */
  returnedAt: z.number().int().nullable(),
  /** Its draft, while that is open. */
  draftId: draftIdSchema.nullable(),
  /** Its draft, when that was discarded or went with the call: it can be restored. */
  closedDraftId: draftIdSchema.nullable(),
  /** The ticket that was made of it. */
  ticketUid: ticketIdSchema.nullable(),
  /** The caller is kept secret from this user: number and names are masked. */
  masked: z.boolean(),
});
export type CallLogItem = z.infer<typeof callLogItemSchema>;
/** A ticket that may be about the same matter. */
export const duplicateCandidateSchema = z.object({
  ticket: ticketSummarySchema,
  /** 0–1 */
  probability: z.number(),
  reasons: z.array(likenessReasonSchema),
  /** The 母单 it is proposed or merged under, when it is on this console. */
  parent: ticketSummarySchema.nullable(),
});
export type DuplicateCandidate = z.infer<typeof duplicateCandidateSchema>;

/** What stands beside a ticket: its 母单, its children, own notes that can be taken back. */
export const ticketRelationsSchema = z.object({
  link: linkSchema,
  parent: ticketSummarySchema.nullable(),
  children: z.array(ticketSummarySchema),
  withdrawable: z.array(withdrawableSchema),
  promises: z.array(openPromiseSchema),
});
export type TicketRelations = z.infer<typeof ticketRelationsSchema>;

/** More than a note may have, so that a text that is too long is kept while it is shortened. */
export const NOTE_DRAFT_MAX = 10 * LIMITS.longText;

const ok = z.object({ ok: z.literal(true) });
const base = oc.errors({
  BAD_INPUT: {},
  NOT_FOUND: {},
  FORBIDDEN: {},
  NOT_UNLOCKED: {},
  BAD_CREDENTIALS: {},
  TOO_MANY_TRIES: { data: z.object({ retryAfterMs: z.number().int() }) },
  ACCOUNT_DISABLED: {},
  OFFLINE: {},
  /** No central server is set for this console. */
  NOT_CONFIGURED: {},
  MODE_MISMATCH: {},
  WEAK_PASSWORD: {},
  /** The password was changed elsewhere: the old one is needed once more, then it can be changed here too. */
  OLD_PASSWORD_NEEDED: {},
  DISK_FULL: {},
  READ_ONLY: {},
  DATABASE_DAMAGED: {},
  DATABASE_NEWER: {},
  DATABASE_BUSY: {},
  KEYRING_UNAVAILABLE: {},
  DRAFT_STALE: { data: z.object({ revision: z.number().int() }) },
  /** A person's record was changed by somebody else since it was shown. */
  RECORD_CHANGED: {},
  /** Both records are of one person already. */
  SAME_PERSON: {},
  DRAFT_SUBMITTED: { data: z.object({ ticketUid: z.string() }) },
  ARTICLE_CHANGED: {},
  PROPOSAL_WAITING: {},
  PROPOSAL_GONE: {},
  OWN_PROPOSAL: {},
  CANNOT_LINK: {},
  ATTACHMENT_TOO_LARGE: {},
  ATTACHMENT_EMPTY: {},
  ATTACHMENT_TYPE: {},
  ATTACHMENT_DAMAGED: {},
  ATTACHMENT_MISSING: {},
  RATE_LIMITED: {},
  INTAKE_INCOMPLETE: { data: z.object({ problems: z.array(z.object({ field: z.string(), code: z.string() })) }) },
  SHUTTING_DOWN: {},
  INTERNAL: {},
});

/** Renderer ↔ data process, over one MessagePort per window. */
export const dataContract = {
  session: {
    status: base.output(sessionStatusSchema),
    /** Unlocks the local profile with its password; without one, or when the password is new, signs in at the server. */
    signIn: base
      .input(z.strictObject({ account: textSchema(40).min(1), password: textSchema(200).min(1) }))
      .output(userSchema),
    lock: base.output(z.object({ ok: z.literal(true) })),
    changePassword: base
      .input(z.strictObject({ oldPassword: textSchema(200).min(1), newPassword: textSchema(200).min(1) }))
      .output(z.object({ ok: z.literal(true) })),
  },
  changes: {
    /** Streams batches of topics whose data changed. */
    subscribe: base.output(eventIterator(z.object({ topics: z.array(topicSchema) }))),
  },
  drafts: {
    /**
     * Makes the draft of a call at its first ring, or gives the one that exists; `further`: one more, for another matter in the same
     * call. Without a call: a blank draft.
     */
    open: base
      .input(z.strictObject({ call: callFactsSchema.nullable(), further: z.boolean().optional() }))
      .output(draftSchema),
    /** Saves the whole form. `revision` is the one last seen; answers with the new one once it is on disk. */
    save: base
      .input(
        z.strictObject({ id: draftIdSchema, revision: z.number().int().nonnegative(), content: intakeContentSchema }),
      )
      .output(z.object({ revision: z.number().int(), savedAt: z.number().int() })),
    get: base.input(z.strictObject({ id: draftIdSchema })).output(draftSchema),
    /** Drafts not yet submitted or discarded, newest first. */
    list: base.output(z.array(draftSchema)),
    discard: base.input(z.strictObject({ id: draftIdSchema })).output(z.object({ ok: z.literal(true) })),
    /** Opens a discarded draft again; one that went with its call stays at the colleague's too. */
    restore: base.input(z.strictObject({ id: draftIdSchema })).output(draftSchema),
    /** Turns the draft into a ticket and queues it for the server, in one transaction. Repeating it gives the same ticket. */
    submit: base
      .input(
        z
          .strictObject({
            id: draftIdSchema,
            revision: z.number().int().nonnegative(),
            outcome: intakeOutcomeSchema,
            /** The services the call was handed over to; with the outcome `hand_off` only. */
            handOffs: handOffsSchema.default([]),
          })
          .refine(({ outcome, handOffs }) => (outcome === 'hand_off') === handOffs.length > 0),
      )
      .output(z.object({ uid: ticketIdSchema, provisionalNo: z.string() })),
  },
  duplicates: {
    /** Tickets that may be about what is being written down, the likeliest first. */
    find: base.input(findDuplicatesInputSchema).output(z.array(duplicateCandidateSchema)),
    /** Tickets that may be about the same matter as a ticket. */
    ofTicket: base.input(findDuplicatesOfInputSchema).output(z.array(duplicateCandidateSchema)),
    /**
     * 补充 or 催办 with the words of a draft, which is closed as 已并入. Repeating it changes nothing. Files of a caller who is to be kept
     * secret stay with the draft; the answer says how many.
     */
    joinDraft: base.input(joinDraftInputSchema).output(z.object({ filesLeftOut: z.number().int().nonnegative() })),
    /** Takes joinDraft back: the notes are withdrawn and the draft is open again. */
    separateDraft: base.input(separateDraftInputSchema).output(z.object({ draft: draftSchema, how: withdrawalSchema })),
    /** The 母单 to propose when the draft is submitted; null for none. */
    planLink: base.input(planLinkInputSchema).output(draftSchema),
    /** 提议并单; answers with the 母单 it came under. */
    link: base.input(linkInputSchema).output(z.object({ parentUid: ticketIdSchema })),
    unlink: base.input(unlinkInputSchema).output(z.object({ ok: z.literal(true) })),
    /** Takes an own 补充 or 催办 back. */
    withdrawNote: base.input(withdrawNoteInputSchema).output(z.object({ how: withdrawalSchema })),
    relations: base.input(z.strictObject({ uid: ticketIdSchema })).output(ticketRelationsSchema),
  },
  notes: {
    /** Notes begun on tickets and not sent. */
    list: base.output(z.array(z.object({ uid: ticketIdSchema, text: z.string() }))),
    /** Keeps the text begun for a ticket until it is sent; answers once it is on disk. An empty text forgets it. */
    keep: base
      .input(z.strictObject({ uid: ticketIdSchema, text: textSchema(NOTE_DRAFT_MAX) }))
      .output(z.object({ ok: z.literal(true) })),
  },
  calls: {
    /**
     * Keeps a call in the call log (upsert by call id) with what follows from it: facts in its draft, a hand-over to an emergency
     * service, the form sent after a transferred call. Says where the form went; `isQueued` when it waits for the network.
     */
    record: base.input(z.strictObject({ record: callRecordSchema })).output(
      z.object({
        handedOver: z.object({ draftId: draftIdSchema, to: seatPartySchema, isQueued: z.boolean() }).nullable(),
      }),
    ),
    /** Row ids of the call log, newest first, after one of them. */
    ids: base
      .input(
        z.strictObject({
          filter: z.enum(['all', 'in', 'out', 'missed']).default('all'),
          limit: z.number().int().min(1).max(MOST_IDS).default(200),
          before: z.number().int().optional(),
        }),
      )
      .output(z.object({ ids: z.array(z.number().int()), next: z.number().int().nullable() })),
    /** The calls of some row ids. */
    rows: base
      .input(z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(200) }))
      .output(z.object({ rows: z.array(z.object({ id: z.number().int(), call: callLogItemSchema })) })),
    get: base.input(z.strictObject({ callId: callIdSchema })).output(callLogItemSchema),
    /** Numbers that called in vain in the last days and were not spoken to since. */
    missed: base.output(z.object({ count: z.number().int().nonnegative() })),
    settings: base.output(z.object({ wrapUpMs: wrapUpMsSchema })),
    saveSettings: base.input(z.strictObject({ wrapUpMs: wrapUpMsSchema })).output(z.object({ ok: z.literal(true) })),
  },
  colleagues: {
    /** Seats of the own centre that take calls, as last told by the server. `syncedAt` null: never so far. */
    list: base.output(z.object({ seats: z.array(colleagueSchema), syncedAt: z.number().int().nullable() })),
  },
  citizens: {
    /** The card of a number. With the call that is going on, counted is what was before it. */
    lookup: base
      .input(z.strictObject({ phone: textSchema(LIMITS.phone), callId: callIdSchema.optional() }))
      .output(callerCardSchema),
    /** The card of a person, as at a ring; of the one who stands for them when they were merged. */
    get: base.input(z.strictObject({ uid: citizenIdSchema })).output(callerCardSchema),
    /** Calls, tickets and callbacks of a person, newest first. */
    timeline: base.input(timelineRequestSchema).output(timelineSchema),
    /** Writes a person's record, at once here and queued for the server. */
    save: base.input(savePersonSchema).output(z.object({ uid: citizenIdSchema })),
    /** Says that two records are one person: `into` stands for both from now on. Nothing is moved, so it can be taken back. */
    merge: base
      .input(z.strictObject({ uid: citizenIdSchema, into: citizenIdSchema }))
      .output(z.object({ ok: z.literal(true) })),
    /** Takes a merge back. */
    split: base.input(z.strictObject({ uid: citizenIdSchema })).output(z.object({ ok: z.literal(true) })),
    /** People by name, 拼音 or initials of the name, any part of a phone number, remark. */
    search: base
      .input(z.strictObject({ query: textSchema(200), limit: z.number().int().min(1).max(50).default(10) }))
      .output(z.object({ persons: z.array(personHitSchema), incomplete: z.boolean() })),
  },
  privacy: {
    /**
     * Looks at one masked value of a ticket or a person. That it was looked at, by whom and why, is on the disk and on its way to the
     * server before the answer is given; when it cannot be written down there is no answer.
     */
    reveal: base.input(revealRequestSchema).output(revealedSchema),
  },
  tickets: {
    get: base
      .input(z.strictObject({ uid: ticketIdSchema }))
      .output(ticketSchema.extend({ pending: z.boolean(), masked: z.boolean() })),
    /** Row ids of a list, newest first, after one of them; small enough to hold a list of any length. */
    ids: base
      .input(
        z.strictObject({
          list: ticketListSchema,
          limit: z.number().int().min(1).max(MOST_IDS).default(200),
          before: z.number().int().optional(),
        }),
      )
      .output(z.object({ ids: z.array(z.number().int()), next: z.number().int().nullable() })),
    /** The lines of some row ids; those that are gone are left out. */
    rows: base
      .input(z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(200) }))
      .output(z.object({ rows: z.array(z.object({ id: z.number().int(), ticket: ticketSummarySchema })) })),
    /**
     * Full text of titles, content, names, places; 拼音 and initials of names and places; phone (part), ticket number, 暂编号.
     * A filter alone lists what passes it. Newest first.
     */
    search: base
      .input(
        z.strictObject({
          query: textSchema(200),
          limit: z.number().int().min(1).max(100).default(20),
          filter: ticketFilterSchema.optional(),
        }),
      )
      .output(
        z.object({
          tickets: z.array(ticketHitSchema),
          /** True when the time box ended before all candidates were checked. */
          incomplete: z.boolean(),
          /** Tickets not yet in the index; they are searched by scanning, oldest of them may be left out. */
          indexing: z.number().int(),
        }),
      ),
    /** Units and agents the tickets have, to choose from in a filter. */
    filterChoices: base.output(z.object({ units: z.array(choiceSchema), agents: z.array(choiceSchema) })),
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
  },
  attachments: {
    /** Begins handing a file over; its bytes follow in pieces. A window has bytes to give, never a path. */
    begin: base.input(beginAttachmentInputSchema).output(incomingAttachmentSchema),
    /** The next bytes; answers with how many were taken in all. Repeating a piece changes nothing. */
    append: base.input(appendAttachmentInputSchema).output(z.object({ received: z.number().int() })),
    /** Ends a file: encrypted and on disk when this answers. Refused when it is none of the kinds that are taken. */
    finish: base.input(incomingAttachmentSchema).output(storedAttachmentSchema),
    abort: base.input(incomingAttachmentSchema).output(ok),
    /** Adds stored files to a ticket, at once here and queued for the server. */
    attach: base.input(attachInputSchema).output(ok),
    ofTicket: base.input(z.strictObject({ uid: ticketIdSchema })).output(attachmentsOfTicketSchema),
    /** Where files named in a draft are. */
    states: base.input(attachmentHashesSchema).output(z.array(attachmentStateSchema)),
    /** Some bytes of a file that is here. */
    read: base.input(readAttachmentInputSchema).output(attachmentBytesSchema),
    /** Fetches a file that is not here; answers once it is. */
    fetch: base.input(fetchAttachmentInputSchema).output(ok),
    /** Files the server does not have, besides those that no ticket names yet. */
    unsent: base.output(z.array(unsentAttachmentSchema)),
    /** Tries them all now. */
    retryNow: base.output(ok),
  },
  suggest: {
    /** Categories for what has been written so far, with the units that handled such matters here. Takes some milliseconds. */
    category: base.input(suggestInputSchema).output(suggestionsSchema),
    /** What suggestions rest on and how often they are taken over. */
    status: base.output(suggestStatusSchema),
  },
  knowledge: {
    /** Articles by full text, category and state; the best first, without a query the last published first. */
    list: base.input(articleListInputSchema).output(articleListSchema),
    get: base.input(articleUidSchema).output(articleViewSchema),
    /** What is known now of articles that were cited; those that are gone are left out. */
    summaries: base.input(articleUidsSchema).output(z.array(articleSummarySchema)),
    /** Articles that fit what is being written in a call. */
    suggest: base.input(articleSuggestInputSchema).output(z.array(articleSuggestionSchema)),
    /** 错误 or 过时, as noticed in use. */
    report: base.input(articleReportInputSchema).output(ok),
    /** A new article or a change of one, for somebody else to approve. Forgets the unfinished text of it. */
    propose: base.input(articleProposeInputSchema).output(ok),
    review: base.input(articleReviewInputSchema).output(ok),
    /** Unfinished texts and refused operations of this person. */
    desk: base.output(articleDeskSchema),
    /** Keeps an unfinished text; answers once it is on disk. */
    keepDraft: base.input(articleDraftInputSchema).output(ok),
    dropDraft: base.input(articleUidSchema).output(ok),
    /** Makes an unfinished text of a refused proposal, based on what is published now. */
    redoRefused: base.input(refusedOpInputSchema).output(articleUidSchema),
    /** Forgets a refused operation on an article. */
    dropRefused: base.input(refusedOpInputSchema).output(ok),
  },
  outbox: {
    list: base.output(z.array(outboxItemSchema)),
    /** Tries now instead of at the next scheduled time. */
    retryNow: base.output(z.object({ ok: z.literal(true) })),
    /** Every unconfirmed operation as JSON text, for the file the person saves. */
    exportAll: base.output(z.object({ fileName: z.string(), text: z.string() })),
    /** Queues a refused operation again as a new one with the same content, with those related to it. */
    redo: base.input(z.strictObject({ opId: opIdSchema })).output(z.object({ count: z.number().int() })),
    /** Opens a refused ticket again as a draft; submitted, it takes the place of what was refused. */
    correct: base.input(z.strictObject({ opId: opIdSchema })).output(z.object({ draftId: draftIdSchema })),
    /** Gives a refused operation up, with those that came after it; the words of a new ticket come back as a draft. */
    discard: base
      .input(z.strictObject({ opId: opIdSchema }))
      .output(z.object({ count: z.number().int(), draftId: draftIdSchema.nullable() })),
  },
  sync: {
    status: base.output(syncStatusSchema),
    /** Own work that a restored server has lost, at most 200 tickets and notes. */
    missingWork: base.output(missingWorkSchema),
    /** Queues that work again. */
    sendAgain: base.output(z.object({ tickets: z.number().int(), notes: z.number().int() })),
    /**
     * Decides about the rows the server no longer has. 班长, 督办员 and 管理员 decide by themselves; anybody else needs one of them to
     * enter account and password. Rows are not deleted while own work among them was not sent again.
     */
    decideHeld: base
      .input(
        z.strictObject({
          decision: heldDecisionSchema,
          approver: z.strictObject({ account: textSchema(40).min(1), password: textSchema(200).min(1) }).nullable(),
        }),
      )
      .output(z.object({ rows: z.number().int() })),
  },
};
