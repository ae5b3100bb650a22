import type { DemoCallerRecord } from '#shared/domain/demo-scenario.ts';
import { seededRandom } from './seeded-random.ts';

/** What of a person of the demo a call needs. */
export type DemoCaller = Pick<DemoCallerRecord, 'ani' | 'name' | 'line'>;

/** Time between "ready" and the next ring, how long a caller lets it ring or waits, and how long on hold, in ms (from, to). */
export const PAUSE_MS = [4_000, 9_000] as const;
export const PATIENCE_MS = [25_000, 60_000] as const;
const HOLD_PATIENCE_MS = [120_000, 300_000] as const;
/** Share of callers who call while the one before is still on the line. */
const OVERLAP_SHARE = 0.35;

export interface ScriptedCall extends DemoCaller {
  readonly pauseMs: number;
  readonly patienceMs: number;
  readonly holdPatienceMs: number;
  /** Calls during the call before, and has to wait. */
  readonly overlaps: boolean;
}

/** Calls of these people one after the other; the same seed gives the same calls. */
export function* playCalls(callers: readonly DemoCaller[], seed: number): Generator<ScriptedCall, never> {
  const random = seededRandom(seed);
  const between = ([low, high]: readonly [number, number]) => Math.round(low + random() * (high - low));
  let last = -1;
  while (true) {
    let index = Math.floor(random() * callers.length);
    // Nobody calls twice in a row: a second caller shows more of the screen-pop than the first one again.
    if (index === last) index = (index + 1) % callers.length;
    last = index;
    const caller = callers[index];
    if (!caller) throw new Error('There is at least one caller');
    const { ani, name, line } = caller;
    yield {
      ani,
      name,
      line,
      pauseMs: between(PAUSE_MS),
      patienceMs: between(PATIENCE_MS),
      holdPatienceMs: between(HOLD_PATIENCE_MS),
      overlaps: random() < OVERLAP_SHARE,
    };
  }
}
