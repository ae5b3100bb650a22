import {
  BREAK_REASONS,
  type CallAbout,
  type LegPurpose,
  type LegResult,
  type NotReadyReason,
  type Party,
  type Refusal,
  type SeatParty,
  type TelEvent,
} from './call-events.ts';
import type { CallFacts } from './ticket.ts';

type CallId = CallFacts['callId'];
type LegId = Extract<TelEvent, { kind: 'leg-started' }>['legId'];

export type CallPhase =
  | 'ringing-in'
  | 'dialing'
  | 'ringing-out'
  | 'connecting'
  | 'active'
  | 'held'
  | 'transferring'
  | 'ended';

/**
 * What an agent would say the call is doing; one at a time, so that the times spent in each add up to the whole call:
 * 请求应答 外呼 通话 保持 静音 三方通话 求助 转接 整理.
 */
export const CALL_STAGES = [
  'ringing',
  'dialing',
  'talking',
  'held',
  'muted',
  'conference',
  'help',
  'transfer',
  'wrap-up',
] as const;
export type CallStage = (typeof CALL_STAGES)[number];

/** Time spent per stage that is over, in ms. */
export type StageTimes = Readonly<Record<CallStage, number>>;

export const NO_STAGE_TIMES: StageTimes = {
  ringing: 0,
  dialing: 0,
  talking: 0,
  held: 0,
  muted: 0,
  conference: 0,
  help: 0,
  transfer: 0,
  'wrap-up': 0,
};

/** The third party of a call. */
export interface SecondLeg {
  readonly legId: LegId;
  readonly purpose: LegPurpose;
  readonly party: Party;
  /** `talking`: agent and third party speak while the citizen waits; `joined`: all three hear each other. */
  readonly phase: 'calling' | 'ringing' | 'talking' | 'joined';
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

/** A third party that was called before, and how that went. */
export interface PastLeg extends Pick<SecondLeg, 'purpose' | 'party' | 'startedAt' | 'answeredAt'> {
  readonly endedAt: number;
  readonly result: LegResult;
}

/** `missed`: the citizen gave up; `unanswered`: the called party did not come; `cancelled`: the agent gave up. */
export const CALL_OUTCOMES = [
  'answered',
  'missed',
  'rejected',
  'unanswered',
  'cancelled',
  'transferred',
  'handed_off',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export interface CallState {
  readonly callId: CallId;
  /** 工号 of the seat it was on. */
  readonly seat: string;
  readonly direction: 'in' | 'out';
  /** Normalized number of the other end, empty when withheld. */
  readonly ani: string;
  /** Name delivered by the network, if any. */
  readonly name: string;
  readonly line: CallFacts['line'];
  /** The colleague who passed it on. */
  readonly from: SeatParty | null;
  /** What an outbound call is about. */
  readonly about: CallAbout | null;
  readonly phase: CallPhase;
  readonly muted: boolean;
  /** First ring, or the moment it was dialled. */
  readonly ringAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: 'citizen' | 'agent' | 'network' | null;
  readonly outcome: CallOutcome | null;
  /** Why a called party did not answer. */
  readonly refusal: Refusal | null;
  readonly heldSince: number | null;
  readonly heldMs: number;
  readonly leg: SecondLeg | null;
  readonly pastLegs: readonly PastLeg[];
  /** Digits sent so far, the newest last; not kept after the call: people type secrets. */
  readonly digits: string;
  readonly stage: CallStage;
  readonly stageSince: number;
  readonly spent: StageTimes;
}

/** A call for this seat that has to wait. */
export interface QueuedCall extends Pick<CallState, 'callId' | 'ani' | 'name' | 'line' | 'from'> {
  readonly since: number;
}

export type AgentState =
  | { readonly kind: 'signed-out'; readonly since: number }
  | { readonly kind: 'ready'; readonly since: number }
  | { readonly kind: 'not-ready'; readonly since: number; readonly reason: NotReadyReason }
  /** `after`: what follows the wrap-up, null = ready. */
  | { readonly kind: 'on-call'; readonly since: number; readonly after: NotReadyReason | null }
  | {
      readonly kind: 'wrap-up';
      readonly since: number;
      readonly until: number;
      readonly after: NotReadyReason | null;
    };

export interface PhoneState {
  /** 工号 the phone is signed in as; the last one while it is signed out. */
  readonly seat: string;
  readonly agent: AgentState;
  /** Length of the next wrap-up, in ms. */
  readonly wrapUpMs: number;
  /** The one call on the seat; null between calls. */
  readonly call: CallState | null;
  /** The call before, kept for wrap-up. */
  readonly lastCall: CallState | null;
  /** Calls that wait for this seat, the longest waiting first. */
  readonly queue: readonly QueuedCall[];
}

/** What the agent is doing, as the call bar says it. */
export type AgentPosition = 'signed-out' | 'ready' | 'busy' | 'break' | CallStage;

/** The one word for what the agent is doing now, and since when. */
export function agentPosition({ agent, call }: PhoneState): {
  readonly position: AgentPosition;
  readonly since: number;
} {
  if (call) return { position: call.stage, since: call.stageSince };
  const { since } = agent;
  switch (agent.kind) {
    case 'not-ready':
      return { position: isBreak(agent.reason) ? 'break' : 'busy', since };
    case 'on-call':
      // Nobody sees it: a call ends together with this state.
      return { position: 'talking', since };
    default:
      return { position: agent.kind, since };
  }
}

/** 小休 rather than 示忙. */
export function isBreak(reason: NotReadyReason): boolean {
  return BREAK_REASONS.some((one) => one === reason);
}

/** The stage of a call on the seat. */
export function stageOf(call: Pick<CallState, 'phase' | 'direction' | 'leg' | 'muted'>): CallStage {
  const { phase, leg } = call;
  if (phase === 'ringing-in') return 'ringing';
  if (phase === 'dialing' || phase === 'ringing-out') return 'dialing';
  if (phase === 'connecting') return call.direction === 'in' ? 'ringing' : 'dialing';
  if (leg?.purpose === 'help') return 'help';
  if (leg?.phase === 'joined') return 'conference';
  if (leg || phase === 'transferring') return 'transfer';
  if (phase === 'held') return 'held';
  return call.muted ? 'muted' : 'talking';
}

/** Stage times with what has passed in the stage that goes on. */
export function addStage(spent: StageTimes, stage: CallStage, since: number, until: number): StageTimes {
  return { ...spent, [stage]: spent[stage] + Math.max(0, until - since) };
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
    ...(call.direction === 'out' ? { direction: 'out' } : {}),
  };
}
