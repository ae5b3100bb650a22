import type { TelCommand, TelEvent } from '#shared/domain/call.ts';

/** What a provider can do beside the calls themselves. */
export interface ProviderCapabilities {
  /** Calls can be made up on request (`simulate-ring`, `simulate-hangup`). */
  readonly simulate: boolean;
}

/** A command the other side did not agree to. */
export class ProviderError extends Error {
  /** NOT_POSSIBLE: not in this state. NOT_SUPPORTED: never with this provider. */
  readonly code: 'NOT_POSSIBLE' | 'NOT_SUPPORTED';

  constructor(code: 'NOT_POSSIBLE' | 'NOT_SUPPORTED') {
    super(code);
    this.code = code;
  }
}

/**
 * A telephone system as the phone window sees it: commands in, events out. Providers hold no state that anybody reads;
 * the state of the seat is `reducePhone` over their events.
 *
 * A command resolves when the other side agreed, after the events it caused were delivered; it rejects with a
 * ProviderError and then has caused no event. Every provider passes tests/unit/phone/provider-contract.ts.
 */
export interface CallProvider {
  readonly capabilities: ProviderCapabilities;
  /** Events in the order in which they happened. Returns how to stop listening. */
  subscribe(listener: (event: TelEvent) => void): () => void;
  execute(command: TelCommand): Promise<void>;
  /** Ends timers and connections. */
  dispose(): void;
}
