import { type BuildDeps, buildSegments } from './segment-builder.ts';

/** Between two looks whether segments have to be made; the first one comes as late, when a start has settled. */
const LOOK_EVERY_MS = 60_000;

/** Makes segments in the background for as long as the server runs. Failing is no reason to stop: it is tried again. */
export class SegmentKeeper {
  readonly #deps: BuildDeps;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: BuildDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look().finally(() => this.start());
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Waits until nothing is being made any more; what was not finished is made again later. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    try {
      await buildSegments(this.#deps, undefined, this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#deps.log.error('segments.failed', error);
    }
  }
}
