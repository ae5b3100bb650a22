import { z } from 'zod';
import { LINES, type Line } from '../roles.ts';
import type { Ticket } from '../ticket.ts';
import { handlingOf } from '../ticket-handling.ts';
import type { TicketStatus } from '../ticket-status.ts';

/** Why a ticket is checked whatever chance says: 重办, 不满意, 未解决. */
export const ALWAYS_CHECKED = ['redo', 'unsatisfied', 'unsolved'] as const;
/** Why a ticket is to be checked: drawn by the rule, or one of {@link ALWAYS_CHECKED}. */
export const CHECK_REASONS = ['drawn', ...ALWAYS_CHECKED] as const;
export type CheckReason = (typeof CHECK_REASONS)[number];

/** The file resources/quality/sampling.json. */
export const samplingRuleSchema = z.strictObject({
  version: z.number().int().positive(),
  /** Tickets of each line that are drawn, of 256. */
  shareOf256: z.record(z.enum(LINES), z.number().int().min(0).max(256)),
  always: z.array(z.enum(ALWAYS_CHECKED)),
  /** Days after its end in which a ticket waits to be checked. */
  windowDays: z.number().int().min(1).max(366),
  /** Working days in which the agent may appeal. */
  appealWorkdays: z.number().int().min(1).max(30),
  source: z.string().min(1).max(300),
});
export type SamplingRule = z.infer<typeof samplingRuleSchema>;

/** Reads the sampling rule. @throws Error naming file, place and reason when it is not a good one */
export function readSamplingFile(json: unknown): SamplingRule {
  const parsed = samplingRuleSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/quality/sampling.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Ends of a ticket that say something of who took it in; a merged one is checked under its 母单. */
export const CHECKED_STATUSES: readonly TicketStatus[] = [
  'closed_direct',
  'rejected',
  'handed_off',
  'closed',
  'archived',
];

/** The last two hex digits of a uid below which a ticket is drawn; every pair is below `g`. */
export function drawnBelow(share: number): string {
  return share >= 256 ? 'g' : share.toString(16).padStart(2, '0');
}

/**
 * Why a ticket is to be checked, empty when it is not. Decided by its uid and what became of it alone, so that every console draws the
 * same tickets without asking anybody. Tickets nobody of this centre made are never checked.
 */
export function reasonsToCheck(ticket: Ticket, rule: SamplingRule): readonly CheckReason[] {
  if (ticket.createdById === null || ticket.closedAt === null || !CHECKED_STATUSES.includes(ticket.status)) return [];
  const { round, returnedBy, callback } = handlingOf(ticket);
  const found: Readonly<Record<CheckReason, boolean>> = {
    drawn: isDrawn(ticket.uid, ticket.fields.line, rule),
    // Rounds also come of approved returns, of which the agent is not the cause.
    redo: rule.always.includes('redo') && round - returnedBy.length > 1,
    unsatisfied: rule.always.includes('unsatisfied') && callback?.satisfied === false,
    unsolved: rule.always.includes('unsolved') && callback?.solved === false,
  };
  return CHECK_REASONS.filter((reason) => found[reason]);
}

function isDrawn(uid: string, line: Line, rule: SamplingRule): boolean {
  return uid.slice(-2) < drawnBelow(rule.shareOf256[line]);
}
