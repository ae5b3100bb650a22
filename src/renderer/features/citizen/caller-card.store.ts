import { create } from 'zustand';
import { type CallFailure, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient, topicBus } from '#renderer/platform/data-client.ts';
import { LiveQuery } from '#renderer/platform/live-query-runner.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import type { CallId } from '#shared/kernel/ids.ts';

interface CallerCardState {
  /** The number the card is about, or is being looked up for. */
  readonly phone: string;
  /** Null while the first answer is on its way. */
  readonly card: CallerCard | null;
  readonly failure: CallFailure | null;
  /** Names found for numbers since the session began; the call bar still needs them when the panel has moved on. */
  readonly names: ReadonlyMap<string, string>;
}

const EMPTY: CallerCardState = { phone: '', card: null, failure: null, names: new Map() };

/** What is known about the caller in sight. */
export const useCallerCardStore = create<CallerCardState>(() => EMPTY);

let query: LiveQuery<CallerCard> | null = null;
let firstAnswer = Promise.resolve();
let unsubscribe: (() => void) | null = null;

/**
 * Looks a normalized number up and keeps the card current. Called with the first ring, before anything is drawn.
 * An empty number (withheld) clears the card.
 * @returns fulfilled with the first answer, whether it is known, unknown or failed
 */
export function watchCaller(phone: string): Promise<void> {
  if (useCallerCardStore.getState().phone === phone) return firstAnswer;
  query?.stop();
  unsubscribe?.();
  query = null;
  useCallerCardStore.setState({ phone, card: null, failure: null });
  firstAnswer = phone === '' ? Promise.resolve() : lookUp(phone);
  return firstAnswer;
}

/** The call a number is on, or was on last: what the card warns of is what was before it. */
function callOf(phone: string): CallId | undefined {
  const { call, lastCall } = usePhoneStore.getState().phone;
  return [call, lastCall].find((one) => one?.ani === phone)?.callId;
}

function lookUp(phone: string): Promise<void> {
  return new Promise((answered) => {
    const running = new LiveQuery(() => dataClient.citizens.lookup({ phone, callId: callOf(phone) }), {
      onData: (card) => {
        useCallerCardStore.setState(({ names }) => ({
          card,
          failure: null,
          names: card.citizen ? new Map(names).set(phone, card.citizen.fields.name) : names,
        }));
        answered();
      },
      onError: (error) => {
        useCallerCardStore.setState({ failure: toCallFailure(error) });
        answered();
      },
    });
    query = running;
    unsubscribe = topicBus.subscribe(['citizens', 'tickets', 'calls'], () => running.run());
    running.run();
  });
}

/** Forgets the caller: the session ended. */
export function forgetCaller(): void {
  void watchCaller('');
  useCallerCardStore.setState(EMPTY, true);
}
