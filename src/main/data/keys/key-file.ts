import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { consoleIdSchema } from '#shared/kernel/ids.ts';
import { syncFolder, writeFileDurably } from '../db/files.ts';
import { DataError, errnoOf, toDataError } from '../errors.ts';

const sealedSchema = z.strictObject({ nonce: z.base64(), data: z.base64() });

/** `key.json` of a profile. Nothing in it opens the data without the password (and the device secret, when one was used). */
export const keyFileSchema = z.strictObject({
  format: z.literal(1),
  account: z.string().min(1),
  /** Name of the agent for the unlock screen. */
  name: z.string(),
  mode: z.enum(['demo', 'production']),
  consoleId: consoleIdSchema,
  /** Copy of the cache's incarnation, so that a lost cache never re-uses operation numbers; 0 before the first opening. */
  incarnation: z.number().int().nonnegative(),
  kdf: z.strictObject({
    salt: z.base64(),
    memoryKib: z.number().int().min(8).max(1_048_576),
    passes: z.number().int().min(1).max(20),
    lanes: z.number().int().min(1).max(8),
  }),
  /** Check value of the device secret the wrap was made with; null when none was. */
  deviceCheck: z.base64().nullable(),
  wrap: sealedSchema,
  keyCheck: z.base64(),
  /** The user record, encrypted: work goes on offline even after the cache was lost. */
  user: sealedSchema,
  /** Failed unlocks in a row and when the last one happened (AU-4). */
  failures: z.strictObject({ count: z.number().int().nonnegative(), lastAt: z.number().int().nonnegative() }),
});
export type KeyFile = z.infer<typeof keyFileSchema>;

/** Folder of a profile: the account's hash, so that a listing of the disk names nobody. */
export function profileFolder(root: string, mode: string, account: string): string {
  const hash = createHash('sha256').update(`${mode}\n${account.toLowerCase()}`).digest('hex').slice(0, 32);
  return join(root, 'profiles', hash);
}

/**
 * Reads `key.json` of a profile.
 * @returns null when there is none
 * @throws DataError DATABASE_DAMAGED when it cannot be read as one
 */
export function readKeyFile(folder: string): KeyFile | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'key.json'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw toDataError(error);
  }
  try {
    return keyFileSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new DataError('DATABASE_DAMAGED', 'key.json is not readable', undefined, error);
  }
}

/** Writes `key.json` so that a kill leaves the old or the new one. */
export function writeKeyFile(folder: string, file: KeyFile): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileDurably(join(folder, 'key.json'), `${JSON.stringify(keyFileSchema.parse(file), null, 1)}\n`);
    syncFolder(join(folder, '..'));
  } catch (error) {
    throw toDataError(error);
  }
}

/** Accounts with a profile on this console in a mode, by account name. Unreadable ones are left out here and reported at sign-in. */
export function listProfiles(
  root: string,
  mode: string,
): readonly { readonly account: string; readonly name: string }[] {
  const folder = join(root, 'profiles');
  if (!existsSync(folder)) return [];
  const profiles = readdirSync(folder).flatMap((entry) => {
    try {
      const file = readKeyFile(join(folder, entry));
      return file && file.mode === mode ? [{ account: file.account, name: file.name }] : [];
    } catch {
      return [];
    }
  });
  return profiles.sort((a, b) => (a.account < b.account ? -1 : 1));
}
