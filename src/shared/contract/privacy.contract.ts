import { z } from 'zod';
import { citizenSchema } from '../domain/citizen.ts';
import { REVEAL_FIELDS } from '../domain/masking.ts';
import { ticketSchema } from '../domain/ticket.ts';
import { textSchema } from '../kernel/text.ts';
import { base } from './procedure.ts';

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

export const privacyContract = {
  /**
   * Looks at one masked value of a ticket or a person. That it was looked at, by whom and why, is on the disk and on its way to the
   * server before the answer is given; when it cannot be written down there is no answer.
   */
  reveal: base.input(revealRequestSchema).output(revealedSchema),
};
