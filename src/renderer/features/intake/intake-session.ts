import { dataClient, topicBus } from '#renderer/platform/data-client.ts';
import { LiveQuery } from '#renderer/platform/live-query-runner.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { isUnsaved, pokeDrafts, stopEngines } from './draft-engines.ts';
import { addTab, forgetTabs } from './draft-tabs.ts';
import { EMPTY_INTAKE_STATE, type OpenDraft, useIntakeStore } from './intake.store.ts';
import { takeStored } from './take-stored.ts';

/** Every save of this window announces drafts too; the list is only read this often, in ms. */
const LIST_DISTANCE_MS = 1_000;

/** Text of a user whose session ended before it could be saved; it waits for that user. */
const parked = new Map<UserId, readonly OpenDraft[]>();

let session: UserId | null = null;

let stopListening: (() => void) | null = null;

/** Shows the drafts of a user and keeps them current. Text that could not be saved before comes back with them. */
export function openIntake(user: UserId): void {
  if (session === user) {
    pokeDrafts();
    return;
  }
  closeIntake();
  session = user;
  const waiting = parked.get(user) ?? [];
  parked.delete(user);
  for (const draft of waiting) addTab(draft);
  // A failed read is repeated with the next announcement, which every reconnection makes.
  const list = new LiveQuery(
    () => dataClient.drafts.list(),
    { onData: (stored) => takeStored(stored), onError: () => {} },
    LIST_DISTANCE_MS,
  );
  const unsubscribe = topicBus.subscribe(['drafts'], () => list.run());
  stopListening = () => {
    unsubscribe();
    list.stop();
  };
  list.run();
}

/** Takes the drafts of the session off the screen; what is not on disk yet waits for the same user. */
export function closeIntake(): void {
  stopListening?.();
  stopListening = null;
  if (session) {
    const unsaved = useIntakeStore.getState().drafts.filter((draft) => isUnsaved(draft));
    if (unsaved.length > 0) parked.set(session, unsaved);
  }
  stopEngines();
  forgetTabs();
  session = null;
  useIntakeStore.setState(EMPTY_INTAKE_STATE, true);
}
