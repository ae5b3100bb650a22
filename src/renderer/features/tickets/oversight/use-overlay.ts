import { useTranslation } from 'react-i18next';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import type { TicketId } from '#shared/kernel/ids.ts';

/** Lays something over a ticket from a dialog, which stays open with the reason when it was not taken. */
export function useOverlay(uid: TicketId, onDone: () => void) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { working, run } = useDialogWork();
  const send = (step: OverlayStep, words: string, onTrouble: (reason: string) => void) =>
    run(async () => {
      try {
        const { refused } = await dataClient.tickets.overlay({ uid, step, words: words.trim() });
        if (refused) return onTrouble(t(`oversight.trouble.${refused}`));
        showNotice('success', t('oversight.done', { what: t(`oversight.step.${step.step}`) }));
        onDone();
      } catch (error) {
        onTrouble(failureText(toCallFailure(error)));
      }
    });
  return { working, send };
}
