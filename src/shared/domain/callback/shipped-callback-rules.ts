import { z } from 'zod';
import rulesFile from '#resources/callback-rules.json' with { type: 'json' };
import { type CallbackRules, callbackRulesSchema } from './callback-rules.ts';

let shipped: CallbackRules | null = null;

/**
 * The rules of this build for 回访, read when they are first asked for.
 * @throws Error naming file, place and reason when they are not good
 */
export function shippedCallbackRules(): CallbackRules {
  shipped ??= readCallbackRules(rulesFile);
  return shipped;
}

/** Reads a file of rules. @throws Error naming place and reason */
export function readCallbackRules(json: unknown): CallbackRules {
  const parsed = callbackRulesSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/callback-rules.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
