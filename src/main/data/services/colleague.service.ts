import { z } from 'zod';
import { type Colleague, colleagueSchema } from '#shared/contract/server.contract.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import type { WorkContext } from './work-context.ts';

const NAME = 'seat-directory';

/** The seats of the centre as the server told them last; small enough to be one value. */
const directorySchema = z.object({
  hash: z.string(),
  syncedAt: z.number().int(),
  seats: z.array(colleagueSchema),
});
export type SeatDirectory = z.infer<typeof directorySchema>;

/** The stored directory, null before the first one (or when an older build wrote another shape). */
export function findDirectory(db: ReadableDb): SeatDirectory | null {
  const stored = findSetting(db, NAME);
  if (stored === null) return null;
  const parsed = directorySchema.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : null;
}

export function saveDirectory(db: WritableDb, directory: SeatDirectory): void {
  saveSetting(db, NAME, JSON.stringify(directory));
}

/** Everybody a call can be passed on to, by 工号; not the own seat. */
export function listColleagues(ctx: WorkContext): { readonly seats: Colleague[]; readonly syncedAt: number | null } {
  const directory = findDirectory(ctx.db);
  const others = (directory?.seats ?? []).filter((colleague) => colleague.seat !== ctx.user.seat);
  return { seats: others, syncedAt: directory?.syncedAt ?? null };
}
