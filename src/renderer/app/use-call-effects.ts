import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import { showNotice } from '../platform/notice.store.ts';
import { startCallEffects } from './call-effects.ts';
import type { HandedOver } from './call-log-writer.ts';
import { watchHandovers } from './handover-arrivals.ts';
import { useRestoreDraft } from './use-restore-draft.ts';

/** What calls do to forms and the call log while somebody is signed in, in that person's words. */
export function useCallEffects({ seat }: User): void {
  const { t } = useTranslation();
  const restoreDraft = useRestoreDraft();

  useEffect(() => {
    const onHandedOver = (handed: HandedOver) => {
      const text = handed.isQueued ? 'call.formQueued' : 'call.formSent';
      showNotice('success', t(text, { ...handed.to }), () => restoreDraft(handed.draftId));
    };
    return startCallEffects(seat, onHandedOver);
  }, [seat, t, restoreDraft]);

  useEffect(() => watchHandovers((from) => showNotice('info', t('call.formArrived', { ...from }))), [t]);
}
