import { expect, test } from 'vitest';
import { unlockDelayMs } from '#main/data/keys/unlock-delay.ts';

const NOW = 1_000_000_000;

test('AU-4: the first four failures cost nothing, then the wait doubles up to a quarter of an hour', () => {
  const waits = [0, 1, 4, 5, 6, 7, 10, 20, 1000].map((count) => unlockDelayMs({ count, lastAt: NOW }, NOW));
  expect(waits).toEqual([0, 0, 0, 5_000, 10_000, 20_000, 160_000, 900_000, 900_000]);
});

test('the wait ends, and a clock set back makes it no longer than it was', () => {
  expect(unlockDelayMs({ count: 5, lastAt: NOW }, NOW + 3_000)).toBe(2_000);
  expect(unlockDelayMs({ count: 5, lastAt: NOW }, NOW + 5_000)).toBe(0);
  expect(unlockDelayMs({ count: 5, lastAt: NOW }, NOW - 86_400_000)).toBe(5_000);
});
