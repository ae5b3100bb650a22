import { ServiceError } from './service-error.ts';

/** Lets so much of one kind of work run at once and so much wait, so that a flood of it does not take the machine. */
export class WorkGate {
  readonly #mostRunning: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(mostRunning: number, mostWaiting: number) {
    this.#mostRunning = mostRunning;
    this.#mostWaiting = mostWaiting;
  }

  /** @throws ServiceError RATE_LIMITED when too much waits already, and what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#mostRunning) this.#running++;
    else if (this.#waiting.length >= this.#mostWaiting) throw new ServiceError('RATE_LIMITED', undefined, 2_000);
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever waited longest takes the place over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
