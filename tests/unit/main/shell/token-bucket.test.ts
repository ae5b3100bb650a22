import { expect, it } from 'vitest';
import { TokenBucket } from '#main/shell/token-bucket.ts';

it('lets a burst through, then the rate, and saves up no more than the burst', () => {
  let now = 1_000;
  const bucket = new TokenBucket(3, 2, { now: () => now });
  const takeAll = () => {
    let taken = 0;
    while (bucket.take()) taken++;
    return taken;
  };
  expect(takeAll()).toBe(3);
  now += 1_000;
  expect(takeAll()).toBe(2);
  now += 3_600_000;
  expect(takeAll()).toBe(3);
  now -= 3_600_000;
  expect(takeAll()).toBe(0);
});
