import { dataClient } from '#renderer/platform/data-client.ts';
import { isUntouchedIntake } from '#shared/domain/intake.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { removeTab } from './draft-tabs.ts';
import { findDraft, useIntakeStore } from './intake.store.ts';
import { whenStored } from './when-stored.ts';

/** Removes the draft of a call nobody answered, unless something was written into it. */
export async function dropUntouchedCallDraft(call: CallFacts): Promise<void> {
  const key = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === call.callId)?.key;
  // A call that is declined at once ends before its draft is made.
  const id = key === undefined ? null : await whenStored(key);
  const tab = key === undefined ? null : findDraft(key);
  const isTyped = Object.keys(tab?.typed ?? {}).length > 0;
  if (!tab || id === null || isTyped || !isUntouchedIntake(tab.content, call.ani)) return;
  try {
    await dataClient.drafts.discard({ id });
    removeTab(tab.key);
  } catch {
    // It stays on the screen, which loses nothing.
  }
}
