import type { Topic } from '#shared/contract/topics.ts';

/** Tells subscribed windows which topics changed, in batches. */
export interface ChangeHub {
  announce(topics: readonly Topic[]): void;
  /** Batches of changed topics until the signal aborts or the consumer leaves. */
  subscribe(signal?: AbortSignal): AsyncGenerator<{ topics: Topic[] }, void, void>;
  /** Ends all subscriptions. */
  close(): void;
  readonly subscribers: number;
}

/** Changes within this time go out together; a window hears of a change at most this late. */
export const COALESCE_MS = 30;

interface Subscriber {
  readonly topics: Set<Topic>;
  wake: (() => void) | null;
}

export function createChangeHub(): ChangeHub {
  const subscribers = new Set<Subscriber>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const flush = () => {
    timer = null;
    for (const subscriber of subscribers) if (subscriber.topics.size > 0) subscriber.wake?.();
  };

  return {
    get subscribers() {
      return subscribers.size;
    },
    announce: (topics) => {
      if (topics.length === 0 || subscribers.size === 0) return;
      for (const subscriber of subscribers) for (const topic of topics) subscriber.topics.add(topic);
      timer ??= setTimeout(flush, COALESCE_MS);
    },
    async *subscribe(signal) {
      const subscriber: Subscriber = { topics: new Set(), wake: null };
      const leave = () => subscriber.wake?.();
      subscribers.add(subscriber);
      signal?.addEventListener('abort', leave, { once: true });
      try {
        while (!closed && !signal?.aborted) {
          await new Promise<void>((resolve) => {
            subscriber.wake = resolve;
          });
          subscriber.wake = null;
          if (subscriber.topics.size === 0) continue;
          const topics = [...subscriber.topics];
          subscriber.topics.clear();
          yield { topics };
        }
      } finally {
        subscribers.delete(subscriber);
        signal?.removeEventListener('abort', leave);
      }
    },
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
      for (const subscriber of subscribers) subscriber.wake?.();
    },
  };
}
