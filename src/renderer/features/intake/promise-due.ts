import type { IntakeContent } from '#shared/domain/intake.ts';
import { parseDue } from '#shared/domain/promise.ts';

type IntakePromise = NonNullable<IntakeContent['promise']>;

/**
 * The promise with other words. The due time follows the words, also to none, until somebody types one.
 * @param named the due time the words named so far
 * @param now epoch ms
 */
export function withWords(promise: IntakePromise, text: string, named: number | null, now: number): IntakePromise {
  const isTyped = Boolean(promise.dueText) || (promise.dueAt !== null && promise.dueAt !== named);
  return { ...promise, ...(isTyped ? {} : { dueAt: parseDue(text, now) }), text, byName: '' };
}
