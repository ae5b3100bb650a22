import { DEFAULT_WRAP_UP_MS, type TelEvent } from './call-events.ts';
import { reduceLeg } from './call-legs.ts';
import {
  type AgentState,
  addStage,
  type CallState,
  NO_STAGE_TIMES,
  type PhoneState,
  type QueuedCall,
  stageOf,
} from './call-state.ts';

type EventOf<K extends TelEvent['kind']> = Extract<TelEvent, { kind: K }>;

/** More calls than this do not wait for one seat. */
const QUEUE_MOST = 50;
/** Digits that are shown as sent. */
const DIGITS_MOST = 40;

export const INITIAL_PHONE_STATE: PhoneState = {
  seat: '',
  agent: { kind: 'signed-out', since: 0 },
  wrapUpMs: DEFAULT_WRAP_UP_MS,
  call: null,
  lastCall: null,
  queue: [],
};

/**
 * The single writer of call state: event in, next state out. An event that is not legal in the state (an answer after
 * the hang-up, a second offer during a call) leaves the state as it is.
 */
export function reducePhone(state: PhoneState, event: TelEvent): PhoneState {
  switch (event.kind) {
    case 'signed-in':
    case 'signed-out':
    case 'availability':
    case 'wrap-up-set':
    case 'wrap-up-extended':
    case 'wrap-up-done':
      return reduceAgent(state, event);
    case 'queued':
      return queueCall(state, event);
    case 'queue-left': {
      const queue = state.queue.filter((call) => call.callId !== event.callId);
      return queue.length === state.queue.length ? state : { ...state, queue };
    }
    case 'offered':
      return offerCall(state, event);
    case 'dialing':
      return dialCall(state, event);
    default:
      return reduceCall(state, event);
  }
}

function reduceAgent(
  state: PhoneState,
  event: EventOf<'signed-in' | 'signed-out' | 'availability' | 'wrap-up-set' | 'wrap-up-extended' | 'wrap-up-done'>,
): PhoneState {
  const { agent, call } = state;
  switch (event.kind) {
    case 'signed-in':
      return agent.kind === 'signed-out'
        ? { ...state, seat: event.seat, agent: { kind: 'not-ready', since: event.at, reason: 'signed-in' } }
        : state;
    case 'signed-out':
      if (call || agent.kind === 'signed-out') return state;
      return { ...leaveWrapUp(state, event.at), agent: { kind: 'signed-out', since: event.at }, queue: [] };
    case 'availability': {
      const reason = event.ready ? null : (event.reason ?? 'busy');
      if (agent.kind === 'on-call') {
        return agent.after === reason ? state : { ...state, agent: { ...agent, after: reason } };
      }
      if (agent.kind === 'signed-out' || call) return state;
      const next = restAs(reason, event.at);
      // Whoever waited for an agent who leaves is not waiting for this seat any more.
      return { ...leaveWrapUp(state, event.at), agent: next, queue: event.ready ? state.queue : [] };
    }
    case 'wrap-up-set':
      return state.wrapUpMs === event.ms ? state : { ...state, wrapUpMs: event.ms };
    case 'wrap-up-extended':
      return agent.kind === 'wrap-up' && event.until > agent.until
        ? { ...state, agent: { ...agent, until: event.until } }
        : state;
    case 'wrap-up-done': {
      if (agent.kind !== 'wrap-up') return state;
      const queue = agent.after === null ? state.queue : [];
      return { ...leaveWrapUp(state, event.at), agent: restAs(agent.after, event.at), queue };
    }
  }
}

/** Between calls: ready, or not for a reason. */
function restAs(reason: EventOf<'availability'>['reason'], at: number): AgentState {
  return reason === null ? { kind: 'ready', since: at } : { kind: 'not-ready', since: at, reason };
}

/** Writes the time of the wrap-up that ends now to the call it was about. */
function leaveWrapUp(state: PhoneState, at: number): PhoneState {
  const { agent, lastCall } = state;
  if (agent.kind !== 'wrap-up' || !lastCall) return state;
  return { ...state, lastCall: { ...lastCall, spent: addStage(lastCall.spent, 'wrap-up', agent.since, at) } };
}

function queueCall(state: PhoneState, event: EventOf<'queued'>): PhoneState {
  const { agent, call, queue } = state;
  const mayWait = agent.kind === 'on-call' || agent.kind === 'wrap-up' || (agent.kind === 'ready' && call !== null);
  const isKnown = call?.callId === event.callId || queue.some((one) => one.callId === event.callId);
  if (!mayWait || isKnown || queue.length >= QUEUE_MOST) return state;
  const { callId, ani, name, line, from, at } = event;
  const waiting: QueuedCall = { callId, ani, name, line, from, since: at };
  return { ...state, queue: [...queue, waiting] };
}

function offerCall(state: PhoneState, event: EventOf<'offered'>): PhoneState {
  if (state.call || state.agent.kind !== 'ready') return state;
  const call = newCall(state, event.at, {
    callId: event.callId,
    direction: 'in',
    ani: event.ani,
    name: event.name,
    line: event.line,
    from: event.from,
    about: null,
    phase: 'ringing-in',
  });
  return { ...state, call, queue: state.queue.filter((one) => one.callId !== event.callId) };
}

