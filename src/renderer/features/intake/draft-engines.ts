import { dataClient } from '#renderer/platform/data-client.ts';
import { DraftAutosave } from '#renderer/platform/draft-autosave.ts';
import { isStoringFiles } from '#renderer/terms/attachments/files-being-stored.ts';
import { clock } from '#renderer/ui/now.ts';
import type { Draft, IntakeContent } from '#shared/domain/intake.ts';
import { findDraft, type OpenDraft, patchDraft, useIntakeStore } from './intake.store.ts';

const engines = new Map<string, DraftAutosave>();

/** The engine of a draft; null while the draft is not made yet. */
export function engineOf(key: string): DraftAutosave | null {
  return engines.get(key) ?? null;
}

/** Begins to save a draft by itself. */
export function startEngine(key: string, draft: Draft): DraftAutosave {
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

/** Ends the saving of a draft that left the screen. */
export function dropEngine(key: string): void {
  engines.get(key)?.stop();
  engines.delete(key);
}

/** Ends the saving of all drafts. */
export function stopEngines(): void {
  for (const engine of engines.values()) engine.stop();
  engines.clear();
}

/** Whether something of a draft is on no disk yet. */
export function isUnsaved(draft: OpenDraft): boolean {
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
