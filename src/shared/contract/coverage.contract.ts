import { z } from 'zod';
import { cachePolicySchema } from '../domain/cache-policy.ts';
import { teamSchema } from '../domain/team.ts';

/** What this computer holds of the centre's tickets, and what is outside of it. */
export const coverageSchema = z.object({
  policy: cachePolicySchema,
  /** What this user may choose from. */
  choices: z.array(cachePolicySchema),
  /** 班组 of the centre. */
  teams: z.array(teamSchema),
  /** Those whose tickets are to be kept on this computer, and those of which it keeps them now, since the last greeting; none: those of all. */
  keptTeams: z.array(teamSchema),
  sortedTeams: z.array(teamSchema),
  mayKeepTeams: z.boolean(),
  /** Tickets of the held months that are not kept, because other 班组 took them in, and nobody asked for. */
  leftOut: z.number().int(),
  /** The 班组 whose tickets the queues show first; null for all. */
  team: teamSchema.nullable(),
  /** First month that is held, `2025-11`; null before the server was greeted. */
  from: z.string().nullable(),
  /** Earlier months with tickets at the server when it was greeted last, and how many those are. */
  outside: z.object({ months: z.number().int(), tickets: z.number().int() }),
  /** Months with tickets on this computer. */
  months: z.number().int(),
  tickets: z.number().int(),
  /** Tickets outside of these months that were fetched or kept, for a while. */
  seen: z.number().int(),
  /** Tickets or citizens that this computer is to hold are still on their way to it: what is here of somebody is not all. */
  arriving: z.boolean(),
  /** Changed tickets that are not in the search index yet. */
  unindexed: z.number().int(),
  /** Size of cache and search index on the disk. */
  bytes: z.number().int(),
});
export type Coverage = z.infer<typeof coverageSchema>;

/** How looking beyond the held months ended; `partial`: there are more than were fetched. */
export const olderHistorySchema = z.object({ state: z.enum(['complete', 'partial', 'nothing-outside']) });
export type OlderHistory = z.infer<typeof olderHistorySchema>;
