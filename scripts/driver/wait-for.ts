import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '#shared/kernel/clock.ts';

/** What was waited for did not come in time. */
export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain';
}

/**
 * Asks again and again until the answer is neither false, null nor undefined.
 * @param what named in the error, e.g. "the server answers /readyz"
 * @throws WaitedInVain when `timeoutMs` are over
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  timeoutMs = 15_000,
): Promise<T> {
  const until = systemClock.now() + timeoutMs;
  while (true) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    if (systemClock.now() > until) throw new WaitedInVain(`Waited ${timeoutMs} ms in vain until ${what}`);
    await pause(25);
  }
}
