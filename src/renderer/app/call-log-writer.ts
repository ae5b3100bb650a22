import type { UnkeptCall } from '#shared/contract/phone.contract.ts';
import { type CallRecord, findHandOffs, toCallRecord } from '#shared/domain/call-record.ts';
import { type CallState, toCallFacts } from '#shared/domain/call-state.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { flushCallDraft, removeCallDraft, setCallFacts } from '../features/intake/call-draft.ts';
import { toCallFailure } from '../platform/call-error.ts';
import { dataClient } from '../platform/data-client.ts';
import { sendPhone } from '../platform/phone-client.ts';

/** Pause before a record is offered to the data process again, in ms. */
const RETRY_MS = 500;

/** Where the form of a passed-on call went. */
export type HandedOver = NonNullable<Awaited<ReturnType<typeof dataClient.calls.record>>['handedOver']>;

interface Waiting {
  readonly record: CallRecord;
  /** Set for a finished call that the phone holds until it is written down. */
  readonly serial: number | null;
}

/**
 * Writes calls to the call log, however long the data process is away. Finished ones are held by the phone window until
 * they are in, so a reload of this window loses none.
 */
export class CallLogWriter {
  readonly #seat: string;
  readonly #onHandedOver: (handed: HandedOver) => void;
  readonly #waiting = new Map<CallId, Waiting>();
  #isWriting = false;
  #isStopped = false;

  /** @param seat only its calls are written: another agent's belong into another cache */
  constructor(seat: string, onHandedOver: (handed: HandedOver) => void) {
    this.#seat = seat;
    this.#onHandedOver = onHandedOver;
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting.clear();
  }

  /** The newest state of a call that goes on. */
  follow(call: CallState): void {
    const record = toCallRecord(call);
    setCallFacts(toCallFacts(call), findHandOffs(record.legs));
    this.#add({ record, serial: null });
  }

  /** Calls that have ended. */
  finish(calls: readonly UnkeptCall[]): void {
    for (const { record, serial } of calls) {
      if (this.#waiting.get(record.callId)?.serial !== serial) this.#add({ record, serial });
    }
  }

  #add(waiting: Waiting): void {
    if (waiting.record.seat !== this.#seat || this.#isStopped) return;
    this.#waiting.set(waiting.record.callId, waiting);
    if (!this.#isWriting) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (;;) {
      const [next] = this.#waiting.values();
      if (!next || this.#isStopped) break;
      const isDone = await this.#write(next);
      if (isDone && this.#waiting.get(next.record.callId) === next) this.#waiting.delete(next.record.callId);
      if (isDone && next.serial !== null) await sendPhone({ kind: 'calls-kept', serials: [next.serial] });
      if (!isDone) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    this.#isWriting = false;
  }

  async #write({ record }: Waiting): Promise<boolean> {
    try {
      // The last words have to go along with the call.
      if (record.outcome === 'transferred') await flushCallDraft(record.callId);
      const { handedOver } = await dataClient.calls.record({ record });
      if (handedOver) {
        removeCallDraft(record.callId);
        this.#onHandedOver(handedOver);
      }
      return true;
    } catch (error) {
      // What can never be stored must not hold up the others.
      return toCallFailure(error).code === 'BAD_INPUT';
    }
  }
}
