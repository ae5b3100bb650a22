import type { PhoneCommand, UnkeptCall } from '#shared/contract/phone.contract.ts';
import { INITIAL_PHONE_STATE, reducePhone } from '#shared/domain/call.ts';
import type { TelEvent } from '#shared/domain/call-events.ts';
import { type CallRecord, finishedCalls } from '#shared/domain/call-record.ts';
import type { PhoneState } from '#shared/domain/call-state.ts';
import type { CallProvider, ProviderCapabilities } from './call-provider.ts';
import type { Scheduler } from './scheduler.ts';

/** The phone of this seat: the one place that holds the state of agent and call. */
export interface SeatPhone {
  readonly capabilities: ProviderCapabilities;
  state(): PhoneState;
  /** Finished calls that nobody has written down yet, oldest first. */
  unkept(): readonly UnkeptCall[];
  /** Called after every change of state or unkept calls. Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Resolves when the other side agreed. @throws ProviderError */
  execute(command: PhoneCommand): Promise<void>;
}

/** How long until ending the wrap-up is tried again when the telephone system did not agree. */
const RETRY_MS = 1_000;
/** Calls held for a window that is away; a whole shift fits. */
const UNKEPT_MOST = 500;

/**
 * Folds a provider's events into the state of the seat, holds finished calls until they are in the call log, and ends the
 * wrap-up when its time is over.
 */
export function createSeatPhone(provider: CallProvider, scheduler: Scheduler): SeatPhone {
  let state = INITIAL_PHONE_STATE;
  let unkept: readonly UnkeptCall[] = [];
  let lastSerial = 0;
  let cancelWrapUpEnd = () => {};
  const listeners = new Set<() => void>();
  const announce = () => {
    for (const listener of [...listeners]) listener();
  };

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
  /** A newer record of the same call replaces the one still waiting, under a number of its own. */
  const hold = (record: CallRecord) => {
    lastSerial += 1;
    const others = unkept.filter((held) => held.record.callId !== record.callId);
    unkept = [...others, { serial: lastSerial, record }].slice(-UNKEPT_MOST);
  };

  provider.subscribe((event: TelEvent) => {
    const before = state;
    state = reducePhone(state, event);
    if (state === before) return;
    for (const record of finishedCalls(before, event, state)) hold(record);
    if (state.agent !== before.agent) planWrapUpEnd();
    announce();
  });

  return {
    capabilities: provider.capabilities,
    state: () => state,
    unkept: () => unkept,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    execute: async (command) => {
      if (command.kind !== 'calls-kept') return provider.execute(command);
      unkept = unkept.filter((held) => !command.serials.includes(held.serial));
      announce();
    },
  };
}
