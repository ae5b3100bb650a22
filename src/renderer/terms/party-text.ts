import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Party } from '#shared/domain/call-events.ts';
import { formatPhone } from '#shared/domain/phone.ts';

/** Who a party of a call is: 1002 周启明, 班长, 110 公安, a number. */
export function usePartyText(): (party: Party) => string {
  const { t } = useTranslation();
  return useCallback(
    (party) => {
      switch (party.kind) {
        case 'seat':
          return `${party.seat} ${party.name}`.trim();
        case 'lead':
          return t('call.party.lead');
        case 'service':
          return t(`call.party.${party.service}`);
        case 'number':
          return formatPhone(party.number);
      }
    },
    [t],
  );
}
