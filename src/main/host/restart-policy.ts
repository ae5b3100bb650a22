/** A run shorter than this after `ready` (or one that never got there) is a quick failure. */
export const QUICK_FAILURE_MS = 1_000;
const MAX_QUICK_FAILURES = 5;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/** Quick failures since the last run that lasted. */
export interface RestartHistory {
  readonly quickFailures: number;
  /** Restarts since the console started, for the announcement. */
  readonly restarts: number;
}

export const NO_RESTARTS: RestartHistory = { quickFailures: 0, restarts: 0 };

export type RestartDecision =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly history: RestartHistory }
  | { readonly kind: 'give-up' };

/**
 * What to do after the data process ended unasked. A process that had worked is started again at once;
 * one that fails right after its start is tried again more and more slowly, then given up.
 * @param ranMs time between `ready` and the end, null when it never got ready
 */
export function decideRestart(history: RestartHistory, ranMs: number | null): RestartDecision {
  const restarts = history.restarts + 1;
  if (ranMs !== null && ranMs >= QUICK_FAILURE_MS) {
    return { kind: 'restart', delayMs: 0, history: { quickFailures: 0, restarts } };
  }
  const quickFailures = history.quickFailures + 1;
  if (quickFailures >= MAX_QUICK_FAILURES) return { kind: 'give-up' };
  const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (quickFailures - 1));
  return { kind: 'restart', delayMs, history: { quickFailures, restarts } };
}
