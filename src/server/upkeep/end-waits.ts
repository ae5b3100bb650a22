import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { decideExpiredWaits } from '../sync/decide-waiting.ts';
import type { PushDeps } from '../sync/push.ts';
import { decideByRule } from './decide-by-rule.ts';

/**
 * Ends by rule every 等待市民补充 whose time is up. Consoles hear of it like of any other decision.
 * @returns how many there were
 */
export function endExpiredWaits(deps: Pick<PushDeps, 'pool' | 'clock' | 'poke'>): Promise<number> {
  const clockRules = shippedClockRules();
  const question = {
    text: `SELECT uid FROM tickets WHERE handling ->> 'waiting' IS NOT NULL AND (handling #>> '{waiting,until}')::bigint <= $3
      AND uid > $1 ORDER BY uid LIMIT $2`,
    values: [deps.clock.now()],
  };
  return decideByRule(deps, question, (state, deciding) => decideExpiredWaits(state, { ...deciding, clockRules }));
}
