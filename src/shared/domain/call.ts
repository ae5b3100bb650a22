import { z } from 'zod';
import { callIdSchema } from '../kernel/ids.ts';
import { lineSchema } from './roles.ts';
import type { CallFacts } from './ticket.ts';

/** 示忙/小休 reasons. */
export const NOT_READY_REASONS = ['busy', 'rest', 'meal', 'training', 'meeting', 'signed-in'] as const;
export const notReadyReasonSchema = z.enum(NOT_READY_REASONS);
export type NotReadyReason = z.infer<typeof notReadyReasonSchema>;

/** Default length of 整理 (wrap-up) before the agent is ready again, in ms. */
export const WRAP_UP_MS = 60_000;

const at = z.number().int().nonnegative();
const callId = callIdSchema;

/** What a provider (simulator, SIP) reports. Providers only emit events; they never hold call state that others read. */
export const telEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed-in'), at }),
  z.strictObject({ kind: z.literal('signed-out'), at }),
  z.strictObject({ kind: z.literal('availability'), at, ready: z.boolean(), reason: notReadyReasonSchema.nullable() }),
  z.strictObject({ kind: z.literal('offered'), at, callId, ani: z.string(), name: z.string(), line: lineSchema }),
  z.strictObject({ kind: z.literal('answered'), at, callId }),
  z.strictObject({ kind: z.literal('held'), at, callId }),
  z.strictObject({ kind: z.literal('resumed'), at, callId }),
  z.strictObject({ kind: z.literal('muted'), at, callId, muted: z.boolean() }),
  z.strictObject({ kind: z.literal('ended'), at, callId, by: z.enum(['citizen', 'agent', 'network']) }),
  z.strictObject({ kind: z.literal('wrap-up-extended'), at, until: at }),
  z.strictObject({ kind: z.literal('wrap-up-done'), at }),
]);
export type TelEvent = z.infer<typeof telEventSchema>;

/** Commands of a CallProvider; each resolves when the other side agreed. */
export const telCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sign-in') }),
  z.strictObject({ kind: z.literal('sign-out') }),
  z.strictObject({ kind: z.literal('set-availability'), ready: z.boolean(), reason: notReadyReasonSchema.nullable() }),
  z.strictObject({ kind: z.literal('answer'), callId }),
  z.strictObject({ kind: z.literal('reject'), callId }),
  z.strictObject({ kind: z.literal('hold'), callId }),
  z.strictObject({ kind: z.literal('resume'), callId }),
  z.strictObject({ kind: z.literal('mute'), callId, muted: z.boolean() }),
  z.strictObject({ kind: z.literal('hangup'), callId }),
  z.strictObject({ kind: z.literal('extend-wrap-up'), byMs: z.number().int().positive().max(600_000) }),
  z.strictObject({ kind: z.literal('finish-wrap-up') }),
  /** Simulator only: let somebody ring now. `ani` may be empty (withheld number). */
  z.strictObject({
    kind: z.literal('simulate-ring'),
    ani: z.string().max(30),
    name: z.string().max(60),
    line: lineSchema,
  }),
  /** Simulator only: the citizen hangs up. */
  z.strictObject({ kind: z.literal('simulate-hangup'), callId }),
]);
export type TelCommand = z.infer<typeof telCommandSchema>;

export type CallPhase = 'ringing-in' | 'active' | 'held' | 'ended';

export interface CallState {
  readonly callId: CallFacts['callId'];
  /** Normalized number, empty when withheld. */
  readonly ani: string;
  /** Name delivered by the network, if any. */
  readonly name: string;
  readonly line: CallFacts['line'];
  readonly phase: CallPhase;
  readonly muted: boolean;
  readonly ringAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: 'citizen' | 'agent' | 'network' | null;
  readonly heldSince: number | null;
  readonly heldMs: number;
}

