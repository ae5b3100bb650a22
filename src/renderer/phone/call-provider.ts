import type { Refusal, TelCommand, TelEvent } from '#shared/domain/call-events.ts';

/** What a provider can do beside the calls themselves. */
export interface ProviderCapabilities {
  /** Calls can be made up on request (`simulate-…`). */
  readonly simulate: boolean;
}

/**
 * Why a command was not done. NOT_POSSIBLE: not in this state. NOT_SUPPORTED: never with this provider. DECLINED, NO_REPLY,
 * BUSY, UNREACHABLE: the called party did not come. CANCELLED: the agent took it back. GONE: the citizen hung up meanwhile.
 */
export type ProviderErrorCode =
  | 'NOT_POSSIBLE'
  | 'NOT_SUPPORTED'
  | 'DECLINED'
  | 'NO_REPLY'
  | 'BUSY'
  | 'UNREACHABLE'
  | 'CANCELLED'
  | 'GONE';

/** A command the other side did not agree to. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode;

  constructor(code: ProviderErrorCode) {
    super(code);
    this.code = code;
  }
}

const REFUSAL_CODES: Readonly<Record<Refusal, ProviderErrorCode>> = {
  declined: 'DECLINED',
  'no-answer': 'NO_REPLY',
  busy: 'BUSY',
  unreachable: 'UNREACHABLE',
};

/** The error of a command whose called party did not come. */
export function refused(refusal: Refusal): ProviderError {
  return new ProviderError(REFUSAL_CODES[refusal]);
}

/**
 * A telephone system as the phone window sees it: commands in, events out. Providers hold no state that anybody reads;
 * the state of the seat is `reducePhone` over their events.
 *
 * A command resolves when the other side agreed, after the events it caused were delivered. It rejects with a ProviderError:
 * with NOT_POSSIBLE or NOT_SUPPORTED it has caused no event; with any other code the events say how it went, and the citizen is
 * back where they were. Every provider passes tests/unit/phone/provider-contract.ts.
 */
export interface CallProvider {
  readonly capabilities: ProviderCapabilities;
  /** Events in the order in which they happened. Returns how to stop listening. */
  subscribe(listener: (event: TelEvent) => void): () => void;
  execute(command: TelCommand): Promise<void>;
  /** Ends timers and connections. */
  dispose(): void;
}
