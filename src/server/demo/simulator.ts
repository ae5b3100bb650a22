import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.ts';

/** Somebody who is played in the demo: units, receivers, colleagues. */
export interface Simulator {
  /** Ends it; a request under way is waited for. */
  stop(): Promise<void>;
}

/**
 * Looks again and again what there is to do. A look that fails is written down by its code and made again: the server may be starting.
 * @param everyMs pause between two looks
 */
export function startSimulator(
  { event, everyMs, log }: { readonly event: `${string}.look-failed`; readonly everyMs: number; readonly log: Log },
  look: (signal: AbortSignal) => Promise<void>,
): Simulator {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    while (!signal.aborted) {
      try {
        await look(signal);
      } catch (error) {
        if (!signal.aborted) log.warn(event, { code: codeOf(error) });
      }
      await pause(everyMs, undefined, { signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && error.message.startsWith('HTTP_') ? error.message : 'UNREACHABLE';
}
