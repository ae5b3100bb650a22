import { useEffect, useRef } from 'react';

/** Pauses before the same question is put again, in ms. */
const PAUSES = [700, 2_000] as const;

/**
 * Puts a question again whose answer was cut short: a search ends after a fifth of a second whatever it has looked at, and on a machine
 * that was busy for a moment that is little. What stays cut short is left so, and says so.
 * @param answer a new object for every answer, null while there is none to this question
 */
export function useAskAgain(asked: string, answer: { readonly incomplete: boolean } | null, ask: () => void): void {
  const times = useRef({ asked, count: 0 });
  useEffect(() => {
    if (times.current.asked !== asked) times.current = { asked, count: 0 };
    const pause = PAUSES[times.current.count];
    if (!answer?.incomplete || pause === undefined) return;
    const timer = setTimeout(() => {
      times.current.count += 1;
      ask();
    }, pause);
    return () => clearTimeout(timer);
  }, [asked, answer, ask]);
}
