import { useCallback, useEffect, useRef, useState } from 'react';
import type { Topic } from '#shared/contract/topics.ts';
import { type CallFailure, toCallFailure } from './call-error.ts';
import { topicBus } from './data-client.ts';
import { LiveQuery } from './live-query-runner.ts';

export interface LiveResult<T> {
  /** The last answer; kept while a newer one is on its way and when asking again failed. */
  readonly data: T | undefined;
  readonly failure: CallFailure | null;
  readonly refetch: () => void;
}

/**
 * An answer of the data process that asks again by itself whenever one of its topics was announced.
 * @param topics what the answer is made of
 * @param ask the call; asked anew when `deps` change, and cancelled by its signal then
 */
export function useLiveQuery<T>(
  topics: readonly Topic[],
  ask: (signal: AbortSignal) => Promise<T>,
  deps: readonly unknown[],
): LiveResult<T> {
  const [result, setResult] = useState<{ data: T | undefined; failure: CallFailure | null }>({
    data: undefined,
    failure: null,
  });
  const askRef = useRef(ask);
  askRef.current = ask;
  const queryRef = useRef<LiveQuery<T> | null>(null);
  const depsKey = JSON.stringify(deps);
  const topicsKey = topics.join(',');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the arrays, which are new on every render
  useEffect(() => {
    const query = new LiveQuery<T>((signal) => askRef.current(signal), {
      onData: (data) => setResult({ data, failure: null }),
      onError: (error) => setResult((last) => ({ data: last.data, failure: toCallFailure(error) })),
    });
    queryRef.current = query;
    // A failure of the question before says nothing of this one.
    setResult((last) => (last.failure === null ? last : { data: last.data, failure: null }));
    query.run();
    const stop = topicBus.subscribe(topics, () => query.run());
    return () => {
      stop();
      query.stop();
    };
  }, [depsKey, topicsKey]);

  const refetch = useCallback(() => queryRef.current?.run(), []);
  return { ...result, refetch };
}
