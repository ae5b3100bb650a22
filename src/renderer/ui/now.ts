import { useSyncExternalStore } from 'react';
import { type Clock, systemClock } from '#shared/kernel/clock.ts';

/** The clock of this window. */
export const clock: Clock = systemClock;

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let current = clock.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    current = clock.now();
    timer = setInterval(() => {
      current = clock.now();
      for (const one of listeners) one();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || !timer) return;
    clearInterval(timer);
    timer = null;
  };
}

/** What a function makes of the time; the component is drawn anew only when that changes. */
export function useTicking<T extends string | number>(read: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => read(current));
}

/** The time in epoch ms, renewed every second by one timer for the whole window. Only small components should use it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}
