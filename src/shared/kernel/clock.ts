/** The only source of time: everything that needs "now" is handed a Clock, so tests and simulations can own it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The machine's own clock. Only composition roots use it. */
export const systemClock: Clock = { now: () => Date.now() };
