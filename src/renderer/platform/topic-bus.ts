import type { Topic } from '#shared/contract/topics.ts';

/** Carries announcements of changed topics to the live queries of this window. */
export class TopicBus {
  readonly #listeners = new Map<(topics: ReadonlySet<Topic>) => void, ReadonlySet<Topic>>();

  /** Calls back when at least one of the topics is announced; gives back the function that ends it. */
  subscribe(topics: readonly Topic[], listener: (topics: ReadonlySet<Topic>) => void): () => void {
    this.#listeners.set(listener, new Set(topics));
    return () => this.#listeners.delete(listener);
  }

  announce(topics: readonly Topic[]): void {
    const changed = new Set(topics);
    for (const [listener, wanted] of [...this.#listeners]) {
      if (topics.some((topic) => wanted.has(topic))) listener(changed);
    }
  }
}
