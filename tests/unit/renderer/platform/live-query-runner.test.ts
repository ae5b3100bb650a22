import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveQuery } from '#renderer/platform/live-query-runner.ts';

describe('live query', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads a burst of changes once more at the end, never twice at a time', async () => {
    let version = 0;
    let running = 0;
    let most = 0;
    let reads = 0;
    const seen: number[] = [];
    const query = new LiveQuery(
      async () => {
        reads += 1;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        running -= 1;
        return version;
      },
      { onData: (data) => seen.push(data), onError: () => {} },
      100,
    );
    query.run();
    for (; version < 50; version++) {
      query.run();
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(most).toBe(1);
    expect(reads).toBeLessThan(6);
    expect(seen.at(-1)).toBe(50);
  });

  it('delivers nothing after it was stopped', async () => {
    const seen: string[] = [];
    const query = new LiveQuery(async () => 'late', { onData: (data) => seen.push(data), onError: () => {} });
    query.run();
    query.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen).toEqual([]);
  });

  it('reports a failure and asks again with the next change', async () => {
    const answers: (string | Error)[] = [new Error('away'), 'back'];
    const seen: unknown[] = [];
    const query = new LiveQuery(
      async () => {
        const next = answers.shift();
        if (next instanceof Error) throw next;
        return next;
      },
      { onData: (data) => seen.push(data), onError: (error) => seen.push(error) },
    );
    query.run();
    await vi.advanceTimersByTimeAsync(200);
    query.run();
    await vi.advanceTimersByTimeAsync(200);
    expect(seen).toEqual([new Error('away'), 'back']);
  });
});
