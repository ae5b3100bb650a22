import { z } from 'zod';
import { citizenFieldsSchema, citizenSchema } from '../domain/citizen.ts';
import { citizenChangesSchema } from '../domain/citizen-changes.ts';
import { readAttachment } from '../domain/form/attachment-ref.ts';
import { intakeOutcomeSchema } from '../domain/intake.ts';
import { ARTICLE_FEEDBACK_KINDS, articleContentSchema } from '../domain/knowledge.ts';
import { overlayStepSchema } from '../domain/overlay/overlay-step.ts';
import { CHECK_TEXT, checkedTicketSchema, marksSchema } from '../domain/quality/check.ts';
import { CHECK_REASONS } from '../domain/quality/sampling.ts';
import { recordSchema, seatSchema } from '../domain/record.ts';
import { sentIntakeSchema } from '../domain/sent-intake.ts';
import { callFactsSchema, LIMITS, NOTE_KINDS, ticketFieldsSchema, ticketSchema } from '../domain/ticket.ts';
import { ticketActSchema } from '../domain/ticket-act.ts';
import { ticketAmendmentSchema } from '../domain/ticket-amendment.ts';
import { ticketStatusSchema } from '../domain/ticket-status.ts';
import {
  citizenIdSchema,
  consoleIdSchema,
  eventIdSchema,
  opIdSchema,
  recordIdSchema,
  ticketIdSchema,
} from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { PULL_MAX_ROWS, PULL_MAX_SCOPES, PUSH_MAX_OPS, SYNC_TABLES } from './protocol.ts';

const epochMs = z.number().int().nonnegative();
const seq = z.number().int().nonnegative();

/** Arguments per operation kind. */
export const ticketCreateArgsSchema = z.strictObject({
  provisionalNo: textSchema(40),
  centre: ticketSchema.shape.centre,
  fields: ticketFieldsSchema,
  outcome: intakeOutcomeSchema,
  createdAt: epochMs,
  madeOffline: z.boolean(),
  /** Id of the "created" event, chosen by the console so that a replay does not make a second one. */
  eventId: eventIdSchema,
});
export const ticketNoteArgsSchema = z
  .strictObject({
    eventId: eventIdSchema,
    /**
     * note 补充, remind 催办, promise 承诺, called 外呼 (the text says `answered` or `unanswered`), handed_off: its call was handed over to an
     * emergency service after the ticket was made (the text names the service), attached 附件 (the text names the file), promise_kept 兑现,
     * promise_withdrawn 撤回承诺 (`ref` names it)
     */
    kind: z.enum([...NOTE_KINDS, 'called', 'handed_off', 'attached', 'promise_kept', 'promise_withdrawn']),
    text: textSchema(LIMITS.longText),
    /** When a promise is due. */
    dueAt: epochMs.optional(),
    /** The earlier note or file that this one takes back, or the promise it is about. */
    ref: eventIdSchema.optional(),
  })
  .refine(({ kind, text }) => kind !== 'attached' || readAttachment(text) !== null, { path: ['text'] });
/** Makes a record. Consoles of schema 2 and before also send a changed record with it, as a whole. */
export const citizenUpsertArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  fields: citizenFieldsSchema,
});
/** What was changed in a record, and nothing else of it. */
const citizenChangeArgsSchema = z.strictObject({ centre: citizenSchema.shape.centre, changes: citizenChangesSchema });
/** 解除保密: the only way in which 保密 goes off. Written down with its reason like a look at everything of the record. */
const citizenLiftArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  eventId: eventIdSchema,
  reason: textSchema(200).min(1),
});

