import { z } from 'zod';
import { draftSchema, intakeContentSchema, intakeOutcomeSchema } from '../domain/intake.ts';
import { callFactsSchema, handOffsSchema, LIMITS } from '../domain/ticket.ts';
import { draftIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { base, ok } from './procedure.ts';

export const draftsContract = {
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
  discard: base.input(z.strictObject({ id: draftIdSchema })).output(ok),
  /** Discarded drafts with something written in them, the last one first, that hold what is typed; `more`: not all of them. */
  discarded: base
    .input(z.strictObject({ query: textSchema(200) }))
    .output(z.object({ drafts: z.array(draftSchema), more: z.boolean() })),
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
};

/** More than a note may have, so that a text that is too long is kept while it is shortened. */
export const NOTE_DRAFT_MAX = 10 * LIMITS.longText;

export const notesContract = {
  /** Notes begun on tickets and not sent. */
  list: base.output(z.array(z.object({ uid: ticketIdSchema, text: z.string() }))),
  /** Keeps the text begun for a ticket until it is sent; answers once it is on disk. An empty text forgets it. */
  keep: base.input(z.strictObject({ uid: ticketIdSchema, text: textSchema(NOTE_DRAFT_MAX) })).output(ok),
};
