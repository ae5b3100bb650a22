import { z } from 'zod';
import { PLACE_LEVELS } from '../domain/address/place-keys.ts';
import { LIMITS, placeSchema, ticketLinkSchema } from '../domain/ticket.ts';
import { draftIdSchema, eventIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';

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
export const findDuplicatesOfInputSchema = z.strictObject({ uid, limit });
export const joinDraftInputSchema = z.strictObject({
  id: draftIdSchema,
  revision: z.number().int().nonnegative(),
  ticketUid: ticketIdSchema,
  kind: z.enum(['note', 'remind']),
});
/** `text`: words of the note that takes back what the server may know already. */
export const separateDraftInputSchema = z.strictObject({ id: draftIdSchema, text: reason.min(1) });
export const planLinkInputSchema = z.strictObject({ id: draftIdSchema, parentUid: ticketIdSchema.nullable() });
export const linkInputSchema = z.strictObject({ uid, parentUid: ticketIdSchema, reason });
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