/** 并单: proposes the ticket under a 母单. */
const ticketLinkArgsSchema = z.strictObject({
  eventId: eventIdSchema,
  parentUid: ticketIdSchema,
  reason: textSchema(500),
});
/** Takes a link back. */
const ticketUnlinkArgsSchema = z.strictObject({ eventId: eventIdSchema, reason: textSchema(500) });
/** 更正: what was written on a ticket, changed field by field before it goes to a handling unit. */
const ticketAmendArgsSchema = z.strictObject({
  eventId: eventIdSchema,
  changes: ticketAmendmentSchema,
  reason: textSchema(500),
});
/** 派单, 退单, 延期, 挂账, 回访 …: a decision that moves the ticket on, as an intent that the server confirms or refuses. */
export const ticketActArgsSchema = z.strictObject({
  eventId: eventIdSchema,
  /** The state its author saw. */
  from: ticketStatusSchema,
  act: ticketActSchema,
  /** Reason, reply or the citizen's words. */
  words: textSchema(LIMITS.longText),
});
/** 督办, 批示, 权属不清, 消险, 联席研判, 确权 …: laid over the ticket, as an intent that the server confirms or refuses. */
const ticketOverlayArgsSchema = z.strictObject({
  eventId: eventIdSchema,
  step: overlayStepSchema,
  /** Text of the order, what was done, minutes of the 联席研判. */
  words: textSchema(LIMITS.longText),
});
/** Says that two records are one person: `uid` points to `into` from now on, nothing is moved. */
const citizenMergeArgsSchema = z.strictObject({ centre: citizenSchema.shape.centre, into: citizenIdSchema });
const citizenSplitArgsSchema = z.strictObject({ centre: citizenSchema.shape.centre });
/** A new article or a change of one, for somebody else to approve. `basedOn` = published version the author saw. */
const articleProposeArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  proposalId: eventIdSchema,
  basedOn: z.number().int().nonnegative(),
  content: articleContentSchema,
  note: textSchema(500),
});
const articleReviewArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  proposalId: eventIdSchema,
  decision: z.enum(['approve', 'refuse']),
  reason: textSchema(500),
});
const articleFeedbackArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  feedbackId: eventIdSchema,
  kind: z.enum(ARTICLE_FEEDBACK_KINDS),
  version: z.number().int().nonnegative(),
  text: textSchema(500),
});
/** The form of a transferred call, for the seat it goes to. */
const draftHandOverArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  toSeat: seatSchema,
  call: callFactsSchema.nullable(),
  content: sentIntakeSchema,
  /** The 母单 planned for its ticket; left out when there is none. */
  parentUid: ticketIdSchema.nullable().optional(),
});
/** 质检评分: the first score of a ticket. */
const checkScoreArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  ...checkedTicketSchema,
  why: z.array(z.enum(CHECK_REASONS)).max(CHECK_REASONS.length),
  scoreId: eventIdSchema,
  marks: marksSchema,
});
/** 申诉 of the agent, on the copy of the check that is theirs. */
const checkAppealArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  ticketUid: ticketIdSchema,
  appealId: eventIdSchema,
  words: textSchema(CHECK_TEXT).min(1),
});
/** 复核: a second checker leaves the score as it is, or gives their own. */
const checkSettleArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  ticketUid: ticketIdSchema,
  settleId: eventIdSchema,
  /** Null leaves the first score as it is. */
  marks: marksSchema.nullable(),
  words: textSchema(CHECK_TEXT).min(1),
});
/** 标定: opens a calibration on a ticket. */
const calibrationStartArgsSchema = z.strictObject({ centre: citizenSchema.shape.centre, ...checkedTicketSchema });
const calibrationScoreArgsSchema = z.strictObject({
  centre: citizenSchema.shape.centre,
  ticketUid: ticketIdSchema,
  scoreId: eventIdSchema,
  marks: marksSchema,
});
/** Somebody looked at a masked value. Written down before it is shown. */
const auditRevealArgsSchema = z.strictObject({
  eventId: eventIdSchema,
  subject: z.enum(['ticket', 'citizen', 'call']),
  field: z.enum(['phone', 'name', 'address', 'form']),
  reason: textSchema(200).min(1),
});

