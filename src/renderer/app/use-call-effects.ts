import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import { returnTab } from '../features/intake/intake-session.ts';
import { toCallFailure } from '../platform/call-error.ts';
import { dataClient } from '../platform/data-client.ts';
import { showNotice } from '../platform/notice.store.ts';
import { useFailureText } from '../terms/failure-text.ts';
import { startCallEffects } from './call-effects.ts';
import type { HandedOver } from './call-log-writer.ts';
import { watchHandovers } from './handover-arrivals.ts';

/** What calls do to forms and the call log while somebody is signed in, in that person's words. */
export function useCallEffects({ seat }: User): void {
  const { t } = useTranslation();
  const failureText = useFailureText();

  useEffect(() => {
    const bringBack = ({ draftId }: HandedOver) => {
      dataClient.drafts.restore({ id: draftId }).then(
        (restored) => {
          returnTab(restored);
          showNotice('info', t('intake.restored'));
        },
        (error: unknown) => showNotice('error', failureText(toCallFailure(error))),
      );
    };
    const onHandedOver = (handed: HandedOver) => {
      const text = handed.isQueued ? 'call.formQueued' : 'call.formSent';
      showNotice('success', t(text, { ...handed.to }), () => bringBack(handed));
    };
    return startCallEffects(seat, onHandedOver);
  }, [seat, t, failureText]);

  useEffect(() => watchHandovers((from) => showNotice('info', t('call.formArrived', { ...from }))), [t]);
}
