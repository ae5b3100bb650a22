import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import { decideUnansweredReturns } from '../sync/decide-unanswered.ts';
import type { PushDeps } from '../sync/push.ts';
import { decideByRule } from './decide-by-rule.ts';

/**
 * Refuses by rule every 退单 that waited longer than it may. Consoles hear of it like of any other decision.
 * @returns how many there were
 */
export function answerOldReturns({
  clockSets,
  ...deps
}: Pick<PushDeps, 'pool' | 'clock' | 'clockSets' | 'poke'>): Promise<number> {
  const clockRules = shippedClockRules();
  const clockSetOf = (scope: string) => clockSets.get(parseTicketScope(scope)?.centre ?? '') ?? clockRules.defaultSet;
  const question = {
    text: "SELECT uid FROM tickets WHERE status = 'return_review' AND uid > $1 ORDER BY uid LIMIT $2",
    values: [],
  };
  return decideByRule(deps, question, (state, deciding) =>
    decideUnansweredReturns(state, { ...deciding, clockRules, clockSetOf }),
  );
}
