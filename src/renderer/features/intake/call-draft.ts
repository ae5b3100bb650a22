import { filesStored } from '#renderer/terms/attachments/files-being-stored.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { fillCaller } from '#shared/domain/join-intakes.ts';
import type { CallFacts, HandOff } from '#shared/domain/ticket.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { changeDraft, engineOf } from './draft-engines.ts';
import { addTab, makeTab, removeTab, showDraft } from './draft-tabs.ts';
import { findDraft, forgetSubmitted, patchDraft, useIntakeStore } from './intake.store.ts';
import { whenStored } from './when-stored.ts';

/** Makes the draft of a call at its first ring, behind whatever is being written. Repeating it changes nothing. */
export function openCallDraft(call: CallFacts): void {
  if (useIntakeStore.getState().drafts.some((draft) => draft.call?.callId === call.callId)) return;
  addTab(makeTab(call));
  forgetSubmitted();
}

/** Shows the draft of a call: answering it was the agent's own key. */
export function showCallDraft(callId: CallId): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  if (tab) showDraft(tab.key);
}

/** Saves what is written about a call at once, with the files that are being stored; a form that cannot be saved now is tried again by itself. */
export async function flushCallDraft(callId: CallId): Promise<void> {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  if (!tab) return;
  await filesStored(tab.key);
  await engineOf(tab.key)?.flush();
}

/** Takes the draft of a call off the screen: its form went with the call. */
export function removeCallDraft(callId: CallId): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  if (tab) removeTab(tab.key);
}

/** Hand-overs of one call only become more; disk and window learn of them in any order. */
export function longer(a: readonly HandOff[], b: readonly HandOff[]): readonly HandOff[] {
  return a.length > b.length ? a : b;
}

/**
 * Newer facts of a call, for the form that belongs to it.
 * @param handOffs the emergency services that have joined: the form must not wait for the disk to know them
 */
export function setCallFacts(call: CallFacts, handOffs: readonly HandOff[]): void {
  const [tab, ...further] = useIntakeStore.getState().drafts.filter((draft) => draft.call?.callId === call.callId);
  if (tab) patchDraft(tab.key, { call, handOffs: longer(handOffs, tab.handOffs) });
  for (const { key } of further) patchDraft(key, { call });
}

/** Writes what is known of the caller into the form of a call, beside what the agent has written there. */
export async function fillKnownCaller(
  callId: CallId,
  known: Omit<IntakeContent['caller'], 'phone' | 'anonymous'>,
): Promise<void> {
  const begun = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  // After a reload a blank form stands for one that is full: only once that is known, it is known what is still empty.
  if (!begun) return;
  await whenStored(begun.key);
  const tab = findDraft(begun.key);
  if (!tab) return;
  const { caller } = tab.content;
  const filled = fillCaller(caller, known);
  if (JSON.stringify(filled) !== JSON.stringify(caller)) changeDraft(tab.key, { caller: filled });
}
