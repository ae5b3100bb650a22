/** Failed unlocks that cost nothing yet. */
export const FREE_FAILURES = 4;
/** From this many failures on, a local password alone is not enough: the server has to accept it too (AU-4). */
export const ONLINE_ONLY_FAILURES = 10;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 15 * 60_000;

/**
 * How long an unlock must wait after failures in a row, in ms. The fifth failure costs 5 s, each further one doubles it up to 15 min.
 * A clock set back never makes the wait longer than the delay itself.
 */
export function unlockDelayMs(failures: { readonly count: number; readonly lastAt: number }, now: number): number {
  if (failures.count <= FREE_FAILURES) return 0;
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures.count - FREE_FAILURES - 1));
  return Math.min(delay, Math.max(0, failures.lastAt + delay - now));
}
