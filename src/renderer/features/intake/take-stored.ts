import type { Draft } from '#shared/domain/intake.ts';
import { longer } from './call-draft.ts';
import { dropEngine, engineOf, isUnsaved, startEngine } from './draft-engines.ts';
import { revisionWhenClosed, toOpenDraft } from './draft-tabs.ts';
import { useIntakeStore } from './intake.store.ts';

/** Takes over what the data process holds: new drafts, newer facts of calls, drafts that were finished elsewhere. */
export function takeStored(stored: readonly Draft[]): void {
  const before = useIntakeStore.getState().drafts;
  const byId = new Map(stored.map((draft) => [draft.id, draft]));
  const kept = before
    .filter((tab) => tab.id === null || byId.has(tab.id) || isUnsaved(tab) || tab.submitting)
    .map((tab) => {
      const draft = tab.id === null ? undefined : byId.get(tab.id);
      if (!draft) return tab;
      const { handedFrom, handedTo } = draft;
      const isNewer = engineOf(tab.key)?.adopt(draft) ?? false;
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
    .filter((draft) => !known.has(draft.id) && draft.revision > (revisionWhenClosed(draft.id) ?? -1))
    .filter((draft) => draft.ticketUid === null)
    .filter((draft) => draft.callId === null || !pendingCalls.has(draft.callId))
    .sort((a, b) => a.createdAt - b.createdAt);
  for (const draft of fresh) startEngine(draft.id, draft);
  for (const tab of kept) {
    const draft = tab.id === null ? undefined : byId.get(tab.id);
    // Text that was parked when the session ended goes on top of what is stored.
    if (draft && !engineOf(tab.key)) startEngine(tab.key, draft).set(tab.content);
  }
  for (const tab of before) if (!kept.some((one) => one.key === tab.key)) dropEngine(tab.key);
  const drafts = [...kept, ...fresh.map(toOpenDraft)];
  useIntakeStore.setState((state) => ({
    loaded: true,
    drafts,
    activeKey: drafts.some((tab) => tab.key === state.activeKey) ? state.activeKey : (drafts.at(-1)?.key ?? null),
  }));
}
