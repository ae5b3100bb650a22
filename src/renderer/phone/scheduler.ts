import { type Clock, systemClock } from '#shared/kernel/clock.ts';

/** Time that can be waited for. Simulation and wrap-up run on it, so tests own both. */
export interface Scheduler extends Clock {
  /** Runs something once after `delayMs`; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's own time. */
export const systemScheduler: Scheduler = {
  now: systemClock.now,
  after(delayMs, run) {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
