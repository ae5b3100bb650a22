import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient, topicBus } from '#renderer/platform/data-client.ts';
import { DraftAutosave } from '#renderer/platform/draft-autosave.ts';
import { LiveQuery } from '#renderer/platform/live-query-runner.ts';
import { filesStored, isStoringFiles } from '#renderer/terms/attachments/files-being-stored.ts';
import { clock } from '#renderer/ui/now.ts';
import { type Draft, emptyIntake, type IntakeContent, isUntouchedIntake } from '#shared/domain/intake.ts';
import { fillCaller } from '#shared/domain/join-intakes.ts';
import type { CallFacts, HandOff } from '#shared/domain/ticket.ts';
import type { CallId, DraftId, UserId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/ids.ts';
import {
  EMPTY_INTAKE_STATE,
  findDraft,
  forgetSubmitted,
  type OpenDraft,
  patchDraft,
  useIntakeStore,
} from './intake.store.ts';
import { talkingCall } from './talking-call.ts';

/** Pause before the data process is asked again to make a draft, in ms. */
const OPEN_RETRY_MS = 500;
/** Every save of this window announces drafts too; the list is only read this often, in ms. */
const LIST_DISTANCE_MS = 1_000;

const engines = new Map<string, DraftAutosave>();
/** Drafts that left the screen here, with their revision then; a list answered earlier must not bring them back. */
const closedIds = new Map<DraftId, number>();
/** Text of a user whose session ended before it could be saved; it waits for that user. */
const parked = new Map<UserId, readonly OpenDraft[]>();
/** Tabs for a further matter of a call that the data process has not made yet. */
const furtherKeys = new Set<string>();
/** The caller as the last form of a call had them when it left the screen; the next matter is theirs as well. */
let lastCaller: { readonly callId: CallId; readonly caller: IntakeContent['caller'] } | null = null;
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
  for (const engine of engines.values()) engine.stop();
  engines.clear();
  closedIds.clear();
  lastCaller = null;
  session = null;
  useIntakeStore.setState(EMPTY_INTAKE_STATE, true);
}

function isUnsaved(draft: OpenDraft): boolean {
  return draft.id === null || (engines.get(draft.key)?.isDirty ?? false);
}

/** How many drafts are on disk and how many only here. */
export function countDrafts(): { readonly saved: number; readonly unsaved: number } {
  const { drafts } = useIntakeStore.getState();
  const unsaved = drafts.filter(isUnsaved).length;
  return { saved: drafts.length - unsaved, unsaved };
}

/** Saves everything at once. True when all text on the screen is on disk. */
export async function flushDrafts(): Promise<boolean> {
  const results = await Promise.all([...engines.values()].map((engine) => engine.flush()));
  return results.every((result) => result.ok) && countDrafts().unsaved === 0;
}

/** Tries unsaved text again at once: the data process is back or unlocked. */
export function pokeDrafts(): void {
  for (const engine of engines.values()) engine.poke();
}

/** The engine of a draft; null while the draft is not made yet. */
export function engineOf(key: string): DraftAutosave | null {
  return engines.get(key) ?? null;
}

function startEngine(key: string, draft: Draft): DraftAutosave {
  const engine = new DraftAutosave(
    draft,
    { save: (input) => dataClient.drafts.save(input), get: (input) => dataClient.drafts.get(input) },
    clock,
    {
      onState: (save) => patchDraft(key, { save }),
      onMerged: (content) => patchDraft(key, { content }),
    },
  );
  engines.set(key, engine);
  return engine;
}

