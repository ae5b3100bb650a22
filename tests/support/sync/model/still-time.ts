import { vi } from 'vitest';

let last = new AbortController();

/**
 * Time stands still: nothing in the process under test wakes up by itself, and a request times out when the plan says so. Turns of the
 * event loop go on.
 */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    last = new AbortController();
    return last.signal;
  });
}

export function startTime(): void {
  vi.restoreAllMocks();
  vi.useRealTimers();
}

/** The time limit of the request that is being sent now. */
export function lastLimit(): AbortController {
  return last;
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
