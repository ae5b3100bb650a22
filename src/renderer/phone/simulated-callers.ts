import type { SeatParty } from '#shared/domain/call-events.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import type { DemoCaller, ScriptedCall } from './call-script.ts';
import type { Exchange } from './exchange.ts';

/** Between "free again" and the offer of the caller who waits longest. */
const NEXT_OFFER_MS = 400;

export interface Arrival extends DemoCaller {
  readonly callId?: CallId | undefined;
  readonly from?: SeatParty | undefined;
}

/** Citizens who call: one rings, the others wait, everybody gives up after their patience. */
export class SimulatedCallers {
  readonly #exchange: Exchange;
  readonly #script: Iterator<ScriptedCall, never> | null;
  readonly #patience = new Map<CallId, { readonly ring: () => void; readonly holdMs: number | null }>();
  readonly #seen = new Set<CallId>();
  #next: ScriptedCall | null = null;
  #cancelNext = () => {};
  #cancelHold = () => {};

  /** @param script calls that come by themselves; null when all calls are asked for */
  constructor(exchange: Exchange, script: Iterator<ScriptedCall, never> | null) {
    this.#exchange = exchange;
    this.#script = script;
    exchange.subscribe((event, before) => {
      const { state } = exchange;
      if (event.kind === 'answered') this.#onAnswered();
      if (event.kind === 'ended' || event.kind === 'transferred' || event.kind === 'queue-left')
        this.#forget(event.callId);
      if (state.call?.phase !== before.call?.phase || state.call?.callId !== before.call?.callId) this.#watchHold();
      if (isFree(state) && !isFree(before)) this.#onFree();
      if (!isFree(state)) this.#cancelNext();
    });
  }

  /** Somebody calls now. @returns false when the seat takes no calls, or this call was here before */
  arrive(caller: Arrival): boolean {
    return this.#arrive(caller, null, null);
  }

  /** Somebody who waits has had enough. */
  giveUp(callId: CallId): boolean {
    return this.#exchange.happen({ kind: 'queue-left', at: this.#exchange.now(), callId, reason: 'gave-up' });
  }

  #arrive(caller: Arrival, patienceMs: number | null, holdMs: number | null): boolean {
    const { now, state } = { now: this.#exchange.now(), state: this.#exchange.state };
    const callId = caller.callId ?? newId<CallId>(now);
    if (this.#seen.has(callId)) return false;
    const who = {
      at: now,
      callId,
      ani: normalizePhone(caller.ani),
      name: caller.name,
      line: caller.line,
      from: caller.from ?? null,
    };
    const isNext = isFree(state) && state.queue.length === 0;
    if (!this.#exchange.happen({ kind: isNext ? 'offered' : 'queued', ...who })) return false;
    this.#seen.add(callId);
    const ring = patienceMs === null ? () => {} : this.#exchange.after(patienceMs, () => this.#losePatience(callId));
    this.#patience.set(callId, { ring, holdMs });
    return true;
  }

  #losePatience(callId: CallId): void {
    const { call } = this.#exchange.state;
    if (call?.callId === callId && call.phase === 'ringing-in') this.#hangUp(callId);
    else this.giveUp(callId);
  }

  #forget(callId: CallId): void {
    this.#patience.get(callId)?.ring();
    this.#patience.delete(callId);
  }

  #hangUp(callId: CallId): void {
    this.#exchange.happen({ kind: 'ended', at: this.#exchange.now(), callId, by: 'citizen', refusal: null });
  }

  #onFree(): void {
    this.#cancelNext();
    if (this.#exchange.state.queue.length > 0) {
      this.#cancelNext = this.#exchange.after(NEXT_OFFER_MS, () => this.#offerLongest());
      return;
    }
    this.#next ??= this.#script?.next().value ?? null;
    if (this.#next) this.#cancelNext = this.#exchange.after(this.#next.pauseMs, () => this.#playNext());
  }

  #offerLongest(): void {
    const [longest] = this.#exchange.state.queue;
    // Whoever waited may have given up in the last moment.
    if (!longest) {
      this.#onFree();
      return;
    }
    const { since: _since, ...who } = longest;
    this.#exchange.happen({ kind: 'offered', at: this.#exchange.now(), ...who });
  }

  #onAnswered(): void {
    const { call } = this.#exchange.state;
    if (!call || call.direction === 'out') return;
    this.#patience.get(call.callId)?.ring();
    this.#next ??= this.#script?.next().value ?? null;
    if (this.#next?.overlaps) this.#exchange.after(4 * this.#next.pauseMs, () => this.#playNext());
  }

  /** Nobody comes twice: a caller the seat cannot take now is kept for later. */
  #playNext(): void {
    const planned = this.#next;
    if (planned && this.#arrive(planned, planned.patienceMs, planned.holdPatienceMs)) this.#next = null;
  }

  /** A citizen who hears nothing but music for too long hangs up. */
  #watchHold(): void {
    this.#cancelHold();
    const { call } = this.#exchange.state;
    const holdMs = call && this.#patience.get(call.callId)?.holdMs;
    if (call?.phase === 'held' && holdMs) {
      this.#cancelHold = this.#exchange.after(holdMs, () => this.#hangUp(call.callId));
    }
  }
}

/** Free for a call, by the exchange's knowledge. */
function isFree(state: Exchange['state']): boolean {
  return state.agent.kind === 'ready' && state.call === null;
}
