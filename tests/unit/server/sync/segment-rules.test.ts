import { expect, test } from 'vitest';
import { isStale, SEGMENT_RULES } from '#server/sync/segments/segment-builder.ts';
import type { ScopeStanding } from '#server/sync/segments/segment-store.ts';

const NOW = 1_700_000_000_000;
const standing = (over: Partial<ScopeStanding>): ScopeStanding => ({
  scope: '320100:12345',
  epoch: 1,
  value: 100_000,
  count: 100_000,
  manifest: { seq: 100_000, madeAt: NOW - 60_000 },
  hasRemovals: false,
  ...over,
});
const behind = (changes: number, madeAt = NOW - 60_000) => standing({ manifest: { seq: 100_000 - changes, madeAt } });

test.each([
  ['there are none', standing({ manifest: null }), true],
  ['nothing has changed, for years', behind(0, 0), false],
  ['rows left the scope', standing({ hasRemovals: true }), true],
  ['a tenth of a large scope has changed', behind(10_000), false],
  ['more than a tenth of a large scope has changed', behind(10_001), true],
  ['thousands of a small scope have changed', { ...behind(5_001), count: 20_000 }, true],
  ['something has changed since yesterday', behind(1, NOW - SEGMENT_RULES.staleMs - 1), true],
  ['something has changed today', behind(1, NOW - SEGMENT_RULES.staleMs), false],
])('segments when %s', (_, scope, expected) => {
  expect(isStale(scope, SEGMENT_RULES, NOW)).toBe(expected);
});
