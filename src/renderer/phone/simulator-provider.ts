import type { Party, TelCommand, TelEvent } from '#shared/domain/call-events.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { type CallProvider, type ProviderCapabilities, ProviderError } from './call-provider.ts';
import type { ScriptedCall } from './call-script.ts';
import { Exchange } from './exchange.ts';
import type { Scheduler } from './scheduler.ts';
import { SimulatedCallers } from './simulated-callers.ts';
import { SimulatedParties } from './simulated-parties.ts';
import { type PeerReply, type Peers, replyAs, willingPeers } from './simulated-peers.ts';

/** How long the imagined exchange takes to agree to a command. */
const AGREE_MS = 15;

export interface SimulatorOptions {
  readonly scheduler: Scheduler;
  /** Calls that come by themselves while the agent is ready; null when all calls are asked for. */
  readonly script: Iterator<ScriptedCall, never> | null;
  /** How called parties behave unless somebody says otherwise; willing ones by default. */
  readonly peers?: Peers;
  /** The 班长 who comes when help is asked for. */
  readonly lead?: Party | null;
}

type CommandOf<K extends TelCommand['kind']> = Extract<TelCommand, { kind: K }>;
type CalledCommand = CommandOf<'dial' | 'blind-transfer' | 'consult' | 'add-party'>;
/** Commands that are agreed to or refused at once. */
type PlainCommand = Exclude<
  TelCommand,
  | CalledCommand
  | CommandOf<'answer' | 'end-leg' | 'set-wrap-up' | 'simulate-ring' | 'simulate-hangup' | 'simulate-peers'>
>;

/** A telephone exchange for demo, training and tests: citizens, colleagues and emergency services by a seeded script. */
export class SimulatorProvider implements CallProvider {
  readonly capabilities: ProviderCapabilities = { simulate: true };
  readonly #exchange: Exchange;
  readonly #callers: SimulatedCallers;
  readonly #parties: SimulatedParties;
  readonly #scheduler: Scheduler;
  readonly #heard = new Map<CallId, string>();
  #behaviour: CommandOf<'simulate-peers'>['behaviour'] = 'script';

  constructor({ scheduler, script, lead = null, peers = willingPeers(lead) }: SimulatorOptions) {
    this.#scheduler = scheduler;
    this.#exchange = new Exchange(scheduler);
    this.#exchange.subscribe((event) => {
      if (event.kind === 'dtmf-sent') this.#heard.set(event.callId, this.heardDigits(event.callId) + event.digits);
    });
    this.#callers = new SimulatedCallers(this.#exchange, script);
    const reply = (party: Party): PeerReply =>
      this.#behaviour === 'script' ? peers(party) : replyAs(this.#behaviour, party, lead);
    this.#parties = new SimulatedParties(this.#exchange, reply);
  }

  /** Keys the other end heard. */
  heardDigits(callId: CallId): string {
    return this.#heard.get(callId) ?? '';
  }

  subscribe(listener: (event: TelEvent) => void): () => void {
    return this.#exchange.subscribe((event) => listener(event));
  }

  execute(command: TelCommand): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#scheduler.after(AGREE_MS, () => {
        if (this.#exchange.isClosed) reject(new ProviderError('NOT_POSSIBLE'));
        else this.#do(command).then(resolve, reject);
      });
    });
  }

  dispose(): void {
    this.#exchange.close();
  }

  #do(command: TelCommand): Promise<void> {
    switch (command.kind) {
      case 'dial':
        return this.#parties.dial(command);
      case 'blind-transfer':
      case 'consult':
      case 'add-party':
        return this.#parties.call(command);
      case 'answer':
        return this.#answer(command.callId);
      case 'end-leg':
        return agreed(this.#parties.endLeg(command.callId));
      case 'simulate-ring':
        return agreed(this.#callers.arrive(command));
      case 'simulate-hangup':
        return agreed(this.#hangUpElsewhere(command));
      case 'simulate-peers':
        this.#behaviour = command.behaviour;
        return agreed(true);
      case 'set-wrap-up':
        this.#exchange.happen({ kind: 'wrap-up-set', at: this.#exchange.now(), ms: command.ms });
        return agreed(true);
      default: {
        const event = this.#toEvent(command);
        return agreed(event !== null && this.#exchange.happen(event));
      }
    }
  }

  #answer(callId: CallId): Promise<void> {
    const { call } = this.#exchange.state;
    const isRinging = call?.callId === callId && call.phase === 'ringing-in';
    if (!isRinging || !this.#exchange.happen({ kind: 'connecting', at: this.#exchange.now(), callId })) {
      return agreed(false);
    }
    return new Promise((resolve, reject) => {
      this.#exchange.after(AGREE_MS, () => {
        if (this.#exchange.happen({ kind: 'answered', at: this.#exchange.now(), callId })) resolve();
        else reject(new ProviderError('GONE'));
      });
    });
  }

  #hangUpElsewhere({ callId, who }: CommandOf<'simulate-hangup'>): boolean {
    if (who === 'third') return this.#parties.endLeg(callId);
    const gone = { kind: 'ended', at: this.#exchange.now(), callId, by: 'citizen', refusal: null } as const;
    return this.#exchange.happen(gone) || this.#callers.giveUp(callId);
  }

  /** What a command becomes once the exchange agrees; null when it cannot be said in this state. */
  #toEvent(command: PlainCommand): TelEvent | null {
    const at = this.#exchange.now();
    const { agent, call } = this.#exchange.state;
    switch (command.kind) {
      case 'sign-in':
        return { kind: 'signed-in', at, seat: command.seat };
      case 'sign-out':
        return { kind: 'signed-out', at };
      case 'set-availability':
        return { kind: 'availability', at, ready: command.ready, reason: command.reason };
      case 'reject':
        return call?.phase === 'ringing-in' ? endedByAgent(command.callId, at) : null;
      case 'hold':
        return { kind: 'held', at, callId: command.callId };
      case 'resume':
        return { kind: 'resumed', at, callId: command.callId };
      case 'mute':
        return { kind: 'muted', at, callId: command.callId, muted: command.muted };
      case 'dtmf':
        return { kind: 'dtmf-sent', at, callId: command.callId, digits: command.digits };
      case 'hangup': {
        // Nobody hangs up on a citizen who is being put through to an emergency service, or who is on the way elsewhere.
        const isTied =
          call?.phase === 'ringing-in' || call?.phase === 'transferring' || call?.leg?.purpose === 'emergency';
        return isTied ? null : endedByAgent(command.callId, at);
      }
      case 'join-leg':
        return call?.leg ? { kind: 'leg-joined', at, callId: command.callId, legId: call.leg.legId } : null;
      case 'complete-transfer':
        return call?.leg && call.phase !== 'transferring'
          ? { kind: 'transferred', at, callId: command.callId, legId: call.leg.legId }
          : null;
      case 'extend-wrap-up':
        return agent.kind === 'wrap-up'
          ? { kind: 'wrap-up-extended', at, until: Math.max(agent.until, at) + command.byMs }
          : null;
      case 'finish-wrap-up':
        return { kind: 'wrap-up-done', at };
      default:
        return assertNever(command, 'command');
    }
  }
}

function endedByAgent(callId: CallId, at: number): TelEvent {
  return { kind: 'ended', at, callId, by: 'agent', refusal: null };
}

function agreed(isAgreed: boolean): Promise<void> {
  return isAgreed ? Promise.resolve() : Promise.reject(new ProviderError('NOT_POSSIBLE'));
}
