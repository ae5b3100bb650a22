import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '#shared/contract/server.contract.ts';
import type { SeatParty } from '#shared/domain/call-events.ts';
import { showNotice } from '../platform/notice.store.ts';
import { startCallEffects } from './call-effects.ts';
import type { HandedOver } from './call-log-writer.ts';
import { watchHandovers } from './handover-arrivals.ts';
import { startSeatReports } from './seat-reports.ts';
import { useRestoreDraft } from './use-restore-draft.ts';

/** What calls do to forms and the call log while somebody is signed in, in that person's words. */
export function useCallEffects({ seat }: User): void {
  const { t } = useTranslation();
  const restoreDraft = useRestoreDraft();

  // Words and ways are read when something happens: changing the language must not begin the effects of a running call anew.
  const onHandedOver = useEffectEvent((handed: HandedOver) => {
    const text = handed.isQueued ? 'call.formQueued' : 'call.formSent';
    showNotice('success', t(text, { ...handed.to }), () => restoreDraft(handed.draftId));
  });
  const onArrived = useEffectEvent((from: SeatParty) => showNotice('info', t('call.formArrived', { ...from })));

  useEffect(() => startCallEffects(seat, (handed) => onHandedOver(handed)), [seat]);
  useEffect(() => startSeatReports(seat), [seat]);
  useEffect(() => watchHandovers((from) => onArrived(from)), []);
}
