import { z } from 'zod';
import { opIdSchema } from '../kernel/ids.ts';

/** A file of another console's work, as it stands here. */
export const carriedItemSchema = z.object({
  id: z.string(),
  console: z.string(),
  seat: z.string(),
  name: z.string(),
  savedAt: z.number().int(),
  importedAt: z.number().int(),
  operations: z.number().int(),
  /** The server has answered all of it. */
  isDone: z.boolean(),
  applied: z.number().int(),
  refused: z.array(z.object({ opId: opIdSchema, reason: z.string() })),
  /** Error code that stops it; empty for none. */
  problem: z.string(),
  triedAt: z.number().int().nullable(),
  /** Attachments that came with it: in all, those the server has, and those whose bytes were not read yet. */
  files: z.object({ total: z.number().int(), sent: z.number().int(), missing: z.number().int() }),
});
export type CarriedItem = z.infer<typeof carriedItemSchema>;

/** Fewest characters of the passphrase that protects a file. */
export const PASSPHRASE_MIN = 10;
/** Longest file, in UTF-16 units: what one message between window and data process holds, some ten thousand tickets. */
export const CARRIED_FILE_MAX = 3_800_000;
/** Bytes of attachments that one call carries into the data process. */
export const CARRIED_PIECE = 1024 * 1024;
/** Most attachments in one file. */
export const MOST_CARRIED_FILES = 2_000;
