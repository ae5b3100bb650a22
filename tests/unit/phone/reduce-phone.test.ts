import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_PHONE_STATE, reducePhone } from '#shared/domain/call.ts';
import { type TelEvent, telEventSchema } from '#shared/domain/call-events.ts';
import { callRecordSchema, finishedCalls } from '#shared/domain/call-record.ts';
import { agentPosition, CALL_STAGES, type CallState, type PhoneState } from '#shared/domain/call-state.ts';
import { type CallId, type LegId, newId } from '#shared/kernel/ids.ts';

const [one, two, three] = [1, 2, 3].map((n) => newId<CallId>(n)) as [CallId, CallId, CallId];
const [leg, lateLeg] = [1, 2].map((n) => newId<LegId>(n)) as [LegId, LegId];
// Mostly one call and one leg, so that histories get deep; sometimes an event of another one.
const callId = fc.constantFrom<CallId>(one, one, one, one, one, one, two, three);
const legId = fc.constantFrom<LegId>(leg, leg, leg, leg, lateLeg);
const party = fc.constantFrom(
  { kind: 'seat', seat: '1002', name: '周启明' } as const,
  { kind: 'lead' } as const,
  { kind: 'service', service: '110' } as const,
  { kind: 'number', number: '02580001234' } as const,
);
const caller = {
  callId,
  ani: fc.constantFrom('', '13800000001'),
  name: fc.constant(''),
  line: fc.constantFrom('12345', '12350'),
  from: fc.constantFrom(null, { seat: '1003', name: '赵敏' }),
};
const plain =
  <K extends TelEvent['kind']>(kind: K, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  (at: number) =>
    fc.record({ kind: fc.constant(kind), at: fc.constant(at), ...more }) as fc.Arbitrary<TelEvent>;

/** Any event in any order, with times that never go back, as providers report them. Frequent ones keep calls going. */
const eventKinds: readonly ((at: number) => fc.Arbitrary<TelEvent>)[] = [
  plain('signed-in', { seat: fc.constant('1001') }),
  plain('signed-out'),
  plain('availability', { ready: fc.constant(true), reason: fc.constant(null) }),
  plain('availability', { ready: fc.constant(true), reason: fc.constant(null) }),
  plain('availability', { ready: fc.boolean(), reason: fc.constantFrom('rest', 'meeting', null) }),
  plain('offered', caller),
  plain('offered', caller),
  plain('queued', caller),
  plain('queued', caller),
  plain('queue-left', { callId, reason: fc.constantFrom('gave-up', 'elsewhere') }),
  plain('dialing', {
    callId,
    number: fc.constant('13800000009'),
    name: fc.constant(''),
    line: fc.constant('12345'),
    about: fc.constant({ ticketUid: null, callbackOf: null }),
  }),
  plain('ringing-out', { callId }),
  plain('connecting', { callId }),
  plain('answered', { callId }),
  plain('answered', { callId }),
  plain('answered', { callId }),
  plain('held', { callId }),
  plain('held', { callId }),
  plain('resumed', { callId }),
  plain('muted', { callId, muted: fc.boolean() }),
  plain('dtmf-sent', { callId, digits: fc.constantFrom('1', '#') }),
  plain('leg-started', {
    callId,
    legId,
    purpose: fc.constantFrom('transfer', 'consult', 'consult', 'conference', 'help', 'emergency'),
    party,
  }),
  plain('leg-started', { callId, legId, purpose: fc.constantFrom('emergency', 'conference'), party }),
  plain('leg-ringing', { callId, legId }),
  plain('leg-answered', { callId, legId, party: fc.constant(null) }),
  plain('leg-answered', { callId, legId, party: fc.constant(null) }),
  plain('leg-joined', { callId, legId }),
  plain('leg-joined', { callId, legId }),
  plain('leg-ended', { callId, legId, result: fc.constantFrom('ended', 'cancelled', 'declined', 'no-answer') }),
  plain('transferred', { callId, legId }),
  plain('ended', { callId, by: fc.constantFrom('citizen', 'agent', 'network'), refusal: fc.constant(null) }),
  plain('wrap-up-set', { ms: fc.integer({ min: 10_000, max: 600_000 }) }),
  (at) =>
    fc.record({
      kind: fc.constant('wrap-up-extended' as const),
      at: fc.constant(at),
      until: fc.integer({ min: at, max: at + 600_000 }),
    }),
  plain('wrap-up-done'),
];

const history: fc.Arbitrary<TelEvent[]> = fc
  .array(fc.tuple(fc.nat(eventKinds.length - 1), fc.nat(90_000)), { minLength: 30, maxLength: 160, size: 'max' })
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

const RINGING = ['ringing-in', 'dialing', 'ringing-out', 'connecting'];

function checkCall(call: CallState, agent: PhoneState['agent']): void {
  // A call is either ringing at a ready agent or the agent is on it.
  expect(agent.kind).toBe(call.phase === 'ringing-in' ? 'ready' : 'on-call');
  expect(call.phase).not.toBe('ended');
  expect([call.endedAt, call.endedBy, call.outcome]).toEqual([null, null, null]);
  expect(call.answeredAt === null).toBe(RINGING.includes(call.phase));
  if (call.phase === 'held') expect(call.heldSince).not.toBeNull();
  if (call.phase === 'active') expect(call.heldSince).toBeNull();
  // A third party is only there beside a citizen who was answered.
  expect((call.leg?.purpose === 'transfer') === (call.phase === 'transferring')).toBe(true);
  if (call.leg) {
    expect(call.answeredAt).not.toBeNull();
    if (call.leg.phase === 'joined') expect(call.phase).toBe('active');
    if (call.leg.purpose === 'consult' && call.leg.phase !== 'joined') expect(call.phase).toBe('held');
    expect(call.leg.answeredAt === null).toBe(['calling', 'ringing'].includes(call.leg.phase));
  }
}

/** The time of all stages but the wrap-up is the time from the first ring to the end. */
function checkTimes(call: CallState): void {
  const until = call.endedAt ?? call.stageSince;
  const spent = CALL_STAGES.filter((stage) => stage !== 'wrap-up').reduce((sum, stage) => sum + call.spent[stage], 0);
  expect(spent).toBe(until - call.ringAt);
  for (const stage of CALL_STAGES) expect(call.spent[stage]).toBeGreaterThanOrEqual(0);
}

function checkState(state: PhoneState): void {
  const { agent, call, lastCall, queue } = state;
  if (call) {
    checkCall(call, agent);
    checkTimes(call);
    expect(lastCall).not.toBe(call);
  } else {
    expect(agent.kind).not.toBe('on-call');
  }
  if (agent.kind === 'wrap-up') {
    expect(lastCall?.answeredAt !== null || lastCall?.direction === 'out').toBe(true);
    expect(agent.until).toBeGreaterThanOrEqual(agent.since);
  }
  if (lastCall) {
    expect(lastCall.phase).toBe('ended');
    expect(lastCall.outcome).not.toBeNull();
    expect(lastCall.leg).toBeNull();
    expect(lastCall.digits).toBe('');
    expect(lastCall.endedAt).toBeGreaterThanOrEqual(lastCall.answeredAt ?? lastCall.ringAt);
    expect(lastCall.heldMs).toBeGreaterThanOrEqual(0);
    expect(lastCall.heldMs).toBeLessThanOrEqual((lastCall.endedAt ?? 0) - (lastCall.answeredAt ?? lastCall.ringAt));
    checkTimes(lastCall);
  }
  // Nobody waits for an agent who takes no calls, nobody waits twice, and who talks does not wait.
  if (agent.kind === 'signed-out' || agent.kind === 'not-ready') expect(queue).toEqual([]);
  const ids = [...queue.map((waiting) => waiting.callId), ...(call ? [call.callId] : [])];
  expect(new Set(ids).size).toBe(ids.length);
}

describe('the state of the seat', () => {
  it('stays legal whatever events arrive in whatever order', () => {
    const reached = new Set<string>();
    const outcomes = new Set<string>();
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
          for (const record of finishedCalls(state, event, next)) {
            callRecordSchema.parse(record);
            outcomes.add(record.outcome ?? 'none');
          }
          state = next;
          reached.add(agentPosition(state).position);
        }
      }),
      { numRuns: 400, seed: 12345 },
    );
    // The histories are not all idle: every position of an agent and every way a call can end was seen.
    expect([...reached].sort()).toEqual(
      [
        'break',
        'busy',
        'conference',
        'dialing',
        'held',
        'help',
        'muted',
        'ready',
        'ringing',
        'signed-out',
        'talking',
        'transfer',
        'wrap-up',
      ].sort(),
    );
    expect([...outcomes].sort()).toEqual(
      ['answered', 'cancelled', 'handed_off', 'missed', 'rejected', 'transferred', 'unanswered'].sort(),
    );
  });

  const play = (
    events: readonly (Record<string, unknown> & { kind: TelEvent['kind'] })[],
    from = INITIAL_PHONE_STATE,
  ) => events.reduce((state, event) => reducePhone(state, telEventSchema.parse({ at: 1, ...event })), from);
  const READY = [
    { kind: 'signed-in', seat: '1001' },
    { kind: 'availability', ready: true, reason: null },
  ] as const;
  const offer = { ani: '13800000001', name: '', line: '12345', from: null };
  const talking = play([
    ...READY,
    { kind: 'offered', callId: one, ...offer, at: 1_000 },
    { kind: 'answered', callId: one, at: 4_000 },
  ]);

  it('ignores an event of another call', () => {
    const ringing = play([...READY, { kind: 'offered', callId: one, ...offer }]);
    expect(play([{ kind: 'answered', callId: two }], ringing)).toBe(ringing);
    expect(play([{ kind: 'ended', callId: two, by: 'network', refusal: null }], ringing)).toBe(ringing);
  });

  it('ignores late news of a third party that was called before', () => {
    const called = play(
      [
        { kind: 'leg-started', callId: one, legId: leg, purpose: 'conference', party: { kind: 'lead' } },
        { kind: 'leg-ended', callId: one, legId: leg, result: 'cancelled' },
        { kind: 'leg-started', callId: one, legId: lateLeg, purpose: 'conference', party: { kind: 'lead' } },
      ],
      talking,
    );
    expect(play([{ kind: 'leg-answered', callId: one, legId: leg, party: null }], called)).toBe(called);
    expect(called.call?.pastLegs).toMatchObject([{ result: 'cancelled', answeredAt: null }]);
  });

  it('adds up how the time of a call was spent, wrap-up included', () => {
    const after = play(
      [
        { kind: 'held', callId: one, at: 10_000 },
        { kind: 'leg-started', callId: one, legId: leg, purpose: 'consult', party: { kind: 'lead' }, at: 10_000 },
        { kind: 'resumed', callId: one, at: 10_500 },
        { kind: 'leg-answered', callId: one, legId: leg, party: null, at: 12_000 },
        { kind: 'leg-joined', callId: one, legId: leg, at: 15_000 },
        { kind: 'leg-ended', callId: one, legId: leg, result: 'ended', at: 21_000 },
        { kind: 'muted', callId: one, muted: true, at: 22_000 },
        { kind: 'ended', callId: one, by: 'citizen', refusal: null, at: 24_000 },
        { kind: 'wrap-up-done', at: 30_000 },
      ],
      talking,
    );
    expect(after.lastCall).toMatchObject({ heldMs: 5_000, outcome: 'answered' });
    expect(after.lastCall?.spent).toMatchObject({
      ringing: 3_000,
      talking: 7_000,
      held: 0,
      transfer: 5_000,
      conference: 6_000,
      muted: 2_000,
      'wrap-up': 6_000,
    });
  });

  it('brings the agent back to what they were before an outbound call, after its wrap-up', () => {
    const dial = { kind: 'dialing', callId: one, number: '13800000009', name: '', line: '12345' } as const;
    const about = { ticketUid: null, callbackOf: two };
    const resting = play([...READY, { kind: 'availability', ready: false, reason: 'meeting' }]);
    const ended = play(
      [
        { ...dial, about },
        { kind: 'ended', callId: one, by: 'network', refusal: 'busy' },
      ],
      resting,
    );
    expect(ended.agent.kind).toBe('wrap-up');
    expect(ended.lastCall).toMatchObject({ direction: 'out', outcome: 'unanswered', refusal: 'busy' });
    expect(play([{ kind: 'wrap-up-done' }], ended).agent).toMatchObject({ kind: 'not-ready', reason: 'meeting' });
  });

  it('remembers during a call that the agent goes for a break after it', () => {
    const asked = play([{ kind: 'availability', ready: false, reason: 'meal' }], talking);
    expect(asked.agent.kind).toBe('on-call');
    const done = play([{ kind: 'ended', callId: one, by: 'agent', refusal: null }, { kind: 'wrap-up-done' }], asked);
    expect(agentPosition(done).position).toBe('break');
  });

  it('makes a missed call of a caller who gave up waiting', () => {
    const waiting = play([{ kind: 'queued', callId: two, ...offer, at: 5_000 }], talking);
    const left: TelEvent = { kind: 'queue-left', at: 65_000, callId: two, reason: 'gave-up' };
    const after = reducePhone(waiting, left);
    expect(after.queue).toEqual([]);
    expect(finishedCalls(waiting, left, after)).toMatchObject([
      { callId: two, outcome: 'missed', ringAt: 5_000, endedAt: 65_000, seat: '1001', spent: { ringing: 60_000 } },
    ]);
    const passed: TelEvent = { ...left, reason: 'elsewhere' };
    expect(finishedCalls(waiting, passed, reducePhone(waiting, passed))).toEqual([]);
  });

  it('calls it handed off when the emergency service had answered, however the call ended', () => {
    const withPolice = play(
      [
        {
          kind: 'leg-started',
          callId: one,
          legId: leg,
          purpose: 'emergency',
          party: { kind: 'service', service: '110' },
        },
        { kind: 'leg-answered', callId: one, legId: leg, party: null },
      ],
      talking,
    );
    expect(agentPosition(withPolice).position).toBe('conference');
    const left = play([{ kind: 'transferred', callId: one, legId: leg }], withPolice);
    const hungUp = play([{ kind: 'ended', callId: one, by: 'citizen', refusal: null }], withPolice);
    expect([left.lastCall?.outcome, hungUp.lastCall?.outcome]).toEqual(['handed_off', 'handed_off']);
  });
});
