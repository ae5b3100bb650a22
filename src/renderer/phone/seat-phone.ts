import {
  INITIAL_PHONE_STATE,
  type PhoneState,
  reducePhone,
  type TelCommand,
  type TelEvent,
} from '#shared/domain/call.ts';
import type { CallProvider, ProviderCapabilities } from './call-provider.ts';
import type { Scheduler } from './scheduler.ts';

/** The phone of this seat: the one place that holds the state of agent and call. */
export interface SeatPhone {
  readonly capabilities: ProviderCapabilities;
  state(): PhoneState;
  /** Called after every change with the whole state. Returns how to stop. */
  subscribe(listener: (state: PhoneState) => void): () => void;
  /** Resolves when the other side agreed. @throws ProviderError */
  execute(command: TelCommand): Promise<void>;
}

/** How long until ending the wrap-up is tried again when the telephone system did not agree. */
const RETRY_MS = 1_000;

/** Folds a provider's events into the state of the seat and ends the wrap-up when its time is over. */
export function createSeatPhone(provider: CallProvider, scheduler: Scheduler): SeatPhone {
  let state = INITIAL_PHONE_STATE;
  let cancelWrapUpEnd = () => {};
  const listeners = new Set<(state: PhoneState) => void>();

  const planWrapUpEnd = () => {
    cancelWrapUpEnd();
    if (state.agent.kind === 'wrap-up')
      cancelWrapUpEnd = scheduler.after(state.agent.until - scheduler.now(), endWrapUp);
  };
  const endWrapUp = () => {
    provider.execute({ kind: 'finish-wrap-up' }).catch(() => {
      // Either the agent ended it in the same moment, or the other side is away for now.
      if (state.agent.kind === 'wrap-up') cancelWrapUpEnd = scheduler.after(RETRY_MS, endWrapUp);
    });
  };

  provider.subscribe((event: TelEvent) => {
    const before = state;
    state = reducePhone(state, event);
    if (state === before) return;
    if (state.agent !== before.agent) planWrapUpEnd();
    for (const listener of [...listeners]) listener(state);
  });

  return {
    capabilities: provider.capabilities,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    execute: (command) => provider.execute(command),
  };
}
