import { z } from 'zod';
import { eventIdSchema } from '../../kernel/ids.ts';
import type { TicketStatus } from '../ticket-status.ts';

const epochMs = z.number().int().nonnegative();

/** 等待市民补充: the limits stand still until the citizen answers, somebody ends it, or the time is up. */
export const waitingSchema = z.object({
  /** The event that began it; none of a build that did not name it. */
  id: eventIdSchema.optional(),
  since: epochMs,
  until: epochMs,
  byName: z.string(),
  /** Asked for by the unit itself, whose times are counted. */
  isUnits: z.boolean().optional(),
});
export type Waiting = z.infer<typeof waitingSchema>;

/** How a 等待 ends: the citizen's 补充, by hand, by rule when its time is up. */
export const WAIT_ENDS = ['answered', 'by_hand', 'expired'] as const;

/** What a unit has waited in a round: how often, and how long, ms. A 等待 that goes on counts up to the time that was set. */
export const unitWaitsSchema = z.object({
  round: z.number().int().nonnegative(),
  times: z.number().int().nonnegative(),
  ms: epochMs,
});
type UnitWaits = z.infer<typeof unitWaitsSchema>;

/** What a unit has waited so far in the round that the ticket is in. */
export function unitWaitsOf({ round, unitWaits }: { round: number; unitWaits?: UnitWaits | undefined }): UnitWaits {
  return unitWaits?.round === round ? unitWaits : { round, times: 0, ms: 0 };
}

/** States in which a limit runs that the citizen's answer is needed for. */
export const WAITABLE: readonly TicketStatus[] = ['accepted', 'review', 'to_dispatch', 'to_sign', 'handling'];

export const waitSteps = [
  z.strictObject({ step: z.literal('wait'), until: epochMs }),
  /** `ref`: the 等待 that its author saw; left out it is whichever there is. */
  z.strictObject({ step: z.literal('wait_end'), why: z.enum(WAIT_ENDS), ref: eventIdSchema.optional() }),
] as const;
