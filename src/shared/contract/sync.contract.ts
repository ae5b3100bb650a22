import { z } from 'zod';
import { cachePolicySchema } from '../domain/cache-policy.ts';
import { teamSchema } from '../domain/team.ts';
import { LOST_NOTE_KINDS } from '../domain/ticket.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { coverageSchema } from './coverage.contract.ts';
import { base, ok } from './procedure.ts';
import { ticketSummarySchema } from './tickets.contract.ts';

/** Why rows that the server no longer has wait for a person: it was restored or replaced, or it deletes suspiciously much. */
export const heldReasonSchema = z.enum(['server-restored', 'mass-delete']);
export type HeldReason = z.infer<typeof heldReasonSchema>;

/** Their rows go from this computer, or stay here without the server having them. */
export const heldDecisionSchema = z.enum(['delete', 'keep']);
export type HeldDecision = z.infer<typeof heldDecisionSchema>;

/** Own work that the server had confirmed and lost when it was restored. */
export const missingWorkSchema = z.object({
  tickets: z.array(ticketSummarySchema),
  notes: z.array(
    z.object({
      eventId: z.string(),
      ticketUid: ticketIdSchema,
      number: z.number().int().positive().nullable(),
      provisionalNo: z.string(),
      acceptedAt: z.number().int().nullable(),
      kind: z.enum(LOST_NOTE_KINDS),
      /** Words of the note, name of the file. */
      text: z.string(),
      at: z.number().int(),
    }),
  ),
});
export type MissingWork = z.infer<typeof missingWorkSchema>;

/** Where the console stands with the server; from real request outcomes only. */
export const syncStatusSchema = z.object({
  connection: z.enum(['never-tried', 'online', 'offline', 'refused']),
  /** Error code of the last failed request, with what the server or network said. */
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  lastSuccessAt: z.number().int().nullable(),
  nextTryAt: z.number().int().nullable(),
  /** What is not confirmed: operations that wait, and those that were refused and need a person. */
  outbox: z.object({ waiting: z.number().int(), needsAttention: z.number().int() }),
  /** First sync or catching up: rows received of rows expected; null when caught up. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Rows on this computer, for the data scope in the status bar: also those the server does not have. */
  cached: z.object({ tickets: z.number().int(), citizens: z.number().int() }),
  /** The first sync is through: every month of tickets kept here has come in full once. Until then counts are too low. */
  isWhole: z.boolean(),
  /** Result of the last comparison of count and digest with the server. */
  parity: z.enum(['unknown', 'equal', 'different']),
  /** Rows the server no longer has that wait for a decision, and own work among what it lost; null when there is neither. */
  held: z
    .object({
      because: heldReasonSchema,
      tickets: z.number().int(),
      citizens: z.number().int(),
      records: z.number().int(),
      ownTickets: z.number().int(),
      ownNotes: z.number().int(),
    })
    .nullable(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

export const syncContract = {
  coverage: base.output(coverageSchema),
  /** Chooses the 班组 whose tickets the queues show first, null for all. NOT_FOUND when the centre has no such 班组. */
  saveTeam: base.input(z.strictObject({ team: teamSchema.nullable() })).output(ok),
  /** Chooses the 班组 whose tickets are kept on this computer, none for all. FORBIDDEN for roles that need all; NOT_FOUND. */
  saveKeptTeams: base.input(z.strictObject({ teams: z.array(teamSchema).max(200) })).output(ok),
  /** Chooses how much this computer holds. */
  saveCachePolicy: base.input(z.strictObject({ policy: cachePolicySchema })).output(ok),
  status: base.output(syncStatusSchema),
  /** Own work that a restored server has lost, at most 200 tickets and notes. */
  missingWork: base.output(missingWorkSchema),
  /** Queues that work again. */
  sendAgain: base.output(z.object({ tickets: z.number().int(), notes: z.number().int() })),
  /**
   * Decides about the rows the server no longer has. 班长, 督办员 and 管理员 decide by themselves; anybody else needs one of them to
   * enter account and password. Rows are not deleted while own work among them was not sent again.
   */
  decideHeld: base
    .input(
      z.strictObject({
        decision: heldDecisionSchema,
        approver: z.strictObject({ account: textSchema(40).min(1), password: textSchema(200).min(1) }).nullable(),
      }),
    )
    .output(z.object({ rows: z.number().int() })),
};
