import { z } from 'zod';
import { LIMITS, placeSchema } from '../domain/ticket.ts';
import { opIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';

/** A value beside another one: a text, a code, a time, a list. */
export const comparedValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
  placeSchema,
]);
export type ComparedValue = z.infer<typeof comparedValueSchema>;

/** One field of a refused operation: before it, as its author wrote it, and as the server holds it now. */
export const comparedFieldSchema = z.object({
  /** Name of the field, see {@link COMPARED_FIELDS}, or `answers.<field of the special form>`. */
  field: z.string(),
  /** Undefined when nobody knows what was there before. */
  before: comparedValueSchema.optional(),
  mine: comparedValueSchema,
  /** Undefined when the server holds no such row, or nothing of this field. */
  theirs: comparedValueSchema.optional(),
  /** Somebody else changed it meanwhile. */
  isClash: z.boolean(),
  /** Who wrote what the server holds, and when; no name where none is known. */
  by: z.object({ name: z.string(), at: z.number().int() }).nullable(),
  /** The person may write a third value. */
  isText: z.boolean(),
});
export type ComparedField = z.infer<typeof comparedFieldSchema>;

/** How a refused operation can be merged: field by field, in the form it was made with, or in the editor of articles. */
export const mergeWaySchema = z.enum(['fields', 'form', 'article']);
export type MergeWay = z.infer<typeof mergeWaySchema>;

/** A refused operation beside what the server holds. */
export const comparisonSchema = z.object({
  opId: opIdSchema,
  fields: z.array(comparedFieldSchema),
  /** The row at the server as far as this console knows; null when it has none. */
  server: z
    .object({ number: z.string(), status: z.string().nullable(), byName: z.string(), at: z.number().int() })
    .nullable(),
  merge: mergeWaySchema.nullable(),
  /** Sending it again as it is can still be taken: false for a decision that the state of the ticket does not allow any more. */
  redoable: z.boolean(),
  /** Special form of the ticket, for the names of its fields. */
  form: z.object({ id: z.string(), version: z.number().int() }).nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Values chosen or written when merging, by field; a field left out keeps what its author wrote. */
export const mergedValuesSchema = z.record(
  z.string().max(60),
  z.union([
    textSchema(LIMITS.longText),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(textSchema(LIMITS.longText)).max(100),
    placeSchema,
  ]),
);
export type MergedValues = z.infer<typeof mergedValuesSchema>;

/** A refused operation that somebody has decided about. */
export const settledItemSchema = z.object({
  opId: opIdSchema,
  kind: z.string(),
  label: z.string(),
  at: z.number().int(),
  reason: z.object({ code: z.string(), detail: z.string() }),
  decision: z.enum(['theirs', 'mine', 'merged']),
  decidedAt: z.number().int(),
});
export type SettledItem = z.infer<typeof settledItemSchema>;
