import { z } from 'zod';
import { consoleIdSchema, opIdSchema, userIdSchema } from '../kernel/ids.ts';
import { PUSH_MAX_OPS } from './protocol.ts';
import { opResultCodeSchema } from './wire.ts';

/** Longest text of one part in UTF-16 units; one operation alone may be longer. */
export const CARRIED_PART_LENGTH = 200_000;
/** Longest text of a part that the server takes. */
const LONGEST_PART = 700_000;

/**
 * Work of a console without a network, carried to another one by hand: what the first one would have pushed, word for word, with its own
 * numbers and ids. It is the text that is signed, so it travels as text.
 */
export const carriedTextSchema = z.strictObject({
  format: z.literal('hotline-carried'),
  version: z.literal(1),
  console: consoleIdSchema,
  incarnation: z.number().int().positive().max(2_147_483_647),
  schema: z.number().int().positive().max(1_000_000),
  /** Whose work it is. */
  user: userIdSchema,
  ops: z.array(z.unknown()).min(1).max(PUSH_MAX_OPS),
});
export type CarriedText = z.infer<typeof carriedTextSchema>;

/** A part as it is handed in, with the Ed25519 signature (base64) of the console it comes from. */
export const carriedPartSchema = z.strictObject({
  text: z.string().max(LONGEST_PART),
  signature: z.base64().length(88),
});
export type CarriedPart = z.infer<typeof carriedPartSchema>;

/** What became of each operation of a part. */
export const carriedResultsSchema = z.object({
  results: z.array(z.object({ opId: opIdSchema, code: opResultCodeSchema, reason: z.string().optional() })),
});
export type CarriedResults = z.infer<typeof carriedResultsSchema>;

/** The public key of a console: 32 bytes of Ed25519, base64. */
export const consoleKeySchema = z.strictObject({ publicKey: z.base64().length(44) });

/** What is signed: the purpose stands in front, so that a signature of one thing never passes for another. */
export function signedText(purpose: 'part' | 'file', text: string): string {
  return `hotline carried ${purpose} v1\n${text}`;
}