function dialCall(state: PhoneState, event: EventOf<'dialing'>): PhoneState {
  const { agent, call } = state;
  if (call || agent.kind === 'signed-out' || agent.kind === 'on-call') return state;
  if (state.queue.some((one) => one.callId === event.callId)) return state;
  const after = agent.kind === 'not-ready' ? agent.reason : agent.kind === 'wrap-up' ? agent.after : null;
  const dialled = newCall(state, event.at, {
    callId: event.callId,
    direction: 'out',
    ani: event.number,
    name: event.name,
    line: event.line,
    from: null,
    about: event.about,
    phase: 'dialing',
  });
  return { ...leaveWrapUp(state, event.at), agent: { kind: 'on-call', since: event.at, after }, call: dialled };
}

function newCall(
  state: PhoneState,
  at: number,
  facts: Pick<CallState, 'callId' | 'direction' | 'ani' | 'name' | 'line' | 'from' | 'about' | 'phase'>,
): CallState {
  return {
    ...facts,
    seat: state.seat,
    muted: false,
    ringAt: at,
    answeredAt: null,
    endedAt: null,
    endedBy: null,
    outcome: null,
    refusal: null,
    heldSince: null,
    heldMs: 0,
    leg: null,
    pastLegs: [],
    digits: '',
    stage: facts.direction === 'in' ? 'ringing' : 'dialing',
    stageSince: at,
    spent: NO_STAGE_TIMES,
  };
}

type CallEvent = Exclude<
  TelEvent,
  EventOf<
    | 'signed-in'
    | 'signed-out'
    | 'availability'
    | 'wrap-up-set'
    | 'wrap-up-extended'
    | 'wrap-up-done'
    | 'queued'
    | 'queue-left'
    | 'offered'
    | 'dialing'
  >
>;

/** Events of the call on the seat; those of any other call are ignored. */
function reduceCall(state: PhoneState, event: CallEvent): PhoneState {
  const { call } = state;
  if (call?.callId !== event.callId) return state;
  const next = nextCall(call, event);
  if (next === call) return state;
  if (next.phase === 'ended') return finishCall(state, next, event.at);
  const moved = moveStage(next, event.at);
  const isTaken = moved.phase !== 'ringing-in' && state.agent.kind === 'ready';
  return {
    ...state,
    call: moved,
    agent: isTaken ? { kind: 'on-call', since: event.at, after: null } : state.agent,
  };
}

function nextCall(call: CallState, event: CallEvent): CallState {
  const { phase } = call;
  switch (event.kind) {
    case 'ringing-out':
      return phase === 'dialing' ? { ...call, phase: 'ringing-out' } : call;
    case 'connecting':
      return phase === 'ringing-in' || phase === 'dialing' || phase === 'ringing-out'
        ? { ...call, phase: 'connecting' }
        : call;
    case 'answered':
      return call.answeredAt === null ? { ...call, phase: 'active', answeredAt: event.at } : call;
    case 'held':
      return phase === 'active' && !call.leg ? { ...call, phase: 'held', heldSince: event.at } : call;
    case 'resumed':
      return phase === 'held' && !call.leg ? endHold({ ...call, phase: 'active' }, event.at) : call;
    case 'muted':
      return call.answeredAt !== null && call.muted !== event.muted ? { ...call, muted: event.muted } : call;
    case 'dtmf-sent':
      return call.answeredAt === null ? call : { ...call, digits: (call.digits + event.digits).slice(-DIGITS_MOST) };
    case 'ended':
      return { ...call, phase: 'ended', endedBy: event.by, refusal: event.refusal };
    default:
      return reduceLeg(call, event);
  }
}

function moveStage(call: CallState, at: number): CallState {
  const stage = stageOf(call);
  if (stage === call.stage) return call;
  return { ...call, stage, stageSince: at, spent: addStage(call.spent, call.stage, call.stageSince, at) };
}

function endHold(call: CallState, at: number): CallState {
  if (call.heldSince === null) return call;
  return { ...call, heldSince: null, heldMs: call.heldMs + Math.max(0, at - call.heldSince) };
}

/** Closes a call's times and legs, and lets the agent wrap up what there was. */
function finishCall(state: PhoneState, call: CallState, at: number): PhoneState {
  const closed: CallState = {
    ...endHold(endLeg(call, at), at),
    endedAt: at,
    digits: '',
    spent: addStage(call.spent, call.stage, call.stageSince, at),
  };
  const ended = { ...closed, outcome: closed.outcome ?? outcomeOf(closed) };
  const { agent } = state;
  const after = agent.kind === 'on-call' ? agent.after : null;
  // An offer nobody took leaves the agent as they were; everything else has something to be written down.
  const next: AgentState =
    call.answeredAt !== null || call.direction === 'out'
      ? { kind: 'wrap-up', since: at, until: at + state.wrapUpMs, after }
      : agent.kind === 'on-call'
        ? restAs(after, at)
        : agent;
  return { ...state, agent: next, call: null, lastCall: ended };
}

/** A third party who was still called or talking when the call ended. */
function endLeg(call: CallState, at: number): CallState {
  const { leg } = call;
  if (!leg) return call;
  const { purpose, party, startedAt, answeredAt } = leg;
  const result = answeredAt === null ? 'cancelled' : 'ended';
  const past = { purpose, party, startedAt, answeredAt, endedAt: at, result } as const;
  return { ...call, leg: null, pastLegs: [...call.pastLegs, past] };
}

function outcomeOf(call: CallState): NonNullable<CallState['outcome']> {
  const wasHandedOff = call.pastLegs.some((leg) => leg.purpose === 'emergency' && leg.answeredAt !== null);
  if (wasHandedOff) return 'handed_off';
  if (call.answeredAt !== null) return 'answered';
  if (call.direction === 'in') return call.endedBy === 'agent' ? 'rejected' : 'missed';
  return call.endedBy === 'agent' ? 'cancelled' : 'unanswered';
}
