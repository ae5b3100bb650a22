import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPokeListener } from '#main/data/sync/poke-listener.ts';
import type { ServerClient } from '#main/data/sync/server-client.ts';

let asked: number;
let answer: () => Promise<Response>;
let stopper: AbortController;

/** A console for which every end of a stream leads to a request that the server answers, and so to the next stream. */
function listening(): { open: () => void; ends: number[] } {
  const ends: number[] = [];
  const fetch = () => {
    asked++;
    return answer();
  };
  const client = {
    accessToken: async () => ({ kind: 'answer', value: 'token' }),
    target: { baseUrl: 'http://server.example', fetch },
  } as unknown as ServerClient;
  const open = createPokeListener({
    client,
    signal: stopper.signal,
    elapsed: () => performance.now(),
    onPoke: () => {},
    onEnd: () => {
      ends.push(performance.now());
      open();
    },
  });
  return { open, ends };
}

const refused = async () => new Response(null, { status: 503 });

/** A stream that lives for some seconds. */
const lasting = (seconds: number) => async () =>
  new Response(
    new ReadableStream({ start: (controller) => void setTimeout(() => controller.close(), seconds * 1_000) }),
    { headers: { 'content-type': 'text/event-stream' } },
  );

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = 0;
  answer = refused;
  stopper = new AbortController();
});
afterEach(() => {
  stopper.abort();
  vi.useRealTimers();
});

test('where streams are forbidden the console asks after 1, 2, 4 and 8 seconds and then polls alone', async () => {
  const { open, ends } = listening();
  open();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toEqual([1_000, 3_000, 7_000, 15_000]);
  open();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toHaveLength(4);
  expect(asked).toBe(6);
});

test('the end of a stream that had worked is told at once, and the early tries begin anew', async () => {
  const { open, ends } = listening();
  open();
  await vi.advanceTimersByTimeAsync(60_000);
  answer = lasting(5);
  open();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(ends).toHaveLength(4);
  answer = refused;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ends.slice(4)).toEqual([65_000]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ends.slice(4)).toEqual([65_000, 66_000]);
});

test('a console that locks is told nothing any more', async () => {
  const { open, ends } = listening();
  open();
  await vi.advanceTimersByTimeAsync(500);
  stopper.abort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends).toEqual([]);
});
