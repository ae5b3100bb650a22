import { z } from 'zod';
import { DAY_MS } from '../clock/beijing-day.ts';
import type { TicketStatus } from '../ticket-status.ts';

const epochMs = z.number().int().nonnegative();

/** 等待市民补充: the limits stand still until the citizen answers, somebody ends it, or the time is up. */
export const waitingSchema = z.object({ since: epochMs, until: epochMs, byName: z.string() });
export type Waiting = z.infer<typeof waitingSchema>;

/** How a 等待 ends: the citizen's 补充, by hand, by rule when its time is up. */
export const WAIT_ENDS = ['answered', 'by_hand', 'expired'] as const;

/** The longest that is waited for a citizen at once [our default]. */
export const MOST_WAITING_MS = 30 * DAY_MS;

/** States in which a limit runs that the citizen's answer is needed for. */
export const WAITABLE: readonly TicketStatus[] = ['accepted', 'review', 'to_dispatch', 'to_sign', 'handling'];

export const waitSteps = [
  z.strictObject({ step: z.literal('wait'), until: epochMs }),
  z.strictObject({ step: z.literal('wait_end'), why: z.enum(WAIT_ENDS) }),
] as const;
