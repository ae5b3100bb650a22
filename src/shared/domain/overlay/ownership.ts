import { z } from 'zod';

const epochMs = z.number().int().nonnegative();

/**
 * 权属不清: nobody knows whose the matter is, so a unit acts first (先解决问题再说) and the owner is found meanwhile. Closed in two stages: 消险, then
 * 确权.
 */
export const ownershipSchema = z.object({
  since: epochMs,
  byName: z.string(),
  /** The unit that acts; it need not be the owner's. */
  unit: z.string(),
  /** 消险: when the danger was gone. */
  safeAt: epochMs.nullable(),
  /** 权属单位 with the time of the 确权; null until it is settled. */
  owner: z.object({ unit: z.string(), at: epochMs }).nullable(),
});
export type Ownership = z.infer<typeof ownershipSchema>;

/** A ticket that a unit acts on although it is not known whose it is. A ticket marked before keeps what was found out. */
export function actingFirst(known: Ownership | null, unit: string, byName: string, at: number): Ownership {
  return known ? { ...known, unit } : { since: at, byName, unit, safeAt: null, owner: null };
}

/** The owner is known from now on; the first settlement counts. */
export function ownedBy(known: Ownership | null, unit: string, at: number): Ownership | null {
  return known && { ...known, owner: known.owner ?? { unit, at } };
}

/** What is still open of the two stages; null for a ticket without them, or with both done. */
export function openStage(ownership: Ownership | null | undefined): 'make_safe' | 'own' | null {
  if (!ownership) return null;
  if (ownership.safeAt === null) return 'make_safe';
  return ownership.owner === null ? 'own' : null;
}
