import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hideAllLooks, hideLook, showLook, useRevealStore } from '#renderer/platform/reveal.store.ts';
import { REVEAL_MS } from '#shared/domain/masking.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  hideAllLooks();
  vi.useRealTimers();
});

const look = (until: number) => ({ ticket: null, citizen: null, call: null, field: 'phone' as const, until });
const shown = () => [...useRevealStore.getState().looks.keys()];

test('MK-2 a revealed value is on the screen for 30 seconds and then nowhere', () => {
  expect(REVEAL_MS).toBe(30_000);
  showLook('a', look(Date.now() + REVEAL_MS));
  vi.advanceTimersByTime(29_999);
  expect(shown()).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(shown()).toEqual([]);
});

test('a second look at the same row starts its own 30 seconds; a hidden one is gone at once', () => {
  showLook('a', look(Date.now() + REVEAL_MS));
  vi.advanceTimersByTime(20_000);
  showLook('a', look(Date.now() + REVEAL_MS));
  showLook('b', look(Date.now() + REVEAL_MS));
  vi.advanceTimersByTime(20_000);
  expect(shown()).toEqual(['a', 'b']);
  hideLook('b');
  expect(shown()).toEqual(['a']);
  hideAllLooks();
  expect(shown()).toEqual([]);
});
