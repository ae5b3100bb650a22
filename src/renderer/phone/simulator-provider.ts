import {
  INITIAL_PHONE_STATE,
  type PhoneState,
  reducePhone,
  type TelCommand,
  type TelEvent,
} from '#shared/domain/call.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import { type CallProvider, type ProviderCapabilities, ProviderError } from './call-provider.ts';
import type { ScriptedCall } from './call-script.ts';
import type { Scheduler } from './scheduler.ts';

/** How long the imagined exchange takes to agree to a command. */
const AGREE_MS = 15;

export interface SimulatorOptions {
  readonly scheduler: Scheduler;
  /** Calls that come by themselves while the agent is ready; null when all calls are asked for. */
  readonly script: Iterator<ScriptedCall, never> | null;
}

/**
 * A telephone exchange for demo, training and tests. It plays the other side with the same reducer that the phone
 * window uses, so it agrees to exactly what a seat can do and every event it emits is legal.
 */
export class SimulatorProvider implements CallProvider {
  readonly capabilities: ProviderCapabilities = { simulate: true };
  readonly #scheduler: Scheduler;
  readonly #script: Iterator<ScriptedCall, never> | null;
  readonly #listeners = new Set<(event: TelEvent) => void>();
  #exchange: PhoneState = INITIAL_PHONE_STATE;
  #cancelNextCall: () => void = () => {};
  #cancelPatience: () => void = () => {};
  #isDisposed = false;

  constructor(options: SimulatorOptions) {
    this.#scheduler = options.scheduler;
    this.#script = options.script;
  }

  subscribe(listener: (event: TelEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  execute(command: TelCommand): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#scheduler.after(AGREE_MS, () => {
        if (this.#isDisposed || !this.#happen(this.#toEvent(command))) reject(new ProviderError('NOT_POSSIBLE'));
        else resolve();
      });
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancelNextCall();
    this.#cancelPatience();
    this.#listeners.clear();
  }

  /** What a command becomes once the exchange agrees; null when it cannot be said in this state. */
  #toEvent(command: TelCommand): TelEvent | null {
    const at = this.#scheduler.now();
    const { agent, call } = this.#exchange;
    switch (command.kind) {
      case 'sign-in':
        return { kind: 'signed-in', at };
      case 'sign-out':
        return agent.kind === 'signed-out' ? null : { kind: 'signed-out', at };
      case 'set-availability':
        return { kind: 'availability', at, ready: command.ready, reason: command.reason };
      case 'answer':
        return { kind: 'answered', at, callId: command.callId };
      case 'reject':
        return call?.phase === 'ringing-in' ? { kind: 'ended', at, callId: command.callId, by: 'agent' } : null;
      case 'hold':
        return { kind: 'held', at, callId: command.callId };
      case 'resume':
        return { kind: 'resumed', at, callId: command.callId };
      case 'mute':
        return { kind: 'muted', at, callId: command.callId, muted: command.muted };
      case 'hangup':
        return call?.phase === 'ringing-in' ? null : { kind: 'ended', at, callId: command.callId, by: 'agent' };
      case 'extend-wrap-up':
        return agent.kind === 'wrap-up'
          ? { kind: 'wrap-up-extended', at, until: Math.max(agent.until, at) + command.byMs }
          : null;
      case 'finish-wrap-up':
        return { kind: 'wrap-up-done', at };
      case 'simulate-ring':
        return this.#offer(command);
      case 'simulate-hangup':
        return { kind: 'ended', at, callId: command.callId, by: 'citizen' };
      default:
        return assertNever(command, 'command');
    }
  }

  #offer(caller: Pick<ScriptedCall, 'ani' | 'name' | 'line'>): TelEvent {
    const at = this.#scheduler.now();
    return {
      kind: 'offered',
      at,
      callId: newId<CallId>(at),
      ani: normalizePhone(caller.ani),
      name: caller.name,
      line: caller.line,
    };
  }

  /** Lets an event happen if the seat can take it. */
  #happen(event: TelEvent | null): boolean {
    if (event === null) return false;
    const next = reducePhone(this.#exchange, event);
    if (next === this.#exchange) return false;
    const wasWaiting = isWaiting(this.#exchange);
    this.#exchange = next;
    if (next.call?.phase !== 'ringing-in') this.#cancelPatience();
    if (isWaiting(next) && !wasWaiting) this.#planNextCall();
    if (!isWaiting(next)) this.#cancelNextCall();
    for (const listener of [...this.#listeners]) listener(event);
    return true;
  }

  #planNextCall(): void {
    const planned = this.#script?.next().value;
    if (!planned || this.#isDisposed) return;
    this.#cancelNextCall = this.#scheduler.after(planned.pauseMs, () => {
      const offer = this.#offer(planned);
      if (!this.#happen(offer) || offer.kind !== 'offered') return;
      this.#cancelPatience = this.#scheduler.after(planned.patienceMs, () => {
        this.#happen({ kind: 'ended', at: this.#scheduler.now(), callId: offer.callId, by: 'citizen' });
      });
    });
  }
}

/** Free for a call, by the exchange's knowledge. */
function isWaiting(state: PhoneState): boolean {
  return state.agent.kind === 'ready' && state.call === null;
}