const opBase = {
  /** Running number of the operation on this console, from 1, gapless. */
  s: z.number().int().positive(),
  opId: opIdSchema,
  /** Console clock when the person did it; shown, never compared. */
  at: epochMs,
  /** Version of the row the person saw; 0 for a row the server has not confirmed. */
  baseVersion: z.number().int().nonnegative(),
  dependsOn: opIdSchema.optional(),
  /** SHA-256 (hex) of the canonical JSON of kind, uid and args: the same number with another hash is a cloned console. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
};

export const opSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...opBase, kind: z.literal('ticket.create'), uid: ticketIdSchema, args: ticketCreateArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.note'), uid: ticketIdSchema, args: ticketNoteArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.link'), uid: ticketIdSchema, args: ticketLinkArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.unlink'), uid: ticketIdSchema, args: ticketUnlinkArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.amend'), uid: ticketIdSchema, args: ticketAmendArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.act'), uid: ticketIdSchema, args: ticketActArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('ticket.overlay'), uid: ticketIdSchema, args: ticketOverlayArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('citizen.upsert'), uid: citizenIdSchema, args: citizenUpsertArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('citizen.change'), uid: citizenIdSchema, args: citizenChangeArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('citizen.lift'), uid: citizenIdSchema, args: citizenLiftArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('citizen.merge'), uid: citizenIdSchema, args: citizenMergeArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('citizen.split'), uid: citizenIdSchema, args: citizenSplitArgsSchema }),
  z.strictObject({
    ...opBase,
    kind: z.literal('article.propose'),
    uid: recordIdSchema,
    args: articleProposeArgsSchema,
  }),
  z.strictObject({ ...opBase, kind: z.literal('article.review'), uid: recordIdSchema, args: articleReviewArgsSchema }),
  z.strictObject({
    ...opBase,
    kind: z.literal('article.feedback'),
    uid: recordIdSchema,
    args: articleFeedbackArgsSchema,
  }),
  z.strictObject({ ...opBase, kind: z.literal('draft.hand_over'), uid: recordIdSchema, args: draftHandOverArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('check.score'), uid: recordIdSchema, args: checkScoreArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('check.appeal'), uid: recordIdSchema, args: checkAppealArgsSchema }),
  z.strictObject({ ...opBase, kind: z.literal('check.settle'), uid: recordIdSchema, args: checkSettleArgsSchema }),
  z.strictObject({
    ...opBase,
    kind: z.literal('calibration.start'),
    uid: recordIdSchema,
    args: calibrationStartArgsSchema,
  }),
  z.strictObject({
    ...opBase,
    kind: z.literal('calibration.score'),
    uid: recordIdSchema,
    args: calibrationScoreArgsSchema,
  }),
  z.strictObject({
    ...opBase,
    kind: z.literal('audit.reveal'),
    uid: z.uuid().toLowerCase(),
    args: auditRevealArgsSchema,
  }),
]);
export type Op = z.infer<typeof opSchema>;
export type OpOf<K extends Op['kind']> = Extract<Op, { kind: K }>;

/**
 * The text an operation's hash is computed over. Both sides build it the same way.
 * Object keys are sorted, so the order in which a console wrote them does not matter.
 */
export function canonicalOpText(op: Pick<Op, 'kind' | 'uid' | 'args'>): string {
  return plainOpText({ ...op, args: sortKeys(op.args) });
}

/** The same text of an operation whose keys are in order already, as consoles store and send them. */
export function plainOpText(op: { readonly kind: string; readonly uid: string; readonly args: unknown }): string {
  return JSON.stringify([op.kind, op.uid, op.args]);
}

/** A copy whose objects have their keys in order: one native stringify of it is the fastest canonical text. */
export function sortKeys<T>(value: T): T;
export function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => sortKeys(item));
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) sorted[key] = sortKeys(Reflect.get(value, key));
  return sorted;
}

/** A current row as the server holds it; `seq` orders changes inside its scope. */
export const wireRowSchema = z.discriminatedUnion('table', [
  z.object({ table: z.literal('tickets'), scope: z.string(), seq, row: ticketSchema }),
  z.object({ table: z.literal('citizens'), scope: z.string(), seq, row: citizenSchema }),
  z.object({ table: z.literal('records'), scope: z.string(), seq, row: recordSchema }),
]);
export type WireRow = z.infer<typeof wireRowSchema>;

