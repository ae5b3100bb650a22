/** How often the workstation is looked at. */
const LOOK_EVERY_MS = 15_000;

export interface IdleWatch {
  /** Somebody did something in a window of the console. */
  touch(): void;
}

export interface IdleWatchOptions {
  /** Nobody at the workstation for so long means that nobody is there. */
  readonly limitMs: number;
  /** Time since the last key or movement anywhere on the workstation, as the system counts it, in ms. */
  readonly systemIdleMs: () => number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Told again and again while nobody is there. */
  readonly onIdle: () => void;
}

/**
 * Watches whether somebody is at the workstation (AU-5). What is done in the console's own windows counts too: not every
 * system sees what a screen reader or remote help puts in.
 */
export function watchIdle({ limitMs, systemIdleMs, elapsed, onIdle }: IdleWatchOptions): IdleWatch {
  let touchedAt = elapsed();
  const timer = setInterval(() => {
    if (Math.min(systemIdleMs(), elapsed() - touchedAt) >= limitMs) onIdle();
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    touch: () => {
      touchedAt = elapsed();
    },
  };
}