function toOpenDraft(draft: Draft): OpenDraft {
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
function addTab(draft: OpenDraft): void {
  useIntakeStore.setState((state) => ({
    drafts: [...state.drafts, draft],
    activeKey: state.activeKey ?? draft.key,
    arrivedKey: state.activeKey === null ? draft.key : state.arrivedKey,
  }));
  if (draft.id === null) void makeStored(draft.key);
}

/** Takes over what the data process holds: new drafts, newer facts of calls, drafts that were finished elsewhere. */
function takeStored(stored: readonly Draft[]): void {
  const before = useIntakeStore.getState().drafts;
  const byId = new Map(stored.map((draft) => [draft.id, draft]));
  const kept = before
    .filter((tab) => tab.id === null || byId.has(tab.id) || isUnsaved(tab) || tab.submitting)
    .map((tab) => {
      const draft = tab.id === null ? undefined : byId.get(tab.id);
      if (!draft) return tab;
      const { handedFrom, handedTo } = draft;
      const isNewer = engines.get(tab.key)?.adopt(draft) ?? false;
      return {
        ...tab,
        handedFrom,
        handedTo,
        correctsUid: draft.correctsUid,
        parentUid: draft.parentUid,
        handOffs: longer(draft.handOffs, tab.handOffs),
        call: draft.call ?? tab.call,
        ...(isNewer ? { content: draft.content } : {}),
      };
    });
  const known = new Set(before.map((tab) => tab.id));
  const pendingCalls = new Set(before.filter((tab) => tab.id === null).map((tab) => tab.call?.callId));
  const fresh = stored
    .filter((draft) => !known.has(draft.id) && draft.revision > (closedIds.get(draft.id) ?? -1))
    .filter((draft) => draft.ticketUid === null)
    .filter((draft) => draft.callId === null || !pendingCalls.has(draft.callId))
    .sort((a, b) => a.createdAt - b.createdAt);
  for (const draft of fresh) startEngine(draft.id, draft);
  for (const tab of kept) {
    const draft = tab.id === null ? undefined : byId.get(tab.id);
    // Text that was parked when the session ended goes on top of what is stored.
    if (draft && !engines.has(tab.key)) startEngine(tab.key, draft).set(tab.content);
  }
  for (const tab of before) if (!kept.some((one) => one.key === tab.key)) dropEngine(tab.key);
  const drafts = [...kept, ...fresh.map(toOpenDraft)];
  useIntakeStore.setState((state) => ({
    loaded: true,
    drafts,
    activeKey: drafts.some((tab) => tab.key === state.activeKey) ? state.activeKey : (drafts.at(-1)?.key ?? null),
  }));
}

function dropEngine(key: string): void {
  engines.get(key)?.stop();
  engines.delete(key);
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
      const untouched = isUntouchedIntake(typed.content, typed.call?.ani ?? '');
      patchDraft(key, { id: draft.id, save: engine.state, ...(untouched ? { content: draft.content } : {}) });
      if (!untouched) engine.set(typed.content);
      return;
    } catch (error) {
      patchDraft(key, { save: { kind: 'failed', code: toCallFailure(error).code } });
      await new Promise((resolve) => setTimeout(resolve, OPEN_RETRY_MS));
    }
  }
}

function makeTab(call: CallFacts | null): OpenDraft {
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

/** Makes the draft of a call at its first ring, behind whatever is being written. Repeating it changes nothing. */
export function openCallDraft(call: CallFacts): void {
  if (useIntakeStore.getState().drafts.some((draft) => draft.call?.callId === call.callId)) return;
  addTab(makeTab(call));
  forgetSubmitted();
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
  await engines.get(tab.key)?.flush();
}

/** Takes the draft of a call off the screen: its form went with the call. */
export function removeCallDraft(callId: CallId): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  if (tab) removeTab(tab.key);
}

/** Hand-overs of one call only become more; disk and window learn of them in any order. */
function longer(a: readonly HandOff[], b: readonly HandOff[]): readonly HandOff[] {
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

/** What is changed of a draft, or how it follows from what the draft holds at that moment. */
export type IntakeChange = Partial<IntakeContent> | ((content: IntakeContent) => Partial<IntakeContent>);

/** Takes over what was typed; it is on disk within 300 ms. */
export function changeDraft(key: string, change: IntakeChange): void {
  const draft = findDraft(key);
  // A submission waits for files that are being stored: they still belong to it.
  if (!draft || (draft.submitting && !isStoringFiles(key))) return;
  const content = { ...draft.content, ...(typeof change === 'function' ? change(draft.content) : change) };
  patchDraft(key, { content, submitError: null });
  engines.get(key)?.set(content);
}

/** Writes what is known of the caller into the form of a call, beside what the agent has written there. */
export function fillKnownCaller(callId: CallId, known: Omit<IntakeContent['caller'], 'phone' | 'anonymous'>): void {
  const tab = useIntakeStore.getState().drafts.find((draft) => draft.call?.callId === callId);
  if (!tab) return;
  const { caller } = tab.content;
  const filled = fillCaller(caller, known);
  if (JSON.stringify(filled) !== JSON.stringify(caller)) changeDraft(tab.key, { caller: filled });
}

/** Takes a draft off the screen after it was submitted or discarded; the one beside it is shown. */
export function removeTab(key: string): void {
  const { drafts, activeKey } = useIntakeStore.getState();
  const index = drafts.findIndex((draft) => draft.key === key);
  const tab = drafts[index];
  if (!tab) return;
  if (tab.call) lastCaller = { callId: tab.call.callId, caller: tab.content.caller };
  if (tab.id) closedIds.set(tab.id, engines.get(key)?.revision ?? 0);
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
