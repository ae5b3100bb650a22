import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import { inTransaction } from '../db/transaction.ts';
import { loadCourses, loadTickets } from '../sync/batch-load.ts';
import { writeDecision } from '../sync/batch-write.ts';
import { decideUnansweredReturns } from '../sync/decide-unanswered.ts';
import type { PushDeps } from '../sync/push.ts';

/** Tickets decided in one transaction: short enough that nobody waits for it. */
const BATCH = 200;

const NOBODY = { id: null, console: null };
const NOTHING_ELSE = { results: [], inserts: [], citizens: [], records: [], reveals: [], files: [] };

/**
 * Refuses by rule every 退单 that waited longer than it may. Consoles hear of it like of any other decision.
 * @returns how many there were
 */
export async function answerOldReturns({
  pool,
  clock,
  clockSets,
  poke,
}: Pick<PushDeps, 'pool' | 'clock' | 'clockSets' | 'poke'>): Promise<number> {
  const clockRules = shippedClockRules();
  const clockSetOf = (scope: string) => clockSets.get(parseTicketScope(scope)?.centre ?? '') ?? clockRules.defaultSet;
  let answered = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const waiting = await pool.query<{ uid: string }>(
      "SELECT uid FROM tickets WHERE status = 'return_review' AND uid > $1 ORDER BY uid LIMIT $2",
      [after, BATCH],
    );
    const uids = waiting.rows.map(({ uid }) => uid);
    const last = uids.at(-1);
    if (last === undefined) return answered;
    after = last;
    const { scopes, count } = await inTransaction(pool, async (client) => {
      const now = clock.now();
      const state = { tickets: await loadTickets(client, uids), courses: await loadCourses(client, uids) };
      const newEventId = () => newId<EventId>(now);
      const decided = decideUnansweredReturns(state, { now, clockRules, newEventId, clockSetOf });
      const written = await writeDecision(client, { ...NOTHING_ELSE, ...decided }, now, NOBODY);
      return { scopes: written.scopes, count: decided.touches.length };
    });
    if (scopes.size > 0) poke(scopes);
    answered += count;
  }
}
