import type { Scheduler } from '#renderer/phone/scheduler.ts';

/** Time that passes only when a test says so. */
export class VirtualScheduler implements Scheduler {
  #now: number;
  #order = 0;
  #timers: { at: number; order: number; run: () => void }[] = [];

  constructor(now = 1_800_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass; timers that become due run in order, and promises settle between them. */
  async advance(byMs: number): Promise<void> {
    const until = this.#now + byMs;
    while (true) {
      const due = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = due.at;
      due.run();
      await settle();
    }
    this.#now = until;
    await settle();
  }
}

/** Lets everything that only waits for promises finish. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
