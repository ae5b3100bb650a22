import { z } from 'zod';
import { PLACE_LEVELS } from '../domain/address/place-keys.ts';
import { draftSchema } from '../domain/intake.ts';
import { LIMITS, placeSchema, ticketLinkSchema } from '../domain/ticket.ts';
import { draftIdSchema, eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { base, ok } from './procedure.ts';
import { ticketSummarySchema } from './tickets.contract.ts';

/** What is compared of a text that is being written; the rest of a longer one is left out. */
export const PROBE_TEXT = 3_000;
const MOST_CANDIDATES = 20;

const limit = z.number().int().min(1).max(MOST_CANDIDATES).default(8);
const uid = ticketIdSchema;
const reason = textSchema(500);

/** A call that is being written down, as far as it is compared. */
export const duplicateProbeSchema = z.strictObject({
  phone: textSchema(LIMITS.phone),
  title: textSchema(LIMITS.title),
  content: textSchema(PROBE_TEXT),
  originalWords: textSchema(PROBE_TEXT),
  subject: textSchema(LIMITS.address),
  place: placeSchema,
  categoryCode: textSchema(20).nullable(),
});
export type DuplicateProbeInput = z.infer<typeof duplicateProbeSchema>;

export const likenessReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('phone'), days: z.number().int() }),
  z.object({ kind: z.literal('place'), level: z.enum(PLACE_LEVELS), name: z.string() }),
  z.object({ kind: z.literal('words'), percent: z.number().int() }),
  z.object({ kind: z.literal('category') }),
  z.object({ kind: z.literal('other-area') }),
]);

export const findDuplicatesInputSchema = z.strictObject({ probe: duplicateProbeSchema, limit });
export const joinDraftInputSchema = z.strictObject({
  id: draftIdSchema,
  revision: z.number().int().nonnegative(),
  ticketUid: ticketIdSchema,
  kind: z.enum(['note', 'remind']),
});
/** `text`: words of the note that takes back what the server may know already. */
export const separateDraftInputSchema = z.strictObject({ id: draftIdSchema, text: reason.min(1) });
export const planLinkInputSchema = z.strictObject({ id: draftIdSchema, parentUid: ticketIdSchema.nullable() });
export const unlinkInputSchema = z.strictObject({ uid, reason });
export const withdrawNoteInputSchema = z.strictObject({ uid, eventId: eventIdSchema, text: reason.min(1) });
/** `removed`: nothing of it stays; `noted`: a further note takes it back. */
export const withdrawalSchema = z.enum(['removed', 'noted']);
export const withdrawableSchema = z.object({ eventId: eventIdSchema, draftId: draftIdSchema.nullable() });
/** A promise that still binds. */
export const openPromiseSchema = z.object({
  eventId: eventIdSchema,
  text: z.string(),
  byName: z.string(),
  at: z.number().int(),
  dueAt: z.number().int().nullable(),
  /** This user may take it back. */
  mine: z.boolean(),
});
export const linkSchema = ticketLinkSchema.nullable();

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
  /** The ticket itself as a line of a list. */
  self: ticketSummarySchema,
  link: linkSchema,
  parent: ticketSummarySchema.nullable(),
  children: z.array(ticketSummarySchema),
  /** This user may take children out again (拆分), and merge those that are proposed. */
  mayMerge: z.boolean(),
  withdrawable: z.array(withdrawableSchema),
  promises: z.array(openPromiseSchema),
});
export type TicketRelations = z.infer<typeof ticketRelationsSchema>;

export const duplicatesContract = {
  /** Tickets that may be about what is being written down, the likeliest first. */
  find: base.input(findDuplicatesInputSchema).output(z.array(duplicateCandidateSchema)),
  /**
   * 补充 or 催办 with the words of a draft, which is closed as 已并入. Repeating it changes nothing. Files of a caller who is to be kept
   * secret stay with the draft; the answer says how many.
   */
  joinDraft: base.input(joinDraftInputSchema).output(z.object({ filesLeftOut: z.number().int().nonnegative() })),
  /** Takes joinDraft back: the notes are withdrawn and the draft is open again. */
  separateDraft: base.input(separateDraftInputSchema).output(z.object({ draft: draftSchema, how: withdrawalSchema })),
  /** The 母单 to propose when the draft is submitted; null for none. */
  planLink: base.input(planLinkInputSchema).output(draftSchema),
  /** Takes a proposal of 并单 back. */
  unlink: base.input(unlinkInputSchema).output(ok),
  /** Takes an own 补充 or 催办 back. */
  withdrawNote: base.input(withdrawNoteInputSchema).output(z.object({ how: withdrawalSchema })),
  relations: base.input(z.strictObject({ uid: ticketIdSchema })).output(ticketRelationsSchema),
};
