import { type IntakeContent, isUntouchedIntake } from '#shared/domain/intake.ts';
import { joinIntakes } from '#shared/domain/join-intakes.ts';

const LONG_TEXTS = ['content', 'originalWords', 'answer'] as const;

/**
 * What a form holds once the data process has answered which draft it is. After a reload in the middle of a call the form is blank for a
 * moment, and longer where the data process is away, while the draft behind it is full of words: none of both is lost.
 * @param ani number of the call the form belongs to, '' without one
 */
export function joinStored(ani: string, typed: IntakeContent, stored: IntakeContent): IntakeContent {
  if (isUntouchedIntake(stored, ani)) return typed;
  if (isUntouchedIntake(typed, ani)) return stored;
  const joined = joinIntakes(stored, typed);
  const both = (a: string, b: string) => (a === '' || b === '' || a.includes(b) ? a || b : `${a}\n${b}`);
  return { ...joined, ...Object.fromEntries(LONG_TEXTS.map((key) => [key, both(stored[key], typed[key])])) };
}
