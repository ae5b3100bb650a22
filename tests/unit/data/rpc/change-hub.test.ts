import { expect, test } from 'vitest';
import { createChangeHub } from '#main/data/rpc/change-hub.ts';
import { until } from '#tests/support/data/until.ts';

test('changes that follow each other arrive as one batch, each topic once, within 50 ms', async () => {
  const hub = createChangeHub();
  const stream = hub.subscribe();
  const next = stream.next();
  await until('subscribed', () => hub.subscribers === 1);
  const begun = performance.now();
  for (let i = 0; i < 100; i++) hub.announce(['tickets', 'outbox']);
  hub.announce(['sync']);
  expect((await next).value).toEqual({ topics: ['tickets', 'outbox', 'sync'] });
  expect(performance.now() - begun).toBeGreaterThan(10);
  hub.close();
  expect((await stream.next()).done).toBe(true);
});

test('what changed while a window was busy is told with its next question', async () => {
  const hub = createChangeHub();
  const stream = hub.subscribe();
  const first = stream.next();
  await until('subscribed', () => hub.subscribers === 1);
  hub.announce(['drafts']);
  await first;
  hub.announce(['calls']);
  hub.announce(['session']);
  expect((await stream.next()).value).toEqual({ topics: ['calls', 'session'] });
  hub.close();
});

test('a subscriber that goes away is released at once', async () => {
  const hub = createChangeHub();
  const gone = new AbortController();
  const waiting = hub.subscribe(gone.signal).next();
  await until('subscribed', () => hub.subscribers === 1);
  gone.abort();
  expect((await waiting).done).toBe(true);
  expect(hub.subscribers).toBe(0);
  hub.announce(['tickets']);
});
