import { z } from 'zod';
import rulesFile from '#resources/reminder-rules.json' with { type: 'json' };
import { type ReminderRules, reminderRulesSchema } from './reminder-rules.ts';

let shipped: ReminderRules | null = null;

/**
 * The rules of this build for reminders, read when they are first asked for.
 * @throws Error naming file, place and reason when they are not good
 */
export function shippedReminderRules(): ReminderRules {
  shipped ??= readReminderRules(rulesFile);
  return shipped;
}

/** Reads a file of rules. @throws Error naming place and reason */
export function readReminderRules(json: unknown): ReminderRules {
  const parsed = reminderRulesSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/reminder-rules.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
