import { z } from 'zod';
import rulesFile from '#resources/board-rules.json' with { type: 'json' };
import { type BoardRules, boardRulesSchema } from './board-alarms.ts';

let shipped: BoardRules | null = null;

/**
 * What this build watches for the board, read when it is first asked for.
 * @throws Error naming file, place and reason when the rules are not good
 */
export function shippedBoardRules(): BoardRules {
  shipped ??= readBoardRules(rulesFile);
  return shipped;
}

/** Reads a file of rules. @throws Error naming place and reason */
export function readBoardRules(json: unknown): BoardRules {
  const parsed = boardRulesSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/board-rules.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
