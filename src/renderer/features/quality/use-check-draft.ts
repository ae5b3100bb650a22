import { useEffect, useRef, useState } from 'react';
import { dataClient } from '#renderer/platform/data-client.ts';
import type { QualitySide, QualityView } from '#shared/contract/quality.contract.ts';
import type { Marks } from '#shared/domain/quality/check.ts';
import type { ScoreSheet } from '#shared/domain/quality/score-sheet.ts';
import { type MarksForm, toForm, toMarks, toStorableCheck } from './marks-form.ts';

/** What was typed is on disk at most this long after the last key, in ms; the same promise as for the intake form. */
const SAVE_AFTER_MS = 250;

export interface CheckWork {
  readonly form: MarksForm;
  readonly words: string;
  change(next: Partial<{ readonly form: MarksForm; readonly words: string }>): void;
  /** Gives what was written; nothing is kept of it meanwhile, and everything when that fails. */
  send(give: (marks: Marks, words: string) => Promise<unknown>): Promise<void>;
}

/** Marks and words that are being written about a ticket; kept by the data process from the first key on. */
export function useCheckDraft(view: QualityView, side: QualitySide, sheet: ScoreSheet, first?: Marks): CheckWork {
  const { ticketUid } = view;
  const [work, setWork] = useState(() => ({
    form: toForm(view.draft?.marks ?? first),
    words: view.draft?.words ?? '',
  }));
  const workRef = useRef(work);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  const stored = useRef(view.draft);

  const save = () => {
    if (timer.current === null) return;
    clearTimeout(timer.current);
    timer.current = null;
    const { form, words } = workRef.current;
    const draft = toStorableCheck({ marks: toMarks(sheet, form), words }, stored.current);
    saving.current = dataClient.quality.keepDraft({ ticketUid, side, draft }).then(
      () => {
        stored.current = draft;
      },
      () => {
        // Locked, restarting or full: the fields keep it, and the next key tries again.
      },
    );
  };
  const saveRef = useRef(save);
  saveRef.current = save;
  useEffect(() => () => saveRef.current(), []);

  return {
    ...work,
    change: (next) => {
      workRef.current = { ...workRef.current, ...next };
      setWork(workRef.current);
      timer.current ??= setTimeout(() => saveRef.current(), SAVE_AFTER_MS);
    },
    send: async (give) => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
      // What is being kept right now must arrive before it is given, not after it.
      await saving.current;
      const { form, words } = workRef.current;
      try {
        await give(toMarks(sheet, form), words);
      } catch (error) {
        timer.current = setTimeout(() => saveRef.current(), SAVE_AFTER_MS);
        throw error;
      }
    },
  };
}
