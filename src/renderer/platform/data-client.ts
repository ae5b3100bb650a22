import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { dataContract } from '#shared/contract/data.contract.ts';
import type { DataState } from '#shared/contract/shell.contract.ts';
import { TOPICS } from '#shared/contract/topics.ts';
import { acquirePort, invokeShell, onShellEvent } from './bridge.ts';
import { DataLink } from './data-link.ts';
import { TopicBus } from './topic-bus.ts';
import { useWindowStore } from './window.store.ts';

export type DataClient = ContractRouterClient<typeof dataContract>;

/** Pause before the change stream is asked for again after it broke while the link stayed open, in ms. */
const RESUBSCRIBE_DELAY_MS = 500;

const link = new DataLink(acquirePort);

/** The data process, typed by its contract. Errors: see `toCallFailure`. */
export const dataClient: DataClient = createORPCClient<DataClient>(link);

/** Announcements of changed topics from the data process. */
export const topicBus = new TopicBus();

async function followChanges(): Promise<void> {
  while (link.state === 'open') {
    try {
      const stream = await dataClient.changes.subscribe();
      // Whatever changed before the stream existed was not announced to this window.
      topicBus.announce(TOPICS);
      for await (const batch of stream) topicBus.announce(batch.topics);
    } catch {
      // The link reports a lost process itself; anything else is tried again.
    }
    await new Promise((resolve) => setTimeout(resolve, RESUBSCRIBE_DELAY_MS));
  }
}

function applyDataState(state: DataState): void {
  useWindowStore.setState({ dataState: state });
  if (state.kind === 'running') link.connect();
  else if (state.kind !== 'starting' && link.state === 'open') link.drop();
}

/**
 * Connects to the data process and follows its life. Called once when the window starts.
 * @returns resolves when the state of the process is known
 */
export async function startDataClient(): Promise<void> {
  link.onState((state) => {
    useWindowStore.setState({ linkState: state });
    if (state === 'open') void followChanges();
  });
  onShellEvent('shell:data-state-changed', (payload) => applyDataState(payload as DataState));
  link.connect();
  const state = await invokeShell('shell:data-state', undefined);
  // An event may have been faster than the answer.
  if (useWindowStore.getState().dataState.kind === 'starting') applyDataState(state);
}
