import { listenForPokes } from './pokes.ts';
import type { ServerClient } from './server-client.ts';

/** A stream that ends sooner did not work: a proxy forbids it, or the server is going down and still answers. */
const STREAM_WORKED_MS = 1_000;
/** Tried again that often soon after a stream that did not work; then polling goes on alone. */
const MOST_EARLY_TRIES = 4;

export interface PokeListenerOptions {
  readonly client: ServerClient;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly onPoke: (scope: string | null) => void;
  /** A stream ended: one request tells how the server stands. */
  readonly onEnd: () => void;
}

/**
 * Keeps one stream of pokes open at a time. The end of a stream that had worked is the first sign of a lost server and is told at once.
 * One that never worked is told too, after 1, 2, 4 and 8 s: a server that is going down still answers a request or two, and without
 * this nobody would ask again before the next poll. Where streams are forbidden that ends after four times, until one works.
 * @returns opens a stream unless there is one
 */
export function createPokeListener(options: PokeListenerOptions): () => void {
  const { client, signal, elapsed } = options;
  let isListening = false;
  let earlyTries = 0;

  const tellLater = (delay: number) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel);
      options.onEnd();
    }, delay);
    const cancel = () => clearTimeout(timer);
    signal.addEventListener('abort', cancel, { once: true });
  };

  return () => {
    if (isListening || signal.aborted) return;
    isListening = true;
    const since = elapsed();
    void listenForPokes(client, signal, options.onPoke).finally(() => {
      isListening = false;
      if (signal.aborted) return;
      if (elapsed() - since > STREAM_WORKED_MS) {
        earlyTries = 0;
        options.onEnd();
      } else if (earlyTries < MOST_EARLY_TRIES) {
        tellLater(STREAM_WORKED_MS * 2 ** earlyTries);
        earlyTries++;
      }
    });
  };
}
