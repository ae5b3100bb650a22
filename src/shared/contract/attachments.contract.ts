import { z } from 'zod';
import { MAX_ATTACHMENT_BYTES } from '../domain/attachment/attachment-type.ts';
import { MOST_DRAFT_FILES } from '../domain/intake.ts';
import { LIMITS } from '../domain/ticket.ts';
import { eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { base, ok } from './procedure.ts';

/** Bytes one call carries, either way. */
export const ATTACHMENT_PIECE = 256 * 1024;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const offset = z.number().int().nonnegative().max(MAX_ATTACHMENT_BYTES);
const base64 = z.base64().max(4 * Math.ceil(ATTACHMENT_PIECE / 3));
const incoming = z.strictObject({ id: z.uuid() });
/** A file as forms and tickets name it. */
const fileRefSchema = z.object({ sha256, size: z.number().int(), type: z.string(), name: z.string() });

/**
 * Where a file is. `held`: only here, no ticket names it; `waiting`: on its way to the server; `sent`: here and at the server; `refused`:
 * the server did not take it; `remote`: not here, to be fetched.
 */
export const ATTACHMENT_STATES = ['held', 'waiting', 'sent', 'refused', 'remote'] as const;

export const attachmentStateSchema = z.object({
  sha256,
  state: z.enum(ATTACHMENT_STATES),
  /** Bytes of it that the server has. */
  sentBytes: z.number().int(),
  attempts: z.number().int(),
  /** What stopped it last. */
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type AttachmentStateView = z.infer<typeof attachmentStateSchema>;

export const ticketAttachmentSchema = attachmentStateSchema.extend({
  file: fileRefSchema,
  at: z.number().int(),
  byName: z.string(),
  /** The event that added it; null for an answer of the special form. */
  eventId: eventIdSchema.nullable(),
  /** This person may take it back. */
  canTakeBack: z.boolean(),
});
export type TicketAttachmentView = z.infer<typeof ticketAttachmentSchema>;

/** A file the server does not have. */
export const unsentAttachmentSchema = attachmentStateSchema.extend({ file: fileRefSchema, addedAt: z.number().int() });
export type UnsentAttachmentView = z.infer<typeof unsentAttachmentSchema>;

export const beginAttachmentInputSchema = z.strictObject({
  name: z.string().max(1_000),
  size: z.number().int().nonnegative(),
});
export const incomingAttachmentSchema = incoming;
export const appendAttachmentInputSchema = incoming.extend({ offset, data: base64 });
/** `written` is the line a form or draft keeps (attachment-ref.ts). */
export const storedAttachmentSchema = fileRefSchema.extend({ written: z.string() });
export const attachmentHashesSchema = z.strictObject({ hashes: z.array(sha256).max(400) });
/** `ticketUid`: the ticket through which somebody looks at it; null for a file of a draft. */
const lookedAt = z.strictObject({ sha256, ticketUid: ticketIdSchema.nullable() });
export const readAttachmentInputSchema = lookedAt.extend({ offset });
/** `size` of the whole file. */
export const attachmentBytesSchema = z.object({ data: z.string(), size: z.number().int() });
export const fetchAttachmentInputSchema = lookedAt.extend({ name: z.string().min(1).max(200) });
export const attachInputSchema = z.strictObject({
  uid: ticketIdSchema,
  files: z.array(textSchema(LIMITS.formListItem)).min(1).max(MOST_DRAFT_FILES),
});
export const attachmentsOfTicketSchema = z.object({
  files: z.array(ticketAttachmentSchema),
  /** The files of this ticket are not shown to this person. */
  hidden: z.boolean(),
});

export const attachmentsContract = {
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
};
