import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type CallFailure, readText, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { useWindowStore } from '#renderer/platform/window.store.ts';
import { filesStored, isStoringFiles } from '#renderer/terms/attachments/files-being-stored.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { checkIntake, type IntakeOutcome } from '#shared/domain/intake.ts';
import { storePhone } from '#shared/domain/phone.ts';
import type { HandOff } from '#shared/domain/ticket.ts';
import type { DraftId, TicketId } from '#shared/kernel/ids.ts';
import { changeDraft, engineOf } from './draft-engines.ts';
import { removeTab, restoreTab } from './draft-tabs.ts';
import { draftFormProblems, toSubmittable } from './form/draft-form.ts';
import type { ReadForm } from './form/use-draft-form.ts';
import { findDraft, patchDraft, servicesOf, useIntakeStore } from './intake.store.ts';
import { whenStored } from './when-stored.ts';

/** How long a submission waits for a data process that went away in the middle of it, in ms. */
const RETURN_TIMEOUT_MS = 15_000;
const MAX_TRIES = 4;

interface Submitted {
  readonly uid: TicketId;
  readonly provisionalNo: string;
}

/** Waits until calls reach the data process again; false when it takes too long. */
function waitForLink(): Promise<boolean> {
  if (useWindowStore.getState().linkState === 'open') return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), RETURN_TIMEOUT_MS);
    const stop = useWindowStore.subscribe((state) => {
      if (state.linkState === 'open') settle(true);
    });
    const settle = (reached: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(reached);
    };
  });
}

/**
 * Submits a saved draft. Repeating is safe (the same draft gives the same ticket), so a lost answer is asked for again.
 */
async function submitStored(
  id: DraftId,
  revision: number,
  outcome: IntakeOutcome,
  handOffs: readonly HandOff[],
): Promise<Submitted> {
  for (let tries = 1; ; tries++) {
    try {
      return await dataClient.drafts.submit({ id, revision, outcome, handOffs: [...handOffs] });
    } catch (error) {
      const failure = toCallFailure(error);
      const isLost = failure.code === 'OUTCOME_UNKNOWN' || failure.code === 'SHUTTING_DOWN';
      if (!isLost || tries >= MAX_TRIES || !(await waitForLink())) throw error;
    }
  }
}

async function ticketOfSubmitted(failure: CallFailure): Promise<Submitted | null> {
  const uid = failure.code === 'DRAFT_SUBMITTED' ? readText(failure.data, 'ticketUid') : null;
  if (uid === null) return null;
  const ticket = await dataClient.tickets.get({ uid });
  return { uid: ticket.uid, provisionalNo: ticket.provisionalNo };
}

export interface IntakeCommands {
  /** Submits the draft; marks what is missing when it is incomplete. True when a ticket came of it. */
  readonly submit: (key: string, outcome: IntakeOutcome, readForm: ReadForm) => Promise<boolean>;
  /** Takes the draft off the screen; can be undone. */
  readonly discard: (key: string) => Promise<void>;
}

/** What can be done with a draft, with its words. */
export function useIntakeCommands(): IntakeCommands {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return useMemo<IntakeCommands>(() => {
    const fail = (key: string, failure: CallFailure) => {
      const text = t('intake.submitFailed', { reason: failureText(failure) });
      patchDraft(key, { submitting: false, submitError: text });
    };
    return {
      submit: async (key, outcome, readForm) => {
        const asked = findDraft(key);
        if (!asked || asked.submitting) return false;
        if (isStoringFiles(key)) {
          patchDraft(key, { submitting: true });
          const submitError = (await filesStored(key)) ? null : t('intake.filesNotTaken');
          patchDraft(key, { submitting: false, submitError });
          if (submitError !== null) return false;
        }
        const before = findDraft(key);
        if (!before) return false;
        const phone = storePhone(before.content.caller.phone);
        if (phone !== before.content.caller.phone) {
          changeDraft(key, { caller: { ...before.content.caller, phone } });
        }
        const form = readForm(findDraft(key) ?? before);
        // From here on it is what the agent saw: a form that nobody touched is kept with what it opened with.
        if (form) changeDraft(key, { form: toSubmittable(form) });
        const draft = findDraft(key) ?? before;
        const formIsGood = form === null || draftFormProblems(form, outcome).length === 0;
        if (checkIntake(draft.content, outcome).length > 0 || !formIsGood) {
          patchDraft(key, { tried: outcome, submitError: null });
          return false;
        }
        patchDraft(key, { submitting: true, submitError: null, tried: outcome });
        const stored = await whenStored(key);
        const engine = engineOf(key);
        if (!engine || !stored) {
          const { save } = findDraft(key) ?? draft;
          fail(key, { code: save.kind === 'failed' ? save.code : 'SHUTTING_DOWN', data: null });
          return false;
        }
        try {
          const flushed = await engine.flush();
          let ticket: Submitted | null = null;
          if (!flushed.ok) ticket = await ticketOfSubmitted(flushed.failure);
          if (!flushed.ok && !ticket) {
            fail(key, flushed.failure);
            return false;
          }
          ticket ??= await submitStored(
            stored,
            engine.revision,
            outcome,
            outcome === 'hand_off' ? draft.handOffs : [],
          ).catch(async (error: unknown) => {
            const known = await ticketOfSubmitted(toCallFailure(error));
            if (known) return known;
            throw error;
          });
          removeTab(key);
          useIntakeStore.setState({ submittedUid: ticket.uid });
          const no = ticket.provisionalNo;
          const service = servicesOf(draft, t('intake.comma'));
          if (service !== '') showNotice('success', t('intake.handedOff', { no, service }));
          else showNotice('success', t(outcome === 'direct_answer' ? 'intake.answered' : 'intake.submitted', { no }));
          return true;
        } catch (error) {
          fail(key, toCallFailure(error));
          return false;
        }
      },
      discard: async (key) => {
        const draft = findDraft(key);
        if (!draft || draft.submitting) return;
        if (draft.handOffs.length > 0) {
          showNotice('info', t('intake.handOffKept'));
          return;
        }
        const { id } = draft;
        await filesStored(key);
        // The newest words have to be on disk, or undoing would bring back older ones.
        const flushed = await engineOf(key)?.flush();
        if (id === null || !flushed?.ok) {
          const failure = flushed && !flushed.ok ? flushed.failure : { code: 'SHUTTING_DOWN' as const, data: null };
          showNotice('error', failureText(failure));
          return;
        }
        try {
          await dataClient.drafts.discard({ id });
        } catch (error) {
          showNotice('error', failureText(toCallFailure(error)));
          return;
        }
        removeTab(key);
        showNotice('info', t('intake.discarded'), () => {
          restoreTab(id).then(
            () => showNotice('info', t('intake.restored')),
            (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
          );
        });
      },
    };
  }, [t, failureText]);
}
