import type { DraftId } from '#shared/kernel/ids.ts';
import { engineOf } from './draft-engines.ts';
import { findDraft, useIntakeStore } from './intake.store.ts';

/** How long making a draft may take, with a restart of the data process in the middle of it, in ms. */
const MADE_TIMEOUT_MS = 15_000;

/** Waits until the data process has made the draft, which a key pressed right after the first ring may overtake; null when it takes too long. */
export function whenStored(key: string): Promise<DraftId | null> {
  const idNow = () => (engineOf(key) ? (findDraft(key)?.id ?? null) : null);
  const id = idNow();
  if (id !== null) return Promise.resolve(id);
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(null), MADE_TIMEOUT_MS);
    const stop = useIntakeStore.subscribe(() => {
      const made = idNow();
      if (made !== null || !findDraft(key)) settle(made);
    });
    const settle = (made: DraftId | null) => {
      clearTimeout(timer);
      stop();
      resolve(made);
    };
  });
}
