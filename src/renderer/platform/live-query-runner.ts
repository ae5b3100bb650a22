/** Shortest distance between two runs of one query, in ms: a busy sync must not keep the UI re-reading. */
const DEFAULT_DISTANCE_MS = 120;

interface LiveQueryHandlers<T> {
  readonly onData: (data: T) => void;
  readonly onError: (error: unknown) => void;
}

/** Runs one query: never twice at a time, never more often than the distance, and once more when it was asked for meanwhile. */
export class LiveQuery<T> {
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  readonly #handlers: LiveQueryHandlers<T>;
  readonly #distanceMs: number;
  #running = false;
  #again = false;
  readonly #stopper = new AbortController();
  #resting: ReturnType<typeof setTimeout> | null = null;

  /** @param ask the call; its signal is aborted when nobody waits for the answer any more */
  constructor(
    ask: (signal: AbortSignal) => Promise<T>,
    handlers: LiveQueryHandlers<T>,
    distanceMs = DEFAULT_DISTANCE_MS,
  ) {
    this.#ask = ask;
    this.#handlers = handlers;
    this.#distanceMs = distanceMs;
  }

  run(): void {
    if (this.#stopper.signal.aborted) return;
    if (this.#running || this.#resting) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#ask(this.#stopper.signal).then(
      (data) => this.#settle(() => this.#handlers.onData(data)),
      (error: unknown) => this.#settle(() => this.#handlers.onError(error)),
    );
  }

  stop(): void {
    this.#stopper.abort();
    if (this.#resting) clearTimeout(this.#resting);
  }

  #settle(deliver: () => void): void {
    this.#running = false;
    if (this.#stopper.signal.aborted) return;
    deliver();
    this.#resting = setTimeout(() => {
      this.#resting = null;
      if (!this.#again) return;
      this.#again = false;
      this.run();
    }, this.#distanceMs);
  }
}
