import { INITIAL_PHONE_STATE, reducePhone } from '#shared/domain/call.ts';
import type { TelEvent } from '#shared/domain/call-events.ts';
import type { PhoneState } from '#shared/domain/call-state.ts';
import type { Scheduler } from './scheduler.ts';

type Listener = (event: TelEvent, before: PhoneState) => void;

/**
 * The other side of the wire in a simulation. It plays the same reducer as the phone window, so it agrees to exactly what a
 * seat can do and every event it emits is legal.
 */
export class Exchange {
  readonly #scheduler: Scheduler;
  readonly #listeners = new Set<Listener>();
  readonly #timers = new Set<() => void>();
  #state: PhoneState = INITIAL_PHONE_STATE;
  #isClosed = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get state(): PhoneState {
    return this.#state;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  now(): number {
    return this.#scheduler.now();
  }

  /** Listeners hear of an event in the order in which they subscribed. Returns how to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets an event happen if the seat can take it. */
  happen(event: TelEvent): boolean {
    const before = this.#state;
    const next = reducePhone(before, event);
    if (this.#isClosed || next === before) return false;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener(event, before);
    return true;
  }

  /** Runs something later, unless it is taken back or the exchange was closed. */
  after(delayMs: number, run: () => void): () => void {
    const cancel = this.#scheduler.after(delayMs, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers) cancel();
    this.#listeners.clear();
  }
}