export const opResultCodeSchema = z.enum(['applied', 'merged', 'duplicate', 'rejected', 'blocked']);
export const opResultSchema = z.object({
  s: z.number().int().positive(),
  code: opResultCodeSchema,
  /** Version of the row after the operation (0 when there is no row). */
  version: z.number().int().nonnegative(),
  seq: seq.nullable(),
  /** Machine-readable reason of a rejection. */
  reason: z.string().optional(),
  /** What the console must know at once: the number and times the server gave a new ticket. */
  ticket: z
    .object({
      number: z.number().int().positive(),
      status: ticketSchema.shape.status,
      acceptedAt: epochMs,
      closedAt: epochMs.nullable(),
      dueAt: epochMs.nullable(),
      /** Left out by servers without clocks. */
      clocks: ticketSchema.shape.clocks,
    })
    .optional(),
});
export type OpResult = z.infer<typeof opResultSchema>;

export const scopeStateSchema = z.object({
  id: z.string(),
  epoch: z.number().int().positive(),
  seq,
  /** Rows in it: a console that cannot hold everything chooses by them. Left out by older servers. */
  rows: z.number().int().nonnegative().optional(),
});

export const helloRequestSchema = z.strictObject({
  console: consoleIdSchema,
  /** Grows when the console starts a new operation numbering (identity clash, recovered cache). */
  incarnation: z.number().int().positive(),
  schema: z.number().int().positive(),
  /** Number of the last operation the console knows to be acknowledged. */
  lastOp: z.number().int().nonnegative(),
});
export const helloResponseSchema = z.object({
  serverTime: epochMs,
  serverId: z.uuid(),
  mode: z.enum(['demo', 'production']),
  schema: z.object({ min: z.number().int().positive(), max: z.number().int().positive() }),
  scopes: z.array(scopeStateSchema),
  /** The next operation number the server expects from this console and incarnation. */
  nextOp: z.number().int().positive(),
  /** The clock presets the person's centre chose; left out by one that chose none, and by servers without clocks. */
  clockSet: z.string().max(40).optional(),
  /** Rows in all scopes of this user: the total of a first sync's progress. */
  rows: z.number().int().nonnegative(),
});
export type HelloResponse = z.infer<typeof helloResponseSchema>;

export const pushRequestSchema = z.strictObject({
  console: consoleIdSchema,
  incarnation: z.number().int().positive(),
  ops: z.array(opSchema).min(1).max(PUSH_MAX_OPS),
});
/** HTTP 200 whatever the codes; any other status means that nothing was applied. */
export const pushResponseSchema = z.object({ ack: z.number().int().nonnegative(), results: z.array(opResultSchema) });
export type PushResponse = z.infer<typeof pushResponseSchema>;

export const pullRequestSchema = z.strictObject({
  cursors: z
    .array(
      z.strictObject({
        scope: z.string().max(64),
        epoch: z.number().int().positive(),
        seq,
        /** Everything up to `seq` came since this scope was begun anew: no removal is missed, however old the cursor looks. */
        anew: z.literal(true).optional(),
      }),
    )
    .min(1)
    .max(PULL_MAX_SCOPES),
  limit: z.number().int().positive().max(PULL_MAX_ROWS),
});
export const pullResponseSchema = z.object({
  rows: z.array(wireRowSchema),
  /** Rows that left a scope since the cursor. */
  gone: z.array(z.object({ table: z.enum(SYNC_TABLES), scope: z.string(), seq, uid: z.string() })),
  cursors: z.array(z.object({ scope: z.string(), epoch: z.number().int().positive(), seq })),
  more: z.boolean(),
  /** Per scope that is caught up in this answer: number of rows and digest (see row-hash). */
  parity: z.array(z.object({ scope: z.string(), count: z.number().int().nonnegative(), digest: z.string() })),
});
export type PullResponse = z.infer<typeof pullResponseSchema>;
