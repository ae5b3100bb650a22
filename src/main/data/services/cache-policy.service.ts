import { z } from 'zod';
import { type CachePolicy, cachePolicySchema, type HeldMonths, policyOf } from '#shared/domain/cache-policy.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';

const POLICY = 'cache-policy';
const COVERAGE = 'cache-coverage';

/** How much of the centre's tickets this profile is to hold. */
export function getCachePolicy(db: ReadableDb, role: Role): CachePolicy {
  const chosen = cachePolicySchema.safeParse(readJson(findSetting(db, POLICY)));
  return policyOf(role, chosen.success ? chosen.data : null);
}

/** Keeps what was chosen; it holds from the next greeting of the server on. */
export function saveCachePolicy(db: WritableDb, policy: CachePolicy): void {
  saveSetting(db, POLICY, JSON.stringify(policy));
}

const coverageSchema = z.object({
  from: z.string(),
  outside: z.object({ months: z.number().int(), tickets: z.number().int() }),
});

/** Which months were held and what was outside of them when the server was greeted last; null before that. */
export function findCoverage(db: ReadableDb): HeldMonths | null {
  const known = coverageSchema.safeParse(readJson(findSetting(db, COVERAGE)));
  return known.success ? known.data : null;
}

/** Keeps it, so that it can be said without a network. */
export function saveCoverage(db: WritableDb, { from, outside }: HeldMonths): void {
  const text = JSON.stringify({ from, outside });
  if (findSetting(db, COVERAGE) !== text) saveSetting(db, COVERAGE, text);
}

function readJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
