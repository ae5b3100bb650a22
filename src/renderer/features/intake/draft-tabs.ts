import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { clock } from '#renderer/ui/now.ts';
import { type Draft, emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import type { CallId, DraftId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/ids.ts';
import { dropEngine, engineOf, startEngine } from './draft-engines.ts';
import { findDraft, type OpenDraft, patchDraft, useIntakeStore } from './intake.store.ts';
import { joinStored } from './join-stored.ts';
import { talkingCall } from './talking-call.ts';

/** Pause before the data process is asked again to make a draft, in ms. */
const OPEN_RETRY_MS = 500;

/** Drafts that left the screen here, with their revision then; a list answered earlier must not bring them back. */
const closedIds = new Map<DraftId, number>();

/** Tabs for a further matter of a call that the data process has not made yet. */
const furtherKeys = new Set<string>();

/** The caller as the last form of a call had them when it left the screen; the next matter is theirs as well. */
let lastCaller: { readonly callId: CallId; readonly caller: IntakeContent['caller'] } | null = null;

/** The revision a draft had when it left the screen here; null for one that did not. */
export function revisionWhenClosed(id: DraftId): number | null {
  return closedIds.get(id) ?? null;
}

/** Forgets what is known of tabs that left the screen: the session ends. */
export function forgetTabs(): void {
  closedIds.clear();
  lastCaller = null;
}

/** A stored draft as a tab. */
export function toOpenDraft(draft: Draft): OpenDraft {
  return {
    key: draft.id,
    id: draft.id,
    call: draft.call,
    handedFrom: draft.handedFrom,
    handedTo: draft.handedTo,
    handOffs: draft.handOffs,
    correctsUid: draft.correctsUid,
    parentUid: draft.parentUid,
    content: draft.content,
    save: { kind: 'saved', at: draft.updatedAt },
    answerOpen: draft.content.answer !== '',
    tried: null,
    submitting: false,
    submitError: null,
    createdAt: draft.createdAt,
  };
}

/** Adds a tab behind the others; it is shown when no other is. */
export function addTab(draft: OpenDraft): void {
  useIntakeStore.setState((state) => ({
    drafts: [...state.drafts, draft],
    activeKey: state.activeKey ?? draft.key,
    arrivedKey: state.activeKey === null ? draft.key : state.arrivedKey,
  }));
  if (draft.id === null) void makeStored(draft.key);
}

/** Asks for a draft until there is one; typing goes on meanwhile. */
async function makeStored(key: string): Promise<void> {
  for (;;) {
    const tab = findDraft(key);
    if (!tab || tab.id !== null) return;
    try {
      const draft = await dataClient.drafts.open({ call: tab.call, further: furtherKeys.has(key) });
      furtherKeys.delete(key);
      const typed = findDraft(key);
      if (!typed) return;
      // The list may have shown the new draft before this answer came.
      const twin = useIntakeStore.getState().drafts.find((one) => one.id === draft.id && one.key !== key);
      if (twin) {
        dropEngine(twin.key);
        useIntakeStore.setState((state) => ({ drafts: state.drafts.filter((one) => one !== twin) }));
      }
      const engine = startEngine(key, draft);
      const content = joinStored(typed.call?.ani ?? '', typed.content, draft.content);
      patchDraft(key, { id: draft.id, save: engine.state, content });
      if (JSON.stringify(content) !== JSON.stringify(draft.content)) engine.set(content);
      return;
    } catch (error) {
      patchDraft(key, { save: { kind: 'failed', code: toCallFailure(error).code } });
      await new Promise((resolve) => setTimeout(resolve, OPEN_RETRY_MS));
    }
  }
}

/** A tab for a draft that the data process has not made yet. */
export function makeTab(call: CallFacts | null): OpenDraft {
  return {
    key: newId(clock.now()),
    id: null,
    call,
    handedFrom: null,
    handedTo: null,
    handOffs: [],
    correctsUid: null,
    parentUid: null,
    content: emptyIntake(call?.ani ?? ''),
    save: { kind: 'saving' },
    answerOpen: false,
    tried: null,
    submitting: false,
    submitError: null,
    createdAt: clock.now(),
  };
}

/** Makes a blank draft and shows it. During a call it is about another matter of the same caller, and begins with who that is. */
export function openBlankDraft(): void {
  const call = talkingCall();
  const tab = makeTab(call);
  if (call) furtherKeys.add(tab.key);
  const caller = call ? callerOf(call.callId) : null;
  addTab(caller ? { ...tab, content: { ...tab.content, caller } } : tab);
  showDraft(tab.key);
}

/** Who calls, as the form of the call says or said last. */
function callerOf(callId: CallId): IntakeContent['caller'] | null {
  const open = useIntakeStore.getState().drafts.findLast((draft) => draft.call?.callId === callId);
  return open?.content.caller ?? (lastCaller?.callId === callId ? lastCaller.caller : null);
}

/** Shows a draft and puts the focus into its form. */
export function showDraft(key: string, withFocus = true): void {
  useIntakeStore.setState((state) => ({
    activeKey: key,
    arrivedKey: null,
    focusTicket: withFocus ? state.focusTicket + 1 : state.focusTicket,
  }));
}

/** Takes a draft off the screen after it was submitted or discarded; the one beside it is shown. */
export function removeTab(key: string): void {
  const { drafts, activeKey } = useIntakeStore.getState();
  const index = drafts.findIndex((draft) => draft.key === key);
  const tab = drafts[index];
  if (!tab) return;
  if (tab.call) lastCaller = { callId: tab.call.callId, caller: tab.content.caller };
  if (tab.id) closedIds.set(tab.id, engineOf(key)?.revision ?? 0);
  dropEngine(key);
  const rest = drafts.filter((draft) => draft.key !== key);
  const neighbour = rest[Math.min(index, rest.length - 1)] ?? null;
  useIntakeStore.setState({ drafts: rest, activeKey: activeKey === key ? (neighbour?.key ?? null) : activeKey });
}

/** Opens a discarded draft again and shows it. @throws RpcError of the data process */
export async function restoreTab(id: DraftId): Promise<void> {
  returnTab(await dataClient.drafts.restore({ id }));
}

/** Brings a draft that is open again back onto the screen. */
export function returnTab(draft: Draft): void {
  closedIds.delete(draft.id);
  const open = useIntakeStore.getState().drafts.find((tab) => tab.id === draft.id);
  if (open) {
    showDraft(open.key);
    return;
  }
  startEngine(draft.id, draft);
  addTab(toOpenDraft(draft));
  showDraft(draft.id);
}
