import type { Party, TelCommand } from '#shared/domain/call-events.ts';
import { type CallId, type LegId, newId } from '#shared/kernel/ids.ts';
import { ProviderError, refused } from './call-provider.ts';
import type { Exchange } from './exchange.ts';
import type { PeerReply } from './simulated-peers.ts';

type CommandOf<K extends TelCommand['kind']> = Extract<TelCommand, { kind: K }>;
export type PartyCommand = CommandOf<'blind-transfer' | 'consult' | 'add-party'>;

/** Until the called party's telephone rings, and from their answer until both hear each other, in ms. */
const RINGS_AFTER_MS = 300;
const CONNECT_MS = 15;

/** A command that waits for the party it called. */
interface Waiting {
  /** True while that party is still being called. */
  readonly isCalling: () => boolean;
  readonly reject: (error: ProviderError) => void;
}

/** Parties that the agent calls: outbound calls, consultation, three-way, help, emergency services, blind transfer. */
export class SimulatedParties {
  readonly #exchange: Exchange;
  readonly #reply: (party: Party) => PeerReply;
  #waiting: Waiting | null = null;

  constructor(exchange: Exchange, reply: (party: Party) => PeerReply) {
    this.#exchange = exchange;
    this.#reply = reply;
    exchange.subscribe((event) => {
      const waiting = this.#waiting;
      if (!waiting || waiting.isCalling()) return;
      this.#waiting = null;
      waiting.reject(new ProviderError(event.kind === 'ended' && event.by === 'citizen' ? 'GONE' : 'CANCELLED'));
    });
  }

  /** Resolves when the called number answered. */
  dial(command: CommandOf<'dial'>): Promise<void> {
    const exchange = this.#exchange;
    const callId = newId<CallId>(exchange.now());
    const { number, extension, name, line, about } = command;
    if (!exchange.happen({ kind: 'dialing', at: exchange.now(), callId, number, name, line, about })) {
      return Promise.reject(new ProviderError('NOT_POSSIBLE'));
    }
    const isCalling = () => {
      const { call } = exchange.state;
      return call?.callId === callId && call.answeredAt === null;
    };
    const reply = this.#reply({ kind: 'number', number });
    return new Promise((resolve, reject) => {
      this.#waiting = { isCalling, reject };
      if (canRing(reply)) {
        exchange.after(RINGS_AFTER_MS, () => exchange.happen({ kind: 'ringing-out', at: exchange.now(), callId }));
      }
      exchange.after(reply.afterMs, () => {
        if (!isCalling()) return;
        const { refusal } = reply;
        if (refusal !== null) {
          this.#waiting = null;
          exchange.happen({ kind: 'ended', at: exchange.now(), callId, by: 'network', refusal });
          reject(refused(refusal));
          return;
        }
        exchange.happen({ kind: 'connecting', at: exchange.now(), callId });
        exchange.after(CONNECT_MS, () => {
          if (!isCalling()) return;
          this.#waiting = null;
          exchange.happen({ kind: 'answered', at: exchange.now(), callId });
          if (extension) exchange.happen({ kind: 'dtmf-sent', at: exchange.now(), callId, digits: extension });
          resolve();
        });
      });
    });
  }

  /** Resolves when the third party has come: talks to the agent, has joined, or has taken the call. */
  call(command: PartyCommand): Promise<void> {
    const exchange = this.#exchange;
    const { callId, to: party } = command;
    const purpose =
      command.kind === 'blind-transfer' ? 'transfer' : command.kind === 'consult' ? 'consult' : command.purpose;
    const legId = newId<LegId>(exchange.now());
    if (purpose === 'emergency') this.#makeWay(callId);
    if (purpose === 'consult') exchange.happen({ kind: 'held', at: exchange.now(), callId });
    if (!exchange.happen({ kind: 'leg-started', at: exchange.now(), callId, legId, purpose, party })) {
      return Promise.reject(new ProviderError('NOT_POSSIBLE'));
    }
    const isCalling = () => {
      const { call } = exchange.state;
      return call?.leg?.legId === legId && call.leg.answeredAt === null;
    };
    const reply = this.#reply(party);
    return new Promise((resolve, reject) => {
      this.#waiting = { isCalling, reject };
      if (canRing(reply)) {
        exchange.after(RINGS_AFTER_MS, () =>
          exchange.happen({ kind: 'leg-ringing', at: exchange.now(), callId, legId }),
        );
      }
      exchange.after(reply.afterMs, () => {
        if (!isCalling()) return;
        this.#waiting = null;
        const { refusal } = reply;
        const at = exchange.now();
        if (refusal !== null) {
          exchange.happen({ kind: 'leg-ended', at, callId, legId, result: refusal });
          if (purpose === 'consult') exchange.happen({ kind: 'resumed', at, callId });
          reject(refused(refusal));
          return;
        }
        if (purpose === 'transfer') exchange.happen({ kind: 'transferred', at, callId, legId });
        else exchange.happen({ kind: 'leg-answered', at, callId, legId, party: reply.party });
        resolve();
      });
    });
  }

  /** An emergency comes before everything else: whoever is being consulted is dropped, and the citizen taken off hold. */
  #makeWay(callId: CallId): void {
    const { call } = this.#exchange.state;
    if (call?.callId !== callId) return;
    if (call.leg && call.leg.purpose !== 'emergency' && call.phase !== 'transferring') this.endLeg(callId);
    this.#exchange.happen({ kind: 'resumed', at: this.#exchange.now(), callId });
  }

  /** The agent goes back to the citizen alone. @returns false when there is no third party to leave */
  endLeg(callId: CallId): boolean {
    const { call } = this.#exchange.state;
    if (call?.callId !== callId || !call.leg || call.phase === 'transferring') return false;
    const { legId, answeredAt } = call.leg;
    const at = this.#exchange.now();
    const result = answeredAt === null ? 'cancelled' : 'ended';
    if (!this.#exchange.happen({ kind: 'leg-ended', at, callId, legId, result })) return false;
    if (call.phase === 'held') this.#exchange.happen({ kind: 'resumed', at, callId });
    return true;
  }
}

function canRing({ refusal }: PeerReply): boolean {
  return refusal !== 'busy' && refusal !== 'unreachable';
}
