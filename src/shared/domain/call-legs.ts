import type { TelEvent } from './call-events.ts';
import type { CallState, PastLeg, SecondLeg } from './call-state.ts';

type LegEvent = Extract<
  TelEvent,
  { kind: 'leg-started' | 'leg-ringing' | 'leg-answered' | 'leg-joined' | 'leg-ended' | 'transferred' }
>;

/** Third parties that are remembered of one call. */
const PAST_LEGS_MOST = 20;

/** What becomes of a call and its third party; an event that does not fit leaves both as they are. */
export function reduceLeg(call: CallState, event: LegEvent): CallState {
  if (event.kind === 'leg-started') return startLeg(call, event);
  const { leg } = call;
  // Late news of a third party that was called before.
  if (leg?.legId !== event.legId) return call;
  switch (event.kind) {
    case 'leg-ringing':
      return leg.phase === 'calling' ? { ...call, leg: { ...leg, phase: 'ringing' } } : call;
    case 'leg-answered': {
      // A blind transfer is over with the answer: `transferred` says so.
      if (leg.answeredAt !== null || leg.purpose === 'transfer') return call;
      const answered = { ...leg, answeredAt: event.at, party: event.party ?? leg.party };
      return { ...call, leg: { ...answered, phase: leg.purpose === 'consult' ? 'talking' : 'joined' } };
    }
    case 'leg-joined':
      if (leg.phase !== 'talking') return call;
      return endHoldForAll({ ...call, leg: { ...leg, phase: 'joined' } }, event.at);
    case 'leg-ended':
      return endLeg(call, leg, event);
    case 'transferred':
      return finishTransfer(call, leg, event.at);
  }
}

function startLeg(call: CallState, event: Extract<LegEvent, { kind: 'leg-started' }>): CallState {
  const { purpose, party, legId, at } = event;
  if (call.leg) return call;
  const mayStart =
    purpose === 'transfer'
      ? call.phase === 'active' || call.phase === 'held'
      : // The citizen waits while a colleague is asked, and takes part in everything else.
        call.phase === (purpose === 'consult' ? 'held' : 'active');
  if (!mayStart) return call;
  const leg: SecondLeg = { legId, purpose, party, phase: 'calling', startedAt: at, answeredAt: null };
  return { ...call, leg, phase: purpose === 'transfer' ? 'transferring' : call.phase };
}

function endLeg(call: CallState, leg: SecondLeg, { at, result }: Extract<LegEvent, { kind: 'leg-ended' }>): CallState {
  // A refused blind transfer gives the citizen back as they were.
  const before = call.heldSince === null ? 'active' : 'held';
  const phase = call.phase === 'transferring' ? before : call.phase;
  return { ...call, phase, leg: null, pastLegs: addPast(call, toPast(leg, at, result)) };
}

function finishTransfer(call: CallState, leg: SecondLeg, at: number): CallState {
  const canGo = call.phase === 'transferring' || leg.phase === 'talking' || leg.phase === 'joined';
  if (!canGo) return call;
  const past = toPast({ ...leg, answeredAt: leg.answeredAt ?? at }, at, 'transferred');
  return {
    ...call,
    phase: 'ended',
    endedBy: 'agent',
    outcome: leg.purpose === 'emergency' ? 'handed_off' : 'transferred',
    leg: null,
    pastLegs: addPast(call, past),
  };
}

function endHoldForAll(call: CallState, at: number): CallState {
  const heldMs = call.heldSince === null ? 0 : Math.max(0, at - call.heldSince);
  return { ...call, phase: 'active', heldSince: null, heldMs: call.heldMs + heldMs };
}

function toPast(leg: SecondLeg, endedAt: number, result: PastLeg['result']): PastLeg {
  const { purpose, party, startedAt, answeredAt } = leg;
  return { purpose, party, startedAt, answeredAt, endedAt, result };
}

function addPast(call: CallState, leg: PastLeg): readonly PastLeg[] {
  return [...call.pastLegs, leg].slice(-PAST_LEGS_MOST);
}
