import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  INITIAL_PHONE_STATE,
  type PhoneState,
  reducePhone,
  type TelEvent,
  telEventSchema,
} from '#shared/domain/call.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';

const callIds = [1, 2, 3].map((n) => newId<CallId>(n));
// Mostly one call, so that histories get deep; sometimes an event of another one.
const callId = fc.constantFrom(...Array<CallId>(6).fill(callIds[0] as CallId), ...callIds);

/** Any event in any order, with times that never go back, as providers report them. */
const eventKinds: readonly ((at: number) => fc.Arbitrary<TelEvent>)[] = [
  (at) => fc.constant({ kind: 'signed-in', at }),
  (at) => fc.constant({ kind: 'signed-out', at }),
  (at) =>
    fc.record({
      kind: fc.constant('availability'),
      at: fc.constant(at),
      ready: fc.boolean(),
      reason: fc.constantFrom('rest', null),
    }),
  (at) =>
    fc.record({
      kind: fc.constant('offered'),
      at: fc.constant(at),
      callId,
      ani: fc.constantFrom('', '13800000001'),
      name: fc.constant(''),
      line: fc.constantFrom('12345', '12350'),
    }),
  (at) => fc.record({ kind: fc.constant('answered'), at: fc.constant(at), callId }),
  (at) => fc.record({ kind: fc.constant('held'), at: fc.constant(at), callId }),
  (at) => fc.record({ kind: fc.constant('resumed'), at: fc.constant(at), callId }),
  (at) => fc.record({ kind: fc.constant('muted'), at: fc.constant(at), callId, muted: fc.boolean() }),
  (at) =>
    fc.record({
      kind: fc.constant('ended'),
      at: fc.constant(at),
      callId,
      by: fc.constantFrom('citizen', 'agent', 'network'),
    }),
  (at) =>
    fc.record({
      kind: fc.constant('wrap-up-extended'),
      at: fc.constant(at),
      until: fc.integer({ min: at, max: at + 600_000 }),
    }),
  (at) => fc.constant({ kind: 'wrap-up-done', at }),
];

const history: fc.Arbitrary<TelEvent[]> = fc
  .array(fc.tuple(fc.nat(eventKinds.length - 1), fc.nat(90_000)), { minLength: 10, maxLength: 80, size: 'max' })
  .chain((steps) => {
    let at = 1_000;
    const events = steps.map(([kind, pause]) => {
      at += pause;
      const make = eventKinds[kind];
      if (!make) throw new Error('no such event');
      return make(at);
    });
    return fc.tuple(...events);
  });

function checkState(state: PhoneState): void {
  const { agent, call, lastCall } = state;
  if (call) {
    // A call is either ringing at a ready agent or the agent is on it.
    expect(agent.kind).toBe(call.phase === 'ringing-in' ? 'ready' : 'on-call');
    expect(call.phase).not.toBe('ended');
    expect(call.endedAt).toBeNull();
    expect(call.answeredAt === null).toBe(call.phase === 'ringing-in');
    expect(call.heldSince === null).toBe(call.phase !== 'held');
    expect(lastCall).not.toBe(call);
  } else {
    expect(agent.kind).not.toBe('on-call');
  }
  if (agent.kind === 'wrap-up') {
    expect(lastCall?.answeredAt).not.toBeNull();
    expect(agent.until).toBeGreaterThanOrEqual(agent.since);
  }
  if (lastCall) {
    expect(lastCall.phase).toBe('ended');
    expect(lastCall.endedAt).toBeGreaterThanOrEqual(lastCall.answeredAt ?? lastCall.ringAt);
    expect(lastCall.heldMs).toBeGreaterThanOrEqual(0);
    expect(lastCall.heldMs).toBeLessThanOrEqual((lastCall.endedAt ?? 0) - (lastCall.answeredAt ?? lastCall.ringAt));
  }
}

describe('the state of the seat', () => {
  it('stays legal whatever events arrive in whatever order', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(history, (events) => {
        let state = INITIAL_PHONE_STATE;
        for (const event of events) {
          telEventSchema.parse(event);
          const frozen = structuredClone(state);
          const next = reducePhone(state, event);
          expect(state).toEqual(frozen);
          checkState(next);
          if (state.call && next.call) expect(next.call.callId).toBe(state.call.callId);
          state = next;
          reached.add(`${state.agent.kind}/${state.call?.phase ?? 'none'}`);
        }
      }),
      { numRuns: 500, seed: 12345 },
    );
    // The histories are not all idle: every state of the seat was visited.
    expect([...reached].sort()).toEqual([
      'not-ready/none',
      'on-call/active',
      'on-call/held',
      'ready/none',
      'ready/ringing-in',
      'signed-out/none',
      'wrap-up/none',
    ]);
  });

  it('ignores an event of another call', () => {
    const at = 1;
    const [mine, other] = callIds as [CallId, CallId];
    const events: TelEvent[] = [
      { kind: 'signed-in', at },
      { kind: 'availability', at, ready: true, reason: null },
      { kind: 'offered', at, callId: mine, ani: '', name: '', line: '12345' },
    ];
    const ringing = events.reduce(reducePhone, INITIAL_PHONE_STATE);
    expect(reducePhone(ringing, { kind: 'answered', at, callId: other })).toBe(ringing);
    expect(reducePhone(ringing, { kind: 'ended', at, callId: other, by: 'network' })).toBe(ringing);
  });
});