export type AgentState =
  | { readonly kind: 'signed-out'; readonly since: number }
  | { readonly kind: 'ready'; readonly since: number }
  | { readonly kind: 'not-ready'; readonly since: number; readonly reason: NotReadyReason }
  | { readonly kind: 'on-call'; readonly since: number }
  | { readonly kind: 'wrap-up'; readonly since: number; readonly until: number };

export interface PhoneState {
  readonly agent: AgentState;
  /** The one call on the seat: ringing, active or held; null between calls. */
  readonly call: CallState | null;
  /** The call before, kept for wrap-up. */
  readonly lastCall: CallState | null;
}

export const INITIAL_PHONE_STATE: PhoneState = { agent: { kind: 'signed-out', since: 0 }, call: null, lastCall: null };

/**
 * The single writer of call state: event in, next state out. An event that is not legal in the state (an answer after
 * the hang-up, a second offer during a call) leaves the state as it is.
 */
export function reducePhone(state: PhoneState, event: TelEvent): PhoneState {
  const { call, agent } = state;
  switch (event.kind) {
    case 'signed-in':
      return agent.kind === 'signed-out'
        ? { ...state, agent: { kind: 'not-ready', since: event.at, reason: 'signed-in' } }
        : state;
    case 'signed-out':
      return call ? state : { ...state, agent: { kind: 'signed-out', since: event.at } };
    case 'availability': {
      if (agent.kind === 'signed-out' || call) return state;
      return {
        ...state,
        agent: event.ready
          ? { kind: 'ready', since: event.at }
          : { kind: 'not-ready', since: event.at, reason: event.reason ?? 'busy' },
      };
    }
    case 'offered':
      if (call || agent.kind !== 'ready') return state;
      return {
        ...state,
        call: {
          callId: event.callId,
          ani: event.ani,
          name: event.name,
          line: event.line,
          phase: 'ringing-in',
          muted: false,
          ringAt: event.at,
          answeredAt: null,
          endedAt: null,
          endedBy: null,
          heldSince: null,
          heldMs: 0,
        },
      };
    case 'answered':
      if (call?.callId !== event.callId || call.phase !== 'ringing-in') return state;
      return {
        ...state,
        agent: { kind: 'on-call', since: event.at },
        call: { ...call, phase: 'active', answeredAt: event.at },
      };
    case 'held':
      if (call?.callId !== event.callId || call.phase !== 'active') return state;
      return { ...state, call: { ...call, phase: 'held', heldSince: event.at } };
    case 'resumed':
      if (call?.callId !== event.callId || call.phase !== 'held') return state;
      return { ...state, call: endHold({ ...call, phase: 'active' }, event.at) };
    case 'muted':
      if (call?.callId !== event.callId || call.phase === 'ringing-in') return state;
      return { ...state, call: { ...call, muted: event.muted } };
    case 'ended': {
      if (call?.callId !== event.callId) return state;
      const ended: CallState = { ...endHold(call, event.at), phase: 'ended', endedAt: event.at, endedBy: event.by };
      // An unanswered call leaves the agent as they were; an answered one is followed by wrap-up.
      const next: AgentState =
        call.answeredAt === null ? agent : { kind: 'wrap-up', since: event.at, until: event.at + WRAP_UP_MS };
      return { agent: next, call: null, lastCall: ended };
    }
    case 'wrap-up-extended':
      return agent.kind === 'wrap-up'
        ? { ...state, agent: { ...agent, until: Math.max(agent.until, event.until) } }
        : state;
    case 'wrap-up-done':
      return agent.kind === 'wrap-up' ? { ...state, agent: { kind: 'ready', since: event.at } } : state;
  }
}

function endHold(call: CallState, at: number): CallState {
  if (call.heldSince === null) return call;
  return { ...call, heldSince: null, heldMs: call.heldMs + Math.max(0, at - call.heldSince) };
}

/** The facts of a call as a ticket keeps them. */
export function toCallFacts(call: CallState): CallFacts {
  return {
    callId: call.callId,
    ani: call.ani,
    line: call.line,
    ringAt: call.ringAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    heldMs: call.heldMs,
  };
}
