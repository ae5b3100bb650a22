import { z } from 'zod';
import { draftIdSchema, opIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { comparisonSchema, mergedValuesSchema, settledItemSchema } from './attention.contract.ts';
import { CARRIED_FILE_MAX, CARRIED_PIECE, carriedItemSchema, PASSPHRASE_MIN } from './carried.contract.ts';
import { base, ok } from './procedure.ts';

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

export const outboxContract = {
  list: base.output(z.array(outboxItemSchema)),
  /** Tries now instead of at the next scheduled time. */
  retryNow: base.output(ok),
  /** Every unconfirmed operation as JSON text, for the file the person saves. */
  exportAll: base.output(z.object({ fileName: z.string(), text: z.string() })),
  /**
   * What waits as an encrypted, signed file for another seat, protected by a passphrase: its first line. With `files` attachments the bytes of
   * `carriedBytes` follow.
   */
  saveCarried: base.input(z.strictObject({ passphrase: textSchema(200).min(PASSPHRASE_MIN) })).output(
    z.object({
      id: z.string(),
      fileName: z.string(),
      text: z.string(),
      operations: z.number().int(),
      files: z.number().int(),
    }),
  ),
  /** The next bytes of the attachments of the file saved last, base64; empty at their end. */
  carriedBytes: base.input(z.strictObject({ id: z.uuid() })).output(z.object({ data: z.string() })),
  /**
   * Takes such a file of another console over by its first line, to be handed in from here. When attachments are missing, the bytes behind that line are
   * expected by `takeCarriedBytes`.
   */
  takeCarried: base
    .input(z.strictObject({ text: textSchema(CARRIED_FILE_MAX), passphrase: textSchema(200).min(1) }))
    .output(carriedItemSchema),
  /** The next bytes of its attachments, cut anywhere. @returns how many of them are still to come */
  takeCarriedBytes: base
    .input(z.strictObject({ id: z.uuid(), data: z.base64().max(4 * Math.ceil(CARRIED_PIECE / 3)) }))
    .output(z.object({ left: z.number().int() })),
  /** Files that were brought here, with what became of their work. */
  carried: base.output(z.array(carriedItemSchema)),
  /** Queues a refused operation again as a new one with the same content, with those related to it. */
  redo: base.input(z.strictObject({ opId: opIdSchema })).output(z.object({ count: z.number().int() })),
  /** Opens a refused ticket again as a draft; submitted, it takes the place of what was refused. */
  correct: base.input(z.strictObject({ opId: opIdSchema })).output(z.object({ draftId: draftIdSchema })),
  /** A refused operation beside what the server holds now, field by field. */
  compare: base.input(z.strictObject({ opId: opIdSchema })).output(comparisonSchema),
  /** Sends a refused operation again with the values that were chosen or written for its fields. */
  merge: base
    .input(z.strictObject({ opId: opIdSchema, values: mergedValuesSchema }))
    .output(z.object({ count: z.number().int() })),
  /** Refused operations that were decided, the last one first. */
  settled: base.output(z.array(settledItemSchema)),
  /** Gives a refused operation up, with those that came after it; the words of a new ticket come back as a draft. */
  discard: base
    .input(z.strictObject({ opId: opIdSchema }))
    .output(z.object({ count: z.number().int(), draftId: draftIdSchema.nullable() })),
};
