import { z } from 'zod';
import phrasesFile from '#resources/demo/phrases.json' with { type: 'json' };

const list = z.array(z.string()).min(1);
/** Texts that many matters share. */
export const phrasesSchema = z.strictObject({
  /** Drawn anew at each place where a text names them. */
  phrases: z.record(z.string(), list),
  /** Drawn once per ticket, formal and spoken form. */
  slots: z.record(z.string(), list),
  landmarks: z.strictObject({ road: list, estate: list, village: list }),
  rejections: list,
  returns: list,
  extensions: list,
  accounts: list,
  reminders: list,
  satisfied: list,
  dissatisfied: list,
});
export type Phrases = z.infer<typeof phrasesSchema>;

/** @throws with path when the file does not fit its schema */
export function loadPhrases(): Phrases {
  const parsed = phrasesSchema.safeParse(phrasesFile);
  if (!parsed.success) throw new Error(`resources/demo/phrases.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
