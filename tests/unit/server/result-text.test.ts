import { expect, it } from 'vitest';
import { answerText } from '#server/sync/result-text.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { PushResponse } from '#shared/sync/wire.ts';

const at = Date.UTC(2026, 10, 27, 2);
const matter = { categoryCode: '010101', type: 'help', urgency: 'normal' } as const;
const clocks = clocksAfter({ clocks: null, acceptedAt: at, matter }, { kind: 'accept' }, at, shippedClockRules());
const facts = { number: 7, status: 'to_dispatch', acceptedAt: at, closedAt: null, dueAt: at + 1 } as const;

it('writes an answer as JSON would, whatever its results hold', () => {
  const answer: PushResponse = {
    ack: 5,
    results: [
      { s: 1, code: 'applied', version: 1, seq: 11, ticket: { ...facts, clocks } },
      { s: 2, code: 'duplicate', version: 1, seq: null, ticket: { ...facts, clocks } },
      { s: 3, code: 'applied', version: 1, seq: 12, ticket: { ...facts, closedAt: at, clocks: null } },
      { s: 4, code: 'merged', version: 3, seq: 13 },
      { s: 5, code: 'rejected', version: 0, seq: null, reason: 'FORM_INVALID:"引号":TOO_LONG' },
    ],
  };
  expect(clocks).not.toBeNull();
  expect(answerText(answer)).toBe(JSON.stringify(answer));
  expect(answerText({ ack: 0, results: [] })).toBe('{"ack":0,"results":[]}');
});
