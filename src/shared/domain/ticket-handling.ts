import { z } from 'zod';
import { CALENDAR_STANDINGS } from './clock/calendar-year.ts';
import { coOrderSchema } from './co-order.ts';
import { ownershipSchema } from './overlay/ownership.ts';
import { openReviewSchema } from './overlay/review-record.ts';
import { unitWaitsOf, unitWaitsSchema, waitingSchema } from './overlay/waiting.ts';
import { ACCOUNT_CAUSES, callbackAnswersSchema, UNIT_BASES, unitNameSchema } from './ticket-act.ts';

const epochMs = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

/**
 * What dispatch, returns, extensions and 回访 left on a ticket. The words of each are in its events. Left out of a ticket of which there is
 * nothing to say; unknown members of a later build are passed over.
 */
export const ticketHandlingSchema = z.object({
  /** 协办 beside the ticket's unit. */
  coUnits: z.array(unitNameSchema).default([]),
  /** What each of them has to do, those that are over included; none on a ticket of builds where 协办 only read. */
  coOrders: z.array(coOrderSchema).default([]),
  /** Why the unit was chosen. */
  basis: z.enum(UNIT_BASES).nullable().default(null),
  /** How often units were sent to work: 1 with the first dispatch, one more after every approved return and every 重办. */
  round: count.default(1),
  /** Units whose 退单 was approved, in their order. */
  returnedBy: z.array(unitNameSchema).default([]),
  /** 退单 or 延期 that waits for a decision; `days` an extension asks for. */
  request: z
    .object({ kind: z.enum(['return', 'extension']), unit: z.string(), at: epochMs, days: count.nullable() })
    .nullable()
    .default(null),
  /** Working days granted so far; null when no extension was. */
  extendedBy: count.nullable().default(null),
  /** 挂账 since then, to be looked at again on that day, and why. */
  account: z
    .object({ at: epochMs, reviewAt: epochMs, cause: z.enum(ACCOUNT_CAUSES).optional() })
    .nullable()
    .default(null),
  /** 权属不清 with its two stages; null for a ticket whose owner nobody asked for. */
  ownership: ownershipSchema.nullable().default(null),
  /** 联席研判 that was opened and not held yet; left out when none is to come. */
  review: openReviewSchema.optional(),
  /** 等待市民补充; left out of a ticket that waits for nobody. */
  waiting: waitingSchema.optional(),
  /** What units waited of their own accord; left out as long as none did. */
  unitWaits: unitWaitsSchema.optional(),
  /** The last 回访. */
  callback: callbackAnswersSchema.extend({ at: epochMs, byName: z.string() }).nullable().default(null),
  /** Calls of this 回访 that nobody answered. */
  attempts: z.array(z.object({ at: epochMs, byName: z.string() })).default([]),
  /** When the citizen is to be tried again; null before the first attempt and when nobody tries any more. */
  nextCall: z
    .object({ from: epochMs, to: epochMs, calendar: z.enum(CALENDAR_STANDINGS).optional() })
    .nullable()
    .default(null),
});
export type TicketHandling = z.infer<typeof ticketHandlingSchema>;

/** Of a ticket that went to nobody yet. */
export const NO_HANDLING: TicketHandling = ticketHandlingSchema.parse({});

/** What handling left on a ticket, also of one from before it was written down. */
export function handlingOf({ handling }: { readonly handling?: TicketHandling | undefined }): TicketHandling {
  return handling ?? NO_HANDLING;
}

/** A ticket that waits for its citizen no more. @param at until when it did, epoch ms: what a unit did not wait it has left */
export function awaited<T extends { readonly handling?: TicketHandling | undefined }>(ticket: T, at: number): T {
  if (!ticket.handling?.waiting) return ticket;
  const { waiting, ...handling } = ticket.handling;
  const spent = unitWaitsOf(handling);
  if (!waiting.isUnits || spent.times === 0) return { ...ticket, handling };
  const left = Math.max(0, waiting.until - Math.max(at, waiting.since));
  return { ...ticket, handling: { ...handling, unitWaits: { ...spent, ms: Math.max(0, spent.ms - left) } } };
}

/** A ticket of which no 联席研判 is to come any more. */
export function reviewed({ review: _held, ...handling }: TicketHandling): TicketHandling {
  return handling;
}

/** Approved returns after which units are not asked one by one any more: the next 退单 goes to 联席研判. */
export const MOST_RETURNS = 2;

/** True when the return that waits is one too many (third round): 联席研判 decides who has it. */
export function needsJointReview({ returnedBy }: TicketHandling): boolean {
  return returnedBy.length >= MOST_RETURNS;
}
