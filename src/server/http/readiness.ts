import type { ReadyState } from '#shared/contract/server.contract.ts';
import type { Services } from '../services.ts';

/** How far the start has come; the HTTP side reads it, the start writes it. */
export class Readiness {
  #state: ReadyState;
  #services: Services | null = null;
  #isStopping = false;

  constructor(mode: 'demo' | 'production') {
    this.#state = { state: 'preparing', mode, phase: 'migrating', done: 0, total: 0 };
  }

  get state(): ReadyState {
    return this.#state;
  }

  /** The services once ready, null before and while stopping. */
  get services(): Services | null {
    return this.#isStopping ? null : this.#services;
  }

  showProgress(done: number, total: number): void {
    this.#state = { ...this.#state, phase: 'seeding', done, total };
  }

  markReady(services: Services): void {
    this.#services = services;
    this.#state = { ...this.#state, state: 'ready', phase: 'ready', done: 0, total: 0 };
  }

  /** No new requests are taken; the ones under way finish. */
  markStopping(): void {
    this.#isStopping = true;
    this.#state = { ...this.#state, state: 'preparing' };
  }
}
