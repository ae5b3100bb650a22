import { type EventId, newId } from '#shared/kernel/ids.ts';
import { inPipeline } from '../db/pipeline.ts';
import type { BatchState, Decision } from '../sync/batch.ts';
import { loadCourses, loadTickets } from '../sync/batch-load.ts';
import { writeDecision } from '../sync/batch-write.ts';
import type { Deciding } from '../sync/deciding.ts';
import type { PushDeps } from '../sync/push.ts';

/** Tickets decided in one transaction: short enough that nobody waits for it. */
const BATCH = 200;

const NOBODY = { id: null, console: null };
const NOTHING_ELSE = { results: [], inserts: [], citizens: [], records: [], reveals: [], files: [] };

/**
 * Decides by rule about every ticket of a question, some at a time and each under its lock.
 * @param question gives uids in their order, after $1, at most $2
 * @returns how many were decided
 */
export async function decideByRule(
  { pool, clock, poke }: Pick<PushDeps, 'pool' | 'clock' | 'poke'>,
  question: { readonly text: string; readonly values: readonly unknown[] },
  decide: (
    state: Pick<BatchState, 'tickets' | 'courses'>,
    deciding: Pick<Deciding, 'now' | 'newEventId'>,
  ) => Pick<Decision, 'touches' | 'events'>,
): Promise<number> {
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const found = await pool.query<{ uid: string }>(question.text, [after, BATCH, ...question.values]);
    const uids = found.rows.map(({ uid }) => uid);
    const last = uids.at(-1);
    if (last === undefined) return count;
    after = last;
    const done = await inPipeline(pool, async (client) => {
      const now = clock.now();
      const state = { tickets: await loadTickets(client, uids), courses: await loadCourses(client, uids) };
      const decided = decide(state, { now, newEventId: () => newId<EventId>(now) });
      const { scopes, underWay } = await writeDecision(client, { ...NOTHING_ELSE, ...decided }, now, NOBODY);
      return { result: { scopes, count: decided.touches.length }, underWay };
    });
    if (done.scopes.size > 0) poke(done.scopes);
    count += done.count;
  }
}
