import { z } from 'zod';
import { citizenSchema } from '../domain/citizen.ts';
import { LIMITS, ticketSchema } from '../domain/ticket.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';

/** Tickets in one answer at most, and tickets a console asks about at once. */
export const HISTORY_MAX_TICKETS = 200;
export const HISTORY_MAX_KNOWN = 500;
/** Records in one answer at most. */
export const HISTORY_MAX_CITIZENS = 100;

const number = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** What is asked of the history that a console does not hold. */
export const historyRequestSchema = z.discriminatedUnion('by', [
  /** Tickets of a caller by normalized numbers, taken in before a moment (epoch ms); never those of callers who gave no name. */
  z.strictObject({
    by: z.literal('phones'),
    phones: z.array(textSchema(LIMITS.phone).min(3)).min(1).max(20),
    before: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  }),
  z.strictObject({ by: z.literal('number'), number }),
  /** Tickets seen before: those that have changed since come again. */
  z.strictObject({
    by: z.literal('known'),
    tickets: z
      .array(z.strictObject({ uid: ticketIdSchema, version: z.number().int().nonnegative() }))
      .min(1)
      .max(HISTORY_MAX_KNOWN),
  }),
]);
export type HistoryRequest = z.infer<typeof historyRequestSchema>;

export const historyResponseSchema = z.object({
  /** Newest first. */
  tickets: z.array(ticketSchema),
  /** There are older ones than these. */
  more: z.boolean(),
  /** Of those seen before: what is not there any more, or not for this person to read. */
  gone: z.array(z.string()),
  /**
   * Who is known under the numbers that were asked about, with the records they are merged with: a console that is not through with its first pull has
   * not got them. Servers from before leave it out; where one has a shape that is not understood here, the tickets are worth having without them.
   */
  citizens: z.array(citizenSchema).catch([]),
});
export type HistoryResponse = z.infer<typeof historyResponseSchema>;
